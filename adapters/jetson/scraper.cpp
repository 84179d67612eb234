#include "adapters/jetson/scraper.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "adapters/jetson/exposition.hpp"
#include "adapters/jetson/token.hpp"

namespace wanwise::jetson {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Tcp = asio::ip::tcp;

/// One look-up of the host. getaddrinfo cannot be interrupted, so this outlives who waits for it.
struct Scraper::Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}

  Tcp::resolver resolver;
  asio::steady_timer done;  ///< cancelled when the answer is there
  bool finished = false;
  Code code;
  Endpoints endpoints;
};

Scraper::Scraper(asio::any_io_executor executor, HttpUrl url, std::optional<std::string> token_file)
    : m_executor(std::move(executor)),
      m_url(std::move(url)),
      m_where(fmt::format("http://{}:{}{}", m_url.host, m_url.port, m_url.target)),
      m_token_file(std::move(token_file)) {}

void Scraper::close() {
  m_closed = true;
  if (m_lookup) m_lookup->done.cancel();
  if (m_stream) m_stream->close();
}

asio::awaitable<core::Expected<std::string>> Scraper::scrape(core::Micros patience) {
  if (m_closed) co_return core::fail("closed", m_where);
  const Deadline deadline =
      std::chrono::steady_clock::now() + std::chrono::microseconds{patience.count};
  const auto request = make_request();
  if (!request) co_return core::Unexpected<core::Error>{request.error()};
  if (m_stream) {
    Answer answer = co_await exchange(*request, deadline);
    const bool in_time = answer.code != beast::error::timeout;
    if (answer.begun || !in_time || m_closed) co_return judge(std::move(answer));
  }
  const auto unreachable = co_await connect(deadline);
  if (unreachable) co_return core::Unexpected<core::Error>{*unreachable};
  Answer answer = co_await exchange(*request, deadline);
  co_return judge(std::move(answer));
}

core::Expected<Scraper::Request> Scraper::make_request() const {
  Request request{bhttp::verb::get, m_url.target, 11};
  request.set(bhttp::field::host,
              m_url.port == 80 ? m_url.host : fmt::format("{}:{}", m_url.host, m_url.port));
  request.set(bhttp::field::user_agent, "wanwise");
  request.set(bhttp::field::accept, "text/plain;version=0.0.4");
  request.keep_alive(true);
  if (m_token_file) {
    const auto token = read_token(*m_token_file);
    if (!token) return core::Unexpected<core::Error>{token.error()};
    request.set(bhttp::field::authorization, "Bearer " + *token);
  }
  return request;
}

asio::awaitable<core::Expected<Scraper::Endpoints>> Scraper::resolve(Deadline deadline) {
  Code code;
  const auto address = asio::ip::make_address(m_url.host, code);
  if (!code) co_return Endpoints{Tcp::endpoint{address, m_url.port}};
  if (!m_lookup) {
    m_lookup = std::make_shared<Lookup>(m_executor);
    m_lookup->resolver.async_resolve(
        m_url.host, std::to_string(m_url.port),
        [lookup = m_lookup](const Code& failed, const Tcp::resolver::results_type& found) {
          lookup->code = failed;
          for (const auto& entry : found) lookup->endpoints.push_back(entry.endpoint());
          lookup->finished = true;
          lookup->done.cancel();
        });
  }
  const auto lookup = m_lookup;
  if (!lookup->finished) {
    lookup->done.expires_at(deadline);
    co_await lookup->done.async_wait(asio::redirect_error(asio::use_awaitable, code));
  }
  if (m_closed) co_return core::fail("closed", m_where);
  if (!lookup->finished) {
    co_return core::fail("deadline-exceeded",
                         fmt::format("the name {} was not found in time", m_url.host));
  }
  m_lookup.reset();
  if (lookup->code) {
    co_return core::fail("host-unknown",
                         fmt::format("host {}: {}", m_url.host, lookup->code.message()));
  }
  co_return lookup->endpoints;
}

asio::awaitable<std::optional<core::Error>> Scraper::connect(Deadline deadline) {
  m_stream.reset();
  m_buffer.clear();
  const auto endpoints = co_await resolve(deadline);
  if (!endpoints) co_return endpoints.error();
  m_stream.emplace(m_executor);
  m_stream->expires_at(deadline);
  ++m_connects;
  Code code;
  co_await m_stream->async_connect(*endpoints, asio::redirect_error(asio::use_awaitable, code));
  if (!code && !m_closed) co_return std::nullopt;
  m_stream.reset();
  const bool refused = code == asio::error::connection_refused;
  co_return error_of(code, refused ? "connect-refused" : "connect-failed");
}

asio::awaitable<Scraper::Answer> Scraper::exchange(const Request& request, Deadline deadline) {
  Answer answer;
  m_stream->expires_at(deadline);
  co_await bhttp::async_write(*m_stream, request,
                              asio::redirect_error(asio::use_awaitable, answer.code));
  if (answer.code) co_return answer;
  bhttp::response_parser<bhttp::string_body> parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(kMaxPageBytes);
  co_await bhttp::async_read(*m_stream, m_buffer, parser,
                             asio::redirect_error(asio::use_awaitable, answer.code));
  answer.begun = parser.got_some();
  if (answer.code) co_return answer;
  answer.status = parser.get().result_int();
  answer.kept = parser.keep_alive();
  answer.body = std::move(parser.get().body());
  co_return answer;
}

/// Ends the connection unless the next scrape can go over it.
core::Expected<std::string> Scraper::judge(Answer answer) {
  if (answer.code || !answer.kept || m_closed) m_stream.reset();
  if (answer.code || m_closed)
    return core::Unexpected<core::Error>{error_of(answer.code, "connection-lost")};
  if (answer.status != 200) {
    return core::fail("bad-status",
                      fmt::format("{} answered with status {}", m_where, answer.status));
  }
  return std::move(answer.body);
}

core::Error Scraper::error_of(const Code& code, const char* otherwise) const {
  if (m_closed) return {"closed", m_where};
  if (code == beast::error::timeout)
    return {"deadline-exceeded", fmt::format("{} did not answer in time", m_where)};
  if (code == bhttp::error::body_limit) {
    return {"page-too-large", fmt::format("the page of {} is too large (allowed: up to {} bytes)",
                                          m_where, kMaxPageBytes)};
  }
  const bool ended = code == bhttp::error::end_of_stream || code == bhttp::error::partial_message;
  const bool not_http =
      !ended && code.category() == bhttp::make_error_code(bhttp::error::bad_version).category();
  return {not_http ? "bad-response" : otherwise, fmt::format("{}: {}", m_where, code.message())};
}

}  // namespace wanwise::jetson
