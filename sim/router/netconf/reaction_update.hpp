// The notification of Cisco-IOS-XE-ip-sla-events. Pure; any thread.
#pragma once

#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/plant/sla_watch.hpp"

namespace wanwise::router {

/// Empty where the module is not loaded.
[[nodiscard]] Tree reaction_update(const ly_ctx* ctx, const Reaction& reaction);

}  // namespace wanwise::router
