// What a configuration says of IP SLA and of policy-based routing: the operations, which of them
// run, what they react to, and the next hops of route maps that an interface applies. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/qos.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/world/network/qos_config.hpp"

namespace wanwise::router {

struct SlaOperation {
  sim::OperationConfig run;   ///< run.interface empty: routing decides
  bool jitter = false;        ///< udp-jitter; else icmp-echo
  bool milliseconds = false;  ///< unit of its results
  bool scheduled = false;     ///< it runs
  std::uint32_t give_up = 0;  ///< timeouts in a row that its reaction tells; 0: no reaction
};

[[nodiscard]] std::vector<SlaOperation> extract_sla(const Tree& running);

/// Policy-based routing of one flow.
struct RouteWish {
  core::FlowMatch flow;
  std::vector<std::string> next_hops;  ///< IPv4, best first
};

[[nodiscard]] std::vector<RouteWish> extract_routes(const Tree& running);

}  // namespace wanwise::router
