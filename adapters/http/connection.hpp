// One client's connection: reads a request, answers it, again until either side ends it. Internal
// to this folder. Kept alive by its own pending operation; Hub knows it as long as it lives.
// Thread: the io_context's.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/http/routes.hpp"
#include "adapters/http/server.hpp"

namespace wanwise::http {

class Connection;

/// What the server's connections share.
struct Hub {
  Source* source = nullptr;  ///< null once stopped
  Limits limits;
  std::vector<std::string> hosts;
  ServerCounters counters;
  std::set<Connection*> open;
};

/// The server's counters under their metric names.
std::vector<NamedCounter> named(const ServerCounters& counters);

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<Hub> hub);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() { read(); }
  void close();

 private:
  using Code = boost::beast::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void read();
  void on_read(Code ec);
  void refuse(Code ec);
  void write(Response response);
  void on_written(Code ec);
  void discard(std::size_t so_far);
  [[nodiscard]] bool timed_out(Code ec);

  boost::beast::tcp_stream m_stream;
  std::shared_ptr<Hub> m_hub;
  boost::beast::flat_buffer m_buffer;
  std::optional<Parser> m_parser;
  std::optional<Response> m_response;
  std::array<char, 4096> m_discarded{};
  bool m_broken = false;  ///< the rest of the stream is not a request: answer, then end
};

}  // namespace wanwise::http
