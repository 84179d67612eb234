// A bearer token (RFC 6750 section 2.1), read where the site says it is. Tokens are rotated, so it
// is read anew for each use. Blocking, but small local files only; any thread.
#pragma once

#include <cstddef>
#include <string>

#include "engine/core/expected.hpp"

namespace wanwise::jetson {

/// Kubernetes' service account tokens have 1 to 2 KB; what is longer is a wrong file.
inline constexpr std::size_t kMaxTokenBytes = 8'192;

/// The file's first line. credential-missing, naming the file and never the token: not readable,
/// empty, too long, or with characters that no token has.
[[nodiscard]] core::Expected<std::string> read_token(const std::string& file);

}  // namespace wanwise::jetson
