// The URL of a page of metrics: plain http, a host name or IPv4 address. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/expected.hpp"

namespace wanwise::jetson {

struct HttpUrl {
  std::string host;
  std::uint16_t port = 80;
  std::string target = "/metrics";  ///< path and query
  bool operator==(const HttpUrl&) const = default;
};

/// bad-url; no user, no fragment, nothing that is not printable.
[[nodiscard]] core::Expected<HttpUrl> parse_url(std::string_view text);

}  // namespace wanwise::jetson
