// Small files that hold secrets and certificates, and base64. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace wanwise::kubernetes {

/// Nothing when it can not be read or is longer than `limit`.
[[nodiscard]] std::optional<std::string> read_file(const std::string& file, std::size_t limit);

/// Nothing when it is no base64 (RFC 4648 section 4, line breaks allowed).
[[nodiscard]] std::optional<std::string> decode_base64(const std::string& text);

}  // namespace wanwise::kubernetes
