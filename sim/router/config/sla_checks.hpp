// What the IOS parser forbids of IP SLA, tracked objects and route maps that YANG allows. Pure; any
// thread.
#pragma once

#include <vector>

#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/rpc_error.hpp"

namespace wanwise::router {

/// Adds to `refused` what is wrong with going from one configuration to the other.
void check_sla(const lyd_node* native_before, const lyd_node* native_after,
               std::vector<BadCli>& refused);

}  // namespace wanwise::router
