// One TLS connection to an API server: HTTP/1.1, one request at a time. The server's certificate is
// always verified. Belongs to one executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "adapters/kubernetes/auth/access.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Answer {
  unsigned status = 0;
  std::string body;
};

class Connection {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  /// TLS 1.2 or newer with the access's authority and key pair. Error: `bad-credentials`.
  [[nodiscard]] static core::Expected<std::shared_ptr<boost::asio::ssl::context>> make_tls(
      const Access& access);

  Connection(boost::asio::any_io_executor executor, std::shared_ptr<boost::asio::ssl::context> tls);

  [[nodiscard]] Awaitable<core::Expected<void>> open(const Access& access, SteadyTime deadline);
  /// A whole request and its whole answer.
  [[nodiscard]] Awaitable<core::Expected<Answer>> ask(const Request& request, std::size_t max_body,
                                                      SteadyTime deadline);

  /// The head of an answer whose body is then taken line by line. An answer that is not 2xx is
  /// read whole and is in `body`.
  [[nodiscard]] Awaitable<core::Expected<Answer>> ask_for_lines(const Request& request,
                                                                SteadyTime deadline);
  /// The next line without its end; nothing when the server ended the answer. No deadline: a peer
  /// that is gone is found by TCP keep-alive within kPeerLost.
  [[nodiscard]] Awaitable<core::Expected<std::optional<std::string>>> next_line(
      std::size_t max_line);

  void close();
  /// Nothing was left over and the server keeps it open.
  [[nodiscard]] bool reusable() const { return m_reusable; }

  static constexpr std::chrono::seconds kPeerLost{11};

 private:
  using Lines = boost::beast::http::response_parser<boost::beast::http::string_body>;

  [[nodiscard]] Awaitable<core::Expected<void>> connect_tcp(const Access& access,
                                                            SteadyTime deadline);
  void find_dead_peers();

  boost::beast::ssl_stream<boost::beast::tcp_stream> m_stream;
  std::shared_ptr<boost::asio::ssl::context> m_tls;
  boost::beast::flat_buffer m_buffer;
  std::optional<Lines> m_lines;
  std::size_t m_scanned = 0;  ///< of the lines' text: no line ends before it
  bool m_reusable = false;
};

}  // namespace wanwise::kubernetes
