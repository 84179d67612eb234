// What the IOS parser refuses although the YANG models allow it. Pure over the trees; any thread.
#pragma once

#include <vector>

#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/rpc_error.hpp"

namespace wanwise::router {

/// The refused lines of the step from `before` to `after`, in the order IOS would take them; empty
/// when the device accepts. At most kMaxRefusals.
[[nodiscard]] std::vector<BadCli> check_ios(const Tree& before, const Tree& after);

inline constexpr std::size_t kMaxRefusals = 16;  ///< a reply stays readable; the first one decides

}  // namespace wanwise::router
