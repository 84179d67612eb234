// Reads a secret where its reference says it is. Blocking, but small files only; any thread.
#pragma once

#include <string>

#include "adapters/iosxe/config.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// A password longer than this is a wrong file.
inline constexpr std::size_t kMaxSecretBytes = 4096;

/// credential-missing, naming the reference and never the secret.
[[nodiscard]] core::Expected<std::string> read_secret(const Secret& secret);

}  // namespace wanwise::iosxe
