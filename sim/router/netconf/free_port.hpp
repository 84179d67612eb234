// A TCP port that nobody listens on. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace wanwise::router {

/// Binds port 0 of a numeric IPv4 address, asks which it became, and lets it go; 0 when that fails.
[[nodiscard]] std::uint16_t pick_free_port(const std::string& address);

}  // namespace wanwise::router
