// The queueing and marking that a configuration comes down to. Pure; any thread.
#pragma once

#include "sim/router/netconf/netconf_c.hpp"
#include "sim/world/network/qos_config.hpp"

namespace wanwise::router {

/// Reads the policies attached to interfaces: input policies become marks, output policies the
/// shaper and queues of their interface. What the data plane has no model for (deny entries,
/// policers, percent shapers) is left out, as README.md says.
/// Flows that a named access list permits.
[[nodiscard]] std::vector<core::FlowMatch> flows_of_list(const lyd_node* native,
                                                         const std::string& name);

[[nodiscard]] sim::QosConfig extract_qos(const Tree& running);

}  // namespace wanwise::router
