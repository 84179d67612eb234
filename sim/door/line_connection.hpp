// Lines over one TCP connection, both ways, with bounds on a line and on what waits to be sent.
// Lives as long as its owner or one of its handlers holds it; the io_context's thread only.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace wanwise::sim {

/// Waiting to be sent. A round of samples of 30 workloads and targets is 6 KB: forty rounds behind
/// means the other side does not read.
inline constexpr std::size_t kMaxOutbox = std::size_t{256} << 10;

class LineConnection : public std::enable_shared_from_this<LineConnection> {
 public:
  /// False: the line breaks the protocol, and the connection with it.
  using OnLine = std::function<bool(std::string_view)>;
  using OnClosed = std::function<void(const std::string& why)>;

  explicit LineConnection(boost::asio::ip::tcp::socket socket);

  void start(OnLine on_line, OnClosed on_closed);
  /// Queues one line, its end included. A full outbox closes the connection.
  void send(std::string_view line);
  /// Ends it without a word; on_closed is not called any more.
  void close();

  [[nodiscard]] std::uint64_t lines_in() const { return m_lines_in; }
  [[nodiscard]] std::uint64_t lines_out() const { return m_lines_out; }

 private:
  void read();
  void write();
  bool take_lines(std::string_view bytes);
  void broken(const std::string& why);

  boost::asio::ip::tcp::socket m_socket;
  OnLine m_on_line;
  OnClosed m_on_closed;
  std::array<char, 4'096> m_chunk{};
  std::string m_partial;  ///< of a line, at most kMaxLine
  std::string m_outbox;   ///< not yet given to the socket
  std::string m_sending;  ///< the socket works on it
  bool m_open = true;
  std::uint64_t m_lines_in = 0;
  std::uint64_t m_lines_out = 0;
};

}  // namespace wanwise::sim
