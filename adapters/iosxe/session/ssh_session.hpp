// The default Session: non-blocking libssh driven by Asio. It opens the TCP connection itself, so
// that every step, from the name look-up to the last byte of a reply, has an exact deadline; libssh
// reads no file of the user (no ssh_config, no known_hosts, no agent) and keeps its modern
// algorithm defaults. The server is recognised by one pinned key, before any credential leaves. One
// executor, one thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/iosxe/session/framer.hpp"
#include "adapters/iosxe/session/session.hpp"

namespace wanwise::iosxe {

/// Bytes waiting to be sent: one edit of the largest QoS is far below it.
inline constexpr std::size_t kMaxUnsentBytes = std::size_t{4} << 20;

class SshSession final : public Session, public std::enable_shared_from_this<SshSession> {
 public:
  SshSession(boost::asio::any_io_executor executor, SshAccess access, Handlers handlers);
  ~SshSession() override;

  boost::asio::awaitable<core::Expected<Hello>> connect(Deadline deadline) override;
  boost::asio::awaitable<core::Expected<std::string>> rpc(std::string operation,
                                                          Deadline deadline) override;
  void close() override;

 private:
  struct Transport;  // libssh's objects
  struct Pending;    // one request under way
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Status = core::Expected<void>;
  enum class Connection : std::uint8_t { fresh, connecting, ready, closed };

  Awaitable<Status> open_tcp(Deadline deadline);
  Awaitable<Status> resolve(Deadline deadline);
  Awaitable<Status> handshake(Deadline deadline);
  Awaitable<Status> login(Deadline deadline);
  Awaitable<int> login_with_key(const std::string& file, Deadline deadline, std::string& error);
  Awaitable<int> login_with_password(const std::string& password, Deadline deadline);
  Awaitable<Status> open_channel(Deadline deadline);
  Awaitable<core::Expected<Hello>> exchange_hello(Deadline deadline);
  Awaitable<core::Expected<Hello>> connect_steps(Deadline deadline);
  Awaitable<void> pump();

  template <class Step>
  Awaitable<int> drive(Step step, int again, Deadline deadline);
  Awaitable<bool> wait(Deadline deadline);
  void watch_socket();
  void poke();

  Status prepare_ssh();
  Status check_host_key();
  Status exchange();
  Status send_some();
  core::Expected<bool> receive_some();
  Status dispatch_messages();
  Status dispatch(std::string message);
  void end(const core::Error& error, bool tell);
  core::Unexpected<core::Error> ssh_failure(const char* code, const std::string& what);

  SshAccess m_access;
  Handlers m_handlers;
  boost::asio::ip::tcp::socket m_socket;
  boost::asio::steady_timer m_wake;
  bool m_poked = false;
  bool m_read_watched = false;
  bool m_write_watched = false;
  std::optional<boost::asio::ip::tcp::resolver::results_type> m_endpoints;
  std::unique_ptr<Transport> m_transport;
  Framer m_framer;
  std::string m_unsent;
  std::map<std::uint64_t, std::shared_ptr<Pending>> m_pending;  ///< by message-id
  std::uint64_t m_last_id = 0;
  Connection m_connection = Connection::fresh;
  bool m_silent = false;  ///< closed by its owner, who wants to hear nothing more
};

/// The SessionFactory of this implementation.
[[nodiscard]] std::shared_ptr<Session> make_ssh_session(boost::asio::any_io_executor executor,
                                                        const SshAccess& access,
                                                        Session::Handlers handlers);

}  // namespace wanwise::iosxe
