#include "sim/door/line_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "sim/door/door_codec.hpp"

namespace wanwise::sim {

using boost::system::error_code;

LineConnection::LineConnection(boost::asio::ip::tcp::socket socket) : m_socket(std::move(socket)) {}

void LineConnection::start(OnLine on_line, OnClosed on_closed) {
  m_on_line = std::move(on_line);
  m_on_closed = std::move(on_closed);
  error_code ignored;  // lines are small and wait for each other: Nagle would delay them by 40 ms
  m_socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  read();
}

void LineConnection::read() {
  m_socket.async_read_some(boost::asio::buffer(m_chunk),
                           [self = shared_from_this()](error_code error, std::size_t got) {
                             if (!self->m_open) return;
                             if (error) return self->broken(error.message());
                             if (self->take_lines({self->m_chunk.data(), got}) && self->m_open)
                               self->read();
                           });
}

bool LineConnection::take_lines(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (m_partial.size() + piece.size() > kMaxLine) return broken("line too long"), false;
    m_partial += piece;
    if (end == std::string_view::npos) return true;
    bytes.remove_prefix(end + 1);
    ++m_lines_in;
    const std::string whole = std::exchange(m_partial, {});
    const OnLine on_line = m_on_line;  // the handler may close us
    if (!on_line(whole)) return broken("message not understood"), false;
    if (!m_open) return false;
  }
  return true;
}

void LineConnection::send(std::string_view line) {
  if (!m_open) return;
  if (m_outbox.size() + line.size() > kMaxOutbox) {
    // From a handler of its own: the caller may be walking over its connections.
    boost::asio::post(m_socket.get_executor(), [self = shared_from_this()] {
      if (self->m_open) self->broken("the other side does not read");
    });
    return;
  }
  m_outbox += line;
  ++m_lines_out;
  if (m_sending.empty()) write();
}

void LineConnection::write() {
  m_sending = std::exchange(m_outbox, {});
  boost::asio::async_write(m_socket, boost::asio::buffer(m_sending),
                           [self = shared_from_this()](error_code error, std::size_t) {
                             self->m_sending.clear();
                             if (!self->m_open) return;
                             if (error) return self->broken(error.message());
                             if (!self->m_outbox.empty()) self->write();
                           });
}

void LineConnection::close() {
  m_open = false;
  m_on_closed = nullptr;
  m_on_line = nullptr;
  error_code ignored;
  m_socket.close(ignored);
}

void LineConnection::broken(const std::string& why) {
  const OnClosed on_closed = std::exchange(m_on_closed, nullptr);
  close();
  if (on_closed) on_closed(why);
}

}  // namespace wanwise::sim
