// The cluster(s) that run the workloads. Contract (tests/contract/cluster): after start() it posts
// PlacementObserved for every workload and then on each change, and what it knows of: NodeObserved
// of targets, PlacementLimits and WorkloadSample of workloads. submit() returns at once; exactly
// one ActionDone{id} follows, at the latest at the deadline (`why`: one line for people); a move is
// done when the new place is ready, and until then the old one serves. After stop() nothing is
// posted. Methods are called from the runtime's thread only.
#pragma once

#include <string>

#include "engine/core/action.hpp"
#include "engine/ports/event_sink.hpp"

namespace wanwise::ports {

class Cluster {
 public:
  virtual ~Cluster() = default;
  virtual void start(EventSink& sink) = 0;
  virtual void submit(core::ActionId id, const core::PlaceWorkload& action, core::Instant deadline,
                      const std::string& why) = 0;
  virtual void stop() = 0;
};

}  // namespace wanwise::ports
