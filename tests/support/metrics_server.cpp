#include "tests/support/metrics_server.hpp"

#include <fcntl.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "engine/core/check.hpp"

namespace wanwise::test {

namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

class MetricsServer::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, MetricsServer& server)
      : m_socket(std::move(socket)), m_server(&server) {}

  void read() {
    m_request = {};
    bhttp::async_read(m_socket, m_buffer, m_request,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (error) return self->end();
                        if (self->m_server != nullptr) self->answer();
                      });
  }

  /// The server forgets it, or is gone.
  void close() {
    m_server = nullptr;
    error_code ignored;
    m_socket.close(ignored);
  }

 private:
  void answer() {
    MetricsServer& server = *m_server;
    ++server.m_requests;
    server.m_authorization = std::string{m_request[bhttp::field::authorization]};
    server.m_host = std::string{m_request[bhttp::field::host]};
    if (server.m_before) server.m_before(server.m_requests);
    if (m_server == nullptr || server.m_hanging) return;
    if (!server.m_raw.empty()) {
      m_raw = server.m_raw;
      asio::async_write(
          m_socket, asio::buffer(m_raw),
          [self = shared_from_this()](const error_code&, std::size_t) { self->end(); });
      return;
    }
    const auto page = server.m_pages.find(std::string{m_request.target()});
    const bool found = page != server.m_pages.end();
    m_response = {};
    m_response.version(11);
    m_response.result(found ? server.m_status : 404U);
    m_response.set(bhttp::field::content_type, "text/plain; version=0.0.4");
    m_response.keep_alive(server.m_keeps);
    if (found) m_response.body() = page->second;
    m_response.prepare_payload();
    bhttp::async_write(m_socket, m_response,
                       [self = shared_from_this()](const error_code& error, std::size_t) {
                         if (error || !self->m_response.keep_alive()) return self->end();
                         self->read();
                       });
  }

  void end() {
    error_code ignored;
    m_socket.close(ignored);
    if (m_server != nullptr) m_server->m_open.erase(shared_from_this());
  }

  tcp::socket m_socket;
  MetricsServer* m_server;
  boost::beast::flat_buffer m_buffer;
  bhttp::request<bhttp::empty_body> m_request;
  bhttp::response<bhttp::string_body> m_response;
  std::string m_raw;
};

MetricsServer::MetricsServer(asio::io_context& io) : m_acceptor(io) {
  start();
}

MetricsServer::~MetricsServer() {
  stop();
}

std::string MetricsServer::url(const std::string& path, const std::string& host) const {
  return "http://" + host + ':' + std::to_string(m_port) + path;
}

void MetricsServer::start() {
  m_acceptor.open(tcp::v4());
  // A process that the test starts would otherwise keep the port listening after stop().
  WANWISE_CHECK(::fcntl(m_acceptor.native_handle(), F_SETFD, FD_CLOEXEC) == 0);
  m_acceptor.set_option(tcp::acceptor::reuse_address(true));
  m_acceptor.bind({asio::ip::address_v4::loopback(), m_port});
  m_acceptor.listen();
  m_port = m_acceptor.local_endpoint().port();
  accept();
}

void MetricsServer::stop() {
  m_acceptor.close();
  drop_connections();
}

void MetricsServer::drop_connections() {
  for (const auto& connection : m_open) connection->close();
  m_open.clear();
}

void MetricsServer::accept() {
  m_acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error) return;
    ++m_connections;
    const auto connection = std::make_shared<Connection>(std::move(socket), *this);
    m_open.insert(connection);
    connection->read();
    accept();
  });
}

}  // namespace wanwise::test
