#include "adapters/http/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

namespace wanwise::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

std::vector<NamedCounter> named(const ServerCounters& counters) {
  return {
      {"wanwise_http_connections_total", "Connections accepted.", counters.accepted},
      {"wanwise_http_connections_refused_total", "Connections over the limit.", counters.refused},
      {"wanwise_http_accept_errors_total", "Failed accepts.", counters.accept_errors},
      {"wanwise_http_requests_total", "Well-formed requests.", counters.requests},
      {"wanwise_http_malformed_total", "Requests that are not HTTP.", counters.malformed},
      {"wanwise_http_too_large_total", "Requests over a size limit.", counters.too_large},
      {"wanwise_http_deadlines_total", "Requests and answers that took too long.",
       counters.deadlines},
  };
}

Connection::Connection(asio::ip::tcp::socket socket, std::shared_ptr<Hub> hub)
    : m_stream(std::move(socket)),
      m_hub(std::move(hub)),
      // Header and body at once, and what a client sent ahead of our answer.
      m_buffer(m_hub->limits.header_bytes + static_cast<std::size_t>(m_hub->limits.body_bytes)) {
  m_hub->open.insert(this);
}

Connection::~Connection() {
  m_hub->open.erase(this);
}

void Connection::close() {
  m_stream.close();
}

bool Connection::timed_out(Code ec) {
  if (ec != beast::error::timeout) return false;
  ++m_hub->counters.deadlines;
  return true;
}

void Connection::read() {
  m_parser.emplace();
  m_parser->header_limit(m_hub->limits.header_bytes);
  m_parser->body_limit(m_hub->limits.body_bytes);
  // One deadline for the whole request: bytes that trickle in do not prolong it.
  m_stream.expires_after(m_hub->limits.request_deadline);
  bhttp::async_read(m_stream, m_buffer, *m_parser,
                    [self = shared_from_this()](Code ec, std::size_t) { self->on_read(ec); });
}

void Connection::on_read(Code ec) {
  if (m_hub->source == nullptr) return;
  if (ec) return refuse(ec);
  ++m_hub->counters.requests;
  const std::vector<NamedCounter> counters = named(m_hub->counters);
  write(answer(m_parser->get(), RouteContext{*m_hub->source, m_hub->hosts, counters}));
}

void Connection::refuse(Code ec) {
  const bool is_parse_error =
      ec.category() == bhttp::make_error_code(bhttp::error::bad_method).category();
  const bool is_end = ec == bhttp::error::end_of_stream || ec == bhttp::error::partial_message;
  if (timed_out(ec) || !is_parse_error || is_end) return;
  m_broken = true;
  if (ec == bhttp::error::header_limit || ec == bhttp::error::buffer_overflow) {
    ++m_hub->counters.too_large;
    return write(error_response(bhttp::status::request_header_fields_too_large, "header-too-large",
                                "the request's header is too large",
                                {std::to_string(m_hub->limits.header_bytes) + " bytes"}));
  }
  if (ec == bhttp::error::body_limit) {
    ++m_hub->counters.too_large;
    return write(error_response(bhttp::status::payload_too_large, "body-too-large",
                                "the request's body is too large",
                                {std::to_string(m_hub->limits.body_bytes) + " bytes"}));
  }
  ++m_hub->counters.malformed;
  write(error_response(bhttp::status::bad_request, "bad-request",
                       "not an HTTP request: " + ec.message(), {"HTTP/1.1", "HTTP/1.0"}));
}

void Connection::write(Response response) {
  if (m_broken) response.keep_alive(false);
  m_response = std::move(response);
  m_stream.expires_after(m_hub->limits.write_deadline);
  bhttp::async_write(m_stream, *m_response,
                     [self = shared_from_this()](Code ec, std::size_t) { self->on_written(ec); });
}

void Connection::on_written(Code ec) {
  if (m_hub->source == nullptr || timed_out(ec) || ec) return;
  if (m_response->keep_alive()) return read();
  Code ignored;
  m_stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  // Closing over unread bytes resets the connection, and the client may lose the error it is to
  // read (RFC 9112 section 9.6): take some of the rest first.
  if (m_broken) discard(0);
}

void Connection::discard(std::size_t so_far) {
  if (so_far >= m_hub->limits.discard_bytes) return;
  // Not extended: the write's deadline bounds the whole farewell.
  m_stream.async_read_some(asio::buffer(m_discarded),
                           [self = shared_from_this(), so_far](Code ec, std::size_t n) {
                             if (!self->timed_out(ec) && !ec) self->discard(so_far + n);
                           });
}

}  // namespace wanwise::http
