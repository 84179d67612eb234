// Reads from a cluster's view where a workload runs, how far a move is, and whether one may begin.
// Pure; any thread that holds the view.
#pragma once

#include <optional>
#include <string>

#include "adapters/kubernetes/config.hpp"
#include "adapters/kubernetes/place/rules.hpp"
#include "adapters/kubernetes/place/standing.hpp"
#include "adapters/kubernetes/view/cluster_view.hpp"
#include "engine/core/action.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

/// Where it runs: what wanwise says when all of it is ready there, else where most of it is.
[[nodiscard]] core::PlacementObserved observe(const ClusterView& view, const ClusterConfig& config,
                                              const ClusterWorkload& workload, core::Instant now);

struct Progress {
  bool reached = false;  ///< as many ready pods as replicas, all where and as wished
  bool lost = false;     ///< no node of the target is ready
  std::string trouble;   ///< what the new pods wait for, for people
};
[[nodiscard]] Progress progress_of(const ClusterView& view, const ClusterConfig& config,
                                   const ClusterWorkload& workload, const Standing& wish);

/// Why the move can not begin: unknown-target, unknown-rung, split-not-possible, workload-missing,
/// workload-paused, pinned, target-not-ready, does-not-fit, would-interrupt, disruption-budget.
[[nodiscard]] std::optional<core::Error> refusal(const ClusterView& view,
                                                 const ClusterConfig& config,
                                                 const ClusterWorkload& workload,
                                                 const core::PlaceWorkload& action);

}  // namespace wanwise::kubernetes
