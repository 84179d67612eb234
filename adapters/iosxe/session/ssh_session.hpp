// The default Session: libssh under Asio carries the bytes (ssh_transport.hpp), the bounded framer
// cuts them into messages, and a reply is known by its message-id alone; XML is parsed once, by
// whoever gets the message. One executor, one thread, no thread of its own: many sessions cost a
// thread no more than one.
#pragma once

#include <memory>
#include <string>

#include "adapters/iosxe/session/framer.hpp"
#include "adapters/iosxe/session/pending.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/session/ssh_transport.hpp"

namespace wanwise::iosxe {

class SshSession final : public Session, public std::enable_shared_from_this<SshSession> {
 public:
  SshSession(boost::asio::any_io_executor executor, SshAccess access, Handlers handlers);
  ~SshSession() override;

  boost::asio::awaitable<core::Expected<Hello>> connect(Deadline deadline) override;
  boost::asio::awaitable<core::Expected<std::string>> rpc(std::string operation,
                                                          Deadline deadline) override;
  void close() override;

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Status = core::Expected<void>;
  enum class Connection : std::uint8_t { fresh, connecting, ready, closed };

  Awaitable<core::Expected<Hello>> exchange_hello(Deadline deadline);
  Awaitable<void> pump();
  Status exchange();
  core::Expected<bool> receive_some();
  Status dispatch_messages();
  Status dispatch(std::string message);
  void end(const core::Error& error, bool tell);

  Handlers m_handlers;
  std::shared_ptr<SshTransport> m_transport;
  Framer m_framer;
  PendingReplies m_pending;  ///< by message-id
  std::uint64_t m_last_id = 0;
  Connection m_connection = Connection::fresh;
  bool m_more = false;    ///< the last round ended by its bound, not by an empty socket
  bool m_silent = false;  ///< closed by its owner, who wants to hear nothing more
};

/// The SessionFactory of this implementation.
[[nodiscard]] std::shared_ptr<Session> make_ssh_session(boost::asio::any_io_executor executor,
                                                        const SshAccess& access,
                                                        Session::Handlers handlers);

}  // namespace wanwise::iosxe
