// Fetches one page of metrics, again and again: HTTP/1.1 over TCP, the connection kept between two
// scrapes where the server keeps it. One scrape at a time, on the executor's one thread; whoever
// awaits one keeps the scraper alive.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/jetson/url.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/units.hpp"

namespace wanwise::jetson {

/// Header of an answer; exporters send some 200 bytes.
inline constexpr std::uint32_t kMaxHeaderBytes = 16'384;
/// Read from the socket at once, header included.
inline constexpr std::size_t kReadBytes = 65'536;

class Scraper {
 public:
  Scraper(boost::asio::any_io_executor executor, HttpUrl url,
          std::optional<std::string> token_file);
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;

  /// The body of a 200, at most kMaxPageBytes. Takes no longer than `patience`, whatever the
  /// server does; a name that takes longer to look up goes on being looked up for the next scrape.
  /// Errors: host-unknown, connect-refused, connect-failed, deadline-exceeded, connection-lost,
  /// bad-response, bad-status, page-too-large, credential-missing, closed. Redirects are not
  /// followed. Where a kept connection turns out to be gone, one new one is tried.
  boost::asio::awaitable<core::Expected<std::string>> scrape(core::Micros patience);

  /// The scrape under way, and all later ones, end with `closed`.
  void close();

  /// Connections made so far.
  [[nodiscard]] std::uint64_t connects() const { return m_connects; }

 private:
  using Code = boost::system::error_code;
  using Deadline = std::chrono::steady_clock::time_point;
  using Request = boost::beast::http::request<boost::beast::http::empty_body>;
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  struct Lookup;
  struct Answer {
    Code code;
    bool begun = false;  ///< at least a byte of it came
    bool kept = false;   ///< the server keeps the connection
    unsigned status = 0;
    std::string body;
  };

  [[nodiscard]] core::Expected<Request> make_request() const;
  boost::asio::awaitable<core::Expected<Endpoints>> resolve(Deadline deadline);
  boost::asio::awaitable<std::optional<core::Error>> connect(Deadline deadline);
  boost::asio::awaitable<Answer> exchange(const Request& request, Deadline deadline);
  [[nodiscard]] core::Expected<std::string> judge(Answer answer);
  [[nodiscard]] core::Error error_of(const Code& code, const char* otherwise) const;

  boost::asio::any_io_executor m_executor;
  HttpUrl m_url;
  std::string m_where;  ///< for people
  std::optional<std::string> m_token_file;
  std::shared_ptr<Lookup> m_lookup;  ///< under way
  std::optional<boost::beast::tcp_stream> m_stream;
  boost::beast::flat_buffer m_buffer{kReadBytes + kMaxHeaderBytes};
  std::uint64_t m_connects = 0;
  bool m_closed = false;
};

}  // namespace wanwise::jetson
