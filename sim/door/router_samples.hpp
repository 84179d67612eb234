// What a simulated router's counters say, as events; and what is configured on routers, as the
// world's queues take it. Pure but for reading the world.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

/// One reading of these links. A probe's operation is told once: `probes_seen` counts those told,
/// by IP SLA entry.
[[nodiscard]] std::vector<core::EventBody> read_router(
    const World& world, const std::vector<core::Link>& links,
    std::map<std::uint32_t, std::uint64_t>& probes_seen);

[[nodiscard]] QosConfig to_qos_config(const std::map<core::RouterName, core::RouterQos>& routers);

}  // namespace wanwise::sim
