// The `server` of a kubeconfig. Pure; any thread.
#pragma once

#include <string>

#include "adapters/kubernetes/auth/access.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

/// Sets host, port and base path from "https://host[:port][/path]"; an IPv6 address stands in
/// brackets. Error: `bad-server-url`. Anything but https is refused: a token sent in the clear is
/// a token lost.
[[nodiscard]] core::Expected<void> set_server(Access& access, const std::string& url);

}  // namespace wanwise::kubernetes
