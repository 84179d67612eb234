#include "adapters/kubernetes/client/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <string_view>

#include "adapters/kubernetes/api/json_read.hpp"

namespace wanwise::kubernetes {
namespace {

namespace json = boost::json;

const char* way_code(const boost::system::error_code& error) {
  using boost::beast::http::make_error_code;
  namespace http = boost::beast::http;
  if (error == boost::asio::error::connection_refused) return "connect-refused";
  if (error == boost::beast::error::timeout) return "reply-timeout";
  if (error == boost::asio::error::operation_aborted) return "closed";
  if (error == boost::asio::error::host_unreachable ||
      error == boost::asio::error::network_unreachable) {
    return "connect-failed";
  }
  if (error.category() == boost::asio::error::get_netdb_category() ||
      error.category() == boost::asio::error::get_addrinfo_category()) {
    return "host-unknown";
  }
  if (error == make_error_code(http::error::body_limit) ||
      error == make_error_code(http::error::header_limit)) {
    return "response-too-large";
  }
  if (error == make_error_code(http::error::end_of_stream) ||
      error == make_error_code(http::error::partial_message)) {
    return "connection-lost";
  }
  if (error.category() == make_error_code(http::error::bad_version).category()) {
    return "bad-response";
  }
  // A stream cut short is a lost connection like any other; what else TLS says is its refusal.
  if (error.category() == boost::asio::error::get_ssl_category()) return "tls-refused";
  return "connection-lost";
}

const char* status_code(unsigned http_status, std::string_view reason, bool field_conflict) {
  switch (http_status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 409:
      if (field_conflict) return "field-conflict";
      return reason == "AlreadyExists" ? "already-exists" : "conflict";
    case 410:
      return "gone";
    case 400:
    case 422:
      return "invalid";
    case 429:
      return "too-many-requests";
    default:
      return http_status >= 500 ? "server-error" : "refused";
  }
}

/// ".spec.replicas (conflict with "kubectl" using apps/v1)" for each cause; empty: none.
std::string conflicts_of(const json::value& body) {
  std::string text;
  for (const json::value& cause : array_at(body, {"details", "causes"})) {
    if (string_at(cause, {"reason"}) != "FieldManagerConflict") continue;
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", string_at(cause, {"field"}),
                        string_at(cause, {"message"}));
  }
  return text;
}

}  // namespace

core::Error way_error(const boost::system::error_code& error, const std::string& what) {
  return {way_code(error), fmt::format("{}: {}", what, error.message())};
}

core::Error status_error(unsigned http_status, const json::value& body, const std::string& what) {
  const std::string conflicts = conflicts_of(body);
  std::string message{string_at(body, {"message"})};
  if (message.empty()) message = fmt::format("HTTP {}", http_status);
  if (!conflicts.empty()) message = "owned by others: " + conflicts;
  return {status_code(http_status, string_at(body, {"reason"}), !conflicts.empty()),
          fmt::format("{}: {}", what, message)};
}

bool is_transient(const core::Error& error) {
  static constexpr std::array<std::string_view, 8> kCodes{
      "connect-refused", "connect-failed",    "reply-timeout", "connection-lost",
      "bad-response",    "too-many-requests", "server-error",  "host-unknown"};
  return std::find(kCodes.begin(), kCodes.end(), error.code) != kCodes.end();
}

}  // namespace wanwise::kubernetes
