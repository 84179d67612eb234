// The bytes under a NETCONF session: TCP, SSH handshake, the pinned host key, login and the
// "netconf" channel, by non-blocking libssh driven by Asio. It opens the TCP connection itself, so
// that every step, from the name look-up to the last byte, has an exact deadline; libssh reads no
// file of the user (no ssh_config, no known_hosts, no agent) and keeps its modern algorithm
// defaults unless the router's site entry asks for the legacy ones. The server is recognised before
// any credential leaves. One executor, one thread; shared ownership, because what is under way
// keeps its transport. One coroutine at a time may wait().
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/iosxe/session/session.hpp"

namespace wanwise::iosxe {

/// Bytes waiting to be sent: one edit of the largest QoS is far below it.
inline constexpr std::size_t kMaxUnsentBytes = std::size_t{4} << 20;
/// As much as one SSH packet carries (RFC 4253 6.1).
inline constexpr std::size_t kSshReadBytes = 32768;

class SshTransport final : public std::enable_shared_from_this<SshTransport> {
 public:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using Status = core::Expected<void>;

  SshTransport(boost::asio::any_io_executor executor, SshAccess access);
  ~SshTransport();

  /// Up to the open channel, by the deadline; names the step that failed.
  Awaitable<Status> open(Deadline deadline);
  /// Puts bytes behind those that wait; message-too-big when more than kMaxUnsentBytes would.
  [[nodiscard]] Status send(std::string_view bytes);
  /// Hands libssh what the channel's window takes. What stays goes with a later call.
  [[nodiscard]] Status flush();
  /// Bytes that have come, 0 when none is there. Must run dry before wait(): libssh buffers.
  [[nodiscard]] core::Expected<std::size_t> receive(std::span<char> into);
  /// Until the socket says something or poke() (true), or the deadline passes (false).
  Awaitable<bool> wait(Deadline deadline);
  /// wait() returns at once, now or the next time.
  void poke();
  /// Ends everything under way.
  void close();

  [[nodiscard]] bool closed() const { return m_closed; }
  [[nodiscard]] std::size_t unsent() const { return m_unsent.size() - m_sent; }
  [[nodiscard]] boost::asio::any_io_executor executor() { return m_socket.get_executor(); }

 private:
  struct Ssh;  // libssh's objects

  Awaitable<Status> resolve(Deadline deadline);
  Awaitable<Status> open_tcp(Deadline deadline);
  Awaitable<Status> handshake(Deadline deadline);
  Awaitable<Status> login(Deadline deadline);
  Awaitable<int> login_with_key(const std::string& file, Deadline deadline, std::string& error);
  Awaitable<int> login_with_password(const std::string& password, Deadline deadline);
  Awaitable<Status> open_channel(Deadline deadline);

  template <class Step>
  Awaitable<int> drive(Step step, int again, Deadline deadline);
  void watch_socket();
  Awaitable<void> sleep_until(Deadline deadline);

  Status prepare_ssh();
  Status check_host_key();
  core::Unexpected<core::Error> ssh_failure(const char* code, const std::string& what);

  SshAccess m_access;
  boost::asio::ip::tcp::socket m_socket;
  boost::asio::steady_timer m_wake;
  bool m_poked = false;
  bool m_read_watched = false;
  bool m_write_watched = false;
  bool m_closed = false;
  std::optional<boost::asio::ip::tcp::resolver::results_type> m_endpoints;
  std::unique_ptr<Ssh> m_ssh;
  std::string m_unsent;
  std::size_t m_sent = 0;  ///< bytes at m_unsent's front that libssh has taken
};

}  // namespace wanwise::iosxe
