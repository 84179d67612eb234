#include "adapters/http/client.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "adapters/http/json.hpp"
#include "adapters/http/routes.hpp"

namespace wanwise::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace json = boost::json;
using Tcp = asio::ip::tcp;
using Code = boost::system::error_code;
using Deadline = std::chrono::steady_clock::time_point;

std::string in_words(const Endpoint& endpoint) {
  const bool bare_v6 = endpoint.host.find(':') != std::string::npos && endpoint.host[0] != '[';
  return fmt::format("{}{}{}:{}", bare_v6 ? "[" : "", endpoint.host, bare_v6 ? "]" : "",
                     endpoint.port);
}

/// One connection whose every step ends by the deadline.
class Call {
 public:
  Call(const Endpoint& endpoint, Deadline deadline)
      : m_endpoint(endpoint), m_stream(m_io), m_deadline(deadline) {}

  core::Expected<std::string> run(const Request& request) {
    if (const auto error = connect()) return core::Unexpected<core::Error>{*error};
    Code ec = step([&](auto done) { bhttp::async_write(m_stream, request, done); });
    beast::flat_buffer buffer;
    bhttp::response_parser<bhttp::string_body> parser;
    parser.body_limit(kMaxJsonBytes);
    // A server that refuses while we still write has said why: read it all the same.
    if (!is_deadline(ec)) {
      ec = step([&](auto done) { bhttp::async_read(m_stream, buffer, parser, done); });
    }
    if (ec) return core::Unexpected<core::Error>{read_error(ec)};
    return result(parser.get());
  }

 private:
  /// Starts one operation and runs until it is done; the deadline becomes its error.
  template <class Start>
  Code step(Start start) {
    std::optional<Code> result;
    start([&](Code ec, auto&&...) { result = ec; });
    m_io.restart();
    m_io.run_until(m_deadline);
    if (result) return *result;
    m_stream.close();
    m_io.restart();
    m_io.run();  // the aborted operation still refers to this frame
    return asio::error::timed_out;
  }

  static bool is_deadline(Code ec) { return ec == asio::error::timed_out; }

  std::optional<core::Error> connect() {
    Code ec;
    const auto endpoints = resolve(ec);
    if (ec) {
      return core::Error{"host-unknown",
                         fmt::format("host '{}': {}", m_endpoint.host, ec.message())};
    }
    ec = step([&](auto done) { m_stream.async_connect(endpoints, done); });
    if (!ec) return std::nullopt;
    if (ec == asio::error::connection_refused) {
      return core::Error{
          "connect-refused",
          fmt::format("nothing listens on {}: is `wanwise run` running?", in_words(m_endpoint))};
    }
    if (is_deadline(ec)) return deadline_error();
    return core::Error{"connect-failed",
                       fmt::format("connect to {}: {}", in_words(m_endpoint), ec.message())};
  }

  std::vector<Tcp::endpoint> resolve(Code& ec) {
    std::string host = m_endpoint.host;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto address = asio::ip::make_address(host, ec);
    if (!ec) return {Tcp::endpoint{address, m_endpoint.port}};
    std::vector<Tcp::endpoint> endpoints;
    Tcp::resolver resolver{m_io};
    for (const auto& entry : resolver.resolve(host, std::to_string(m_endpoint.port), ec)) {
      endpoints.push_back(entry.endpoint());
    }
    return endpoints;
  }

  [[nodiscard]] core::Error deadline_error() const {
    return {"deadline-exceeded", fmt::format("{} did not answer in time", in_words(m_endpoint))};
  }

  [[nodiscard]] core::Error read_error(Code ec) const {
    const std::string where = in_words(m_endpoint);
    if (is_deadline(ec)) return deadline_error();
    if (ec == bhttp::error::body_limit || ec == bhttp::error::header_limit ||
        ec == bhttp::error::buffer_overflow) {
      return {
          "response-too-large",
          fmt::format("answer of {} is too large (allowed: up to {} bytes)", where, kMaxJsonBytes)};
    }
    const bool ended = ec == bhttp::error::end_of_stream || ec == bhttp::error::partial_message;
    if (!ended && ec.category() == bhttp::make_error_code(bhttp::error::bad_version).category()) {
      return {"bad-response", fmt::format("{} does not speak HTTP: {}", where, ec.message())};
    }
    return {"connection-lost", fmt::format("{} closed the connection: {}", where, ec.message())};
  }

  [[nodiscard]] core::Expected<std::string> result(const Response& response) const;

  Endpoint m_endpoint;
  asio::io_context m_io{1};
  beast::tcp_stream m_stream;
  Deadline m_deadline;
};

/// The server's {"code", "message", "allowed"} as an Error; nothing when the body is not that.
std::optional<core::Error> told_error(const std::string& body) {
  Code ec;
  const json::value value = json::parse(body, ec);
  if (ec || !value.is_object()) return std::nullopt;
  const auto* code = value.get_object().if_contains("code");
  const auto* message = value.get_object().if_contains("message");
  if (code == nullptr || !code->is_string()) return std::nullopt;
  if (message == nullptr || !message->is_string()) return std::nullopt;
  core::Error error{std::string{code->get_string()}, std::string{message->get_string()}};
  std::vector<std::string> allowed;
  if (const auto* list = value.get_object().if_contains("allowed"); list && list->is_array()) {
    for (const json::value& item : list->get_array()) {
      if (item.is_string()) allowed.emplace_back(item.get_string());
    }
  }
  if (!allowed.empty()) error.message += fmt::format(" (allowed: {})", fmt::join(allowed, ", "));
  return error;
}

core::Expected<std::string> Call::result(const Response& response) const {
  if (bhttp::to_status_class(response.result()) == bhttp::status_class::successful) {
    return response.body();
  }
  if (const auto error = told_error(response.body())) return core::Unexpected<core::Error>{*error};
  return core::fail("bad-response", fmt::format("{} answered with status {}", in_words(m_endpoint),
                                                response.result_int()));
}

Request make_request(bhttp::verb verb, const Endpoint& endpoint, const std::string& path) {
  WANWISE_CHECK(path.starts_with('/'));
  WANWISE_CHECK(path.find_first_of(" \r\n") == std::string::npos);
  Request request{verb, path, 11};
  request.set(bhttp::field::host, in_words(endpoint));
  request.set(bhttp::field::user_agent, "wanwise");
  request.keep_alive(false);
  return request;
}

Deadline after(std::chrono::milliseconds deadline) {
  return std::chrono::steady_clock::now() + deadline;
}

}  // namespace

core::Expected<std::string> get(const Endpoint& endpoint, const std::string& path,
                                std::chrono::milliseconds deadline) {
  return Call{endpoint, after(deadline)}.run(make_request(bhttp::verb::get, endpoint, path));
}

core::Expected<std::string> post(const Endpoint& endpoint, const std::string& path,
                                 const std::string& body, std::chrono::milliseconds deadline) {
  Request request = make_request(bhttp::verb::post, endpoint, path);
  request.set(bhttp::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  return Call{endpoint, after(deadline)}.run(request);
}

std::string encode_segment(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace wanwise::http
