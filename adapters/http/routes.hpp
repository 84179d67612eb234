// One request to one response: the northbound API without its sockets. Everything here is decided
// from the request and the Source; server.hpp carries the bytes. Thread: the Source's.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/source.hpp"

namespace wanwise::http {

using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

struct RouteContext {
  Source& source;
  /// Host names a request may be meant for; empty: any. A web page that had its own name resolve to
  /// 127.0.0.1 (DNS rebinding) is refused by it.
  const std::vector<std::string>& hosts;
  /// The server's own counters, for /metrics.
  const std::vector<NamedCounter>& counters;
};

[[nodiscard]] Response answer(const Request& request, const RouteContext& context);

/// An error as the API tells it; keep-alive is left to the caller.
[[nodiscard]] Response error_response(boost::beast::http::status status, std::string code,
                                      std::string message, const std::vector<std::string>& allowed);

/// "a%20b" -> "a b"; nothing when a percent sign does not begin two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace wanwise::http
