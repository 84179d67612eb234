// What the cluster closes to each workload, told before anybody decides on it. Pure; any thread
// that holds the view.
#pragma once

#include <vector>

#include "adapters/kubernetes/config.hpp"
#include "adapters/kubernetes/view/cluster_view.hpp"
#include "engine/core/event.hpp"

namespace wanwise::kubernetes {

/// By the configuration's workloads. Pods of other workloads that wanwise places take no room: they
/// can be moved away; a move that meets them nevertheless is refused when it is asked for.
[[nodiscard]] std::vector<core::PlacementLimits> limits_of(const ClusterView& view,
                                                           const ClusterConfig& config,
                                                           core::Instant now);

}  // namespace wanwise::kubernetes
