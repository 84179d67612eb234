// A site for the contract suite of moves: workload `detector`, two rungs, at `tx2`; target `cloud`
// beside it. Virtual time in the simulator, real time before a real API server.
#pragma once

#include <functional>
#include <memory>

#include "engine/ports/cluster.hpp"

namespace wanwise::testing {

class PlacementSite {
 public:
  virtual ~PlacementSite() = default;
  [[nodiscard]] virtual ports::Cluster& cluster() = 0;
  [[nodiscard]] virtual core::Instant now() const = 0;
  /// Time passes until it is so; false when it is not in time.
  virtual bool until(const std::function<bool()>& reached) = 0;
  virtual void pass(core::Micros time) = 0;
  virtual void set_alive(const core::TargetName& target, bool alive) = 0;
  /// What starts there from now on is not ready within short_patience().
  virtual void hold(const core::TargetName& target, bool held) = 0;
  [[nodiscard]] virtual core::Micros short_patience() const = 0;
};

/// Null where it can not be had, with the reason in `lacking`.
using MakePlacementSite = std::unique_ptr<PlacementSite> (*)(std::string& lacking);

std::unique_ptr<PlacementSite> simulated_placement(std::string& lacking);
std::unique_ptr<PlacementSite> kubernetes_placement(std::string& lacking);
/// After the last test: ends the control plane that the sites share.
void end_kubernetes();

}  // namespace wanwise::testing
