// The second Session: libnetconf2's client behind a guard. The guard is the same transport and the
// same bounded framer as the default's: it cuts the router's bytes into messages, reduces the
// <hello> to what NETCONF itself defines, and hands libnetconf2 complete, well-framed messages
// through a socket pair. libnetconf2 (a thread per session, netconf2_worker.hpp) frames what is
// sent, numbers requests, matches and parses replies; the text handed on is the router's own. The
// guard is not optional: libnetconf2 2.0.24 overflows its heap on a bad chunk size, compiles every
// module a router lists, and waits 20 s for the rest of a message. All methods: one executor, one
// thread; close() waits for the worker, which nothing holds.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/iosxe/session/framer.hpp"
#include "adapters/iosxe/session/netconf2_worker.hpp"
#include "adapters/iosxe/session/pending.hpp"
#include "adapters/iosxe/session/session.hpp"
#include "adapters/iosxe/session/ssh_transport.hpp"

namespace wanwise::iosxe {

/// Bytes from the router that the worker has not yet read: the largest message and a second one
/// behind it. A router that is faster than libnetconf2 for longer ends its own session.
inline constexpr std::size_t kMaxInwardBytes = 2 * kMaxMessageBytes;

class Netconf2Session final : public Session, public std::enable_shared_from_this<Netconf2Session> {
 public:
  Netconf2Session(boost::asio::any_io_executor executor, SshAccess access, std::string yang_dir,
                  Handlers handlers);
  ~Netconf2Session() override;

  boost::asio::awaitable<core::Expected<Hello>> connect(Deadline deadline) override;
  boost::asio::awaitable<core::Expected<std::string>> rpc(std::string operation,
                                                          Deadline deadline) override;
  void close() override;

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Status = core::Expected<void>;
  enum class Connection : std::uint8_t { fresh, connecting, ready, closed };

  Status start_worker();
  [[nodiscard]] Netconf2Worker::Callbacks callbacks();
  Awaitable<void> pump();
  Status exchange();
  Status take_outward();
  core::Expected<bool> take_inward();
  Status on_message(std::string message);
  Status on_hello(const std::string& message);
  void give_inward();
  void watch_pair();
  void end(const core::Error& error, bool tell);

  Handlers m_handlers;
  std::string m_yang_dir;
  std::shared_ptr<SshTransport> m_transport;
  boost::asio::local::stream_protocol::socket m_pair;  ///< our end
  boost::asio::steady_timer m_connected;               ///< cancelled when connecting has ended
  bool m_pair_read_watched = false;
  bool m_pair_write_watched = false;
  Framer m_framer;
  std::string m_inward;  ///< bytes for libnetconf2
  std::size_t m_given = 0;
  std::optional<Hello> m_hello;
  std::optional<core::Error> m_ended;
  std::unique_ptr<Netconf2Worker> m_worker;
  PendingReplies m_pending;  ///< by ticket
  std::uint64_t m_last_ticket = 0;
  Connection m_connection = Connection::fresh;
  bool m_more = false;    ///< the last round ended by its bound, not by empty sockets
  bool m_silent = false;  ///< closed by its owner, who wants to hear nothing more
};

/// The SessionFactory of this implementation. `yang_dir` is our yang/ folder.
[[nodiscard]] SessionFactory netconf2_sessions(std::string yang_dir);

}  // namespace wanwise::iosxe
