#include "adapters/http/server.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string_view>
#include <utility>

#include "adapters/http/connection.hpp"

namespace wanwise::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

/// A failed accept (no descriptor left) is tried again after this: often enough to be back soon,
/// rarely enough not to spin.
constexpr std::chrono::milliseconds kAcceptRetry{100};

constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 85\r\n"
    "Connection: close\r\n"
    "\r\n"
    R"({"code":"too-many-connections","message":"the connection limit is met","allowed":[]})"
    "\n";

/// Tells a client over the limit so, without ever waiting for it.
void turn_away(Tcp::socket socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  // What already arrived is taken first: closing over unread bytes would reset the answer away.
  std::array<char, 4096> unread{};
  socket.read_some(asio::buffer(unread), ignored);
  socket.write_some(asio::buffer(kBusy), ignored);
  socket.shutdown(Tcp::socket::shutdown_send, ignored);
}

std::string in_host_form(const asio::ip::address& address) {
  return address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

std::vector<std::string> accepted_hosts(const ServerOptions& options,
                                        const asio::ip::address& address) {
  std::vector<std::string> hosts = options.hosts;
  if (address.is_loopback()) {
    hosts.insert(hosts.end(), {"localhost", "127.0.0.1", "[::1]"});
  }
  if (!hosts.empty()) hosts.push_back(in_host_form(address));
  return hosts;
}

}  // namespace

class Server::Listener : public std::enable_shared_from_this<Server::Listener> {
 public:
  Listener(asio::io_context& io, std::shared_ptr<Hub> hub)
      : m_acceptor(io), m_retry(io), m_hub(std::move(hub)) {}

  boost::system::error_code open(const Tcp::endpoint& endpoint) {
    boost::system::error_code ec;
    m_acceptor.open(endpoint.protocol(), ec);
    // A restarted daemon finds its port in TIME_WAIT.
    if (!ec) m_acceptor.set_option(Tcp::acceptor::reuse_address(true), ec);
    if (!ec) m_acceptor.bind(endpoint, ec);
    if (!ec) m_acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) m_port = m_acceptor.local_endpoint(ec).port();
    return ec;
  }

  void accept() {
    m_acceptor.async_accept([self = shared_from_this()](auto ec, Tcp::socket socket) {
      if (self->m_hub->source == nullptr) return;
      if (ec) return self->accept_later();
      self->take(std::move(socket));
      self->accept();
    });
  }

  void stop() {
    m_hub->source = nullptr;
    boost::system::error_code ignored;
    m_acceptor.close(ignored);
    m_retry.cancel();
    for (Connection* connection : m_hub->open) connection->close();
  }

  [[nodiscard]] std::uint16_t port() const { return m_port; }
  [[nodiscard]] const Hub& hub() const { return *m_hub; }

 private:
  void take(Tcp::socket socket) {
    if (m_hub->open.size() >= m_hub->limits.connections) {
      ++m_hub->counters.refused;
      return turn_away(std::move(socket));
    }
    ++m_hub->counters.accepted;
    std::make_shared<Connection>(std::move(socket), m_hub)->start();
  }

  void accept_later() {
    ++m_hub->counters.accept_errors;
    m_retry.expires_after(kAcceptRetry);
    m_retry.async_wait([self = shared_from_this()](auto ec) {
      if (!ec && self->m_hub->source != nullptr) self->accept();
    });
  }

  Tcp::acceptor m_acceptor;
  asio::steady_timer m_retry;
  std::shared_ptr<Hub> m_hub;
  std::uint16_t m_port = 0;
};

core::Expected<std::unique_ptr<Server>> Server::listen(asio::io_context& io, Source& source,
                                                       ServerOptions options) {
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) {
    return core::fail("bad-address",
                      fmt::format("'{}' is not an address (allowed: an IPv4 or IPv6 address of "
                                  "this machine)",
                                  options.address));
  }
  auto hub = std::make_shared<Hub>();
  hub->source = &source;
  hub->limits = options.limits;
  hub->hosts = accepted_hosts(options, address);
  auto listener = std::make_shared<Listener>(io, std::move(hub));
  if ((ec = listener->open({address, options.port}))) {
    return core::fail(
        "listen-failed",
        fmt::format("cannot listen on {}:{}: {} (allowed: an address of this machine and a free "
                    "port, or port 0 for any free one)",
                    in_host_form(address), options.port, ec.message()));
  }
  listener->accept();
  return std::unique_ptr<Server>{new Server{std::move(listener)}};
}

Server::Server(std::shared_ptr<Listener> listener) : m_listener(std::move(listener)) {}

Server::~Server() {
  stop();
}

std::uint16_t Server::port() const {
  return m_listener->port();
}

ServerCounters Server::counters() const {
  return m_listener->hub().counters;
}

std::size_t Server::connections() const {
  return m_listener->hub().open.size();
}

void Server::stop() {
  m_listener->stop();
}

}  // namespace wanwise::http
