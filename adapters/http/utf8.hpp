// UTF-8 (RFC 3629) of text that came from elsewhere: routers and clusters put any bytes into their
// messages, JSON and Prometheus text may not. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wanwise::http {

/// Bytes of the well-formed sequence `text` begins with; 0 when it begins with none.
std::size_t utf8_sequence(std::string_view text);

/// `text` with every byte that belongs to no well-formed sequence replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace wanwise::http
