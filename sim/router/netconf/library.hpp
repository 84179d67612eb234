// ietf-yang-library as the release has it: the implemented modules under the revisions of the
// device, not those of the projection. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/personality.hpp"

namespace wanwise::router {

/// Names of the implemented modules.
[[nodiscard]] std::vector<std::string> implemented_modules(const ly_ctx* ctx);

/// yang-library (RFC 8525) and modules-state (RFC 7895).
[[nodiscard]] Tree yang_library(const ly_ctx* ctx, Release release);

}  // namespace wanwise::router
