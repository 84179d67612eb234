// The SSH host key of the emulated router. Reads and writes files; one thread.
#pragma once

#include <string>

#include "engine/core/expected.hpp"

namespace wanwise::router {

/// Makes the file with a fresh RSA key when it is absent (the device offers RSA only), readable by
/// its owner alone. Returns the fingerprint "SHA256:base64", as ssh-keygen -l prints it.
[[nodiscard]] core::Expected<std::string> ensure_host_key(const std::string& file);

}  // namespace wanwise::router
