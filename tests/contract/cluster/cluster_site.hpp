// One simulated site for the contract suite, reached through one implementation of the ports.
#pragma once

#include <memory>

#include "engine/ports/cluster.hpp"
#include "engine/ports/node_metrics.hpp"
#include "sim/world/world.hpp"
#include "tests/support/fakes.hpp"

namespace wanwise::testing {

class ClusterSite {
 public:
  virtual ~ClusterSite() = default;
  [[nodiscard]] virtual ports::Cluster& cluster() = 0;
  [[nodiscard]] virtual ports::NodeMetrics& metrics() = 0;
  [[nodiscard]] virtual sim::World& world() = 0;
  /// The engine's time, which deadlines are in.
  [[nodiscard]] virtual core::Instant now() const = 0;
  /// Time passes; everything said before and meanwhile has arrived when this returns.
  virtual void pass(core::Micros time) = 0;
};

using MakeClusterSite = std::unique_ptr<ClusterSite> (*)();

std::unique_ptr<ClusterSite> in_process_site();
std::unique_ptr<ClusterSite> door_site();

}  // namespace wanwise::testing
