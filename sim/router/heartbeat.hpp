// Keeps a SharedWorld close to the steady clock, so that no reader has to catch up for long, and
// plays the scenario on time. Owns one thread from construction to destruction.
#pragma once

#include <thread>
#include <vector>

#include "sim/router/scenario.hpp"
#include "sim/router/shared_world.hpp"

namespace wanwise::router {

class Heartbeat {
 public:
  /// `steps` ascend in time. The world outlives this.
  Heartbeat(SharedWorld& world, std::vector<ScenarioStep> steps);

 private:
  std::jthread m_thread;
};

}  // namespace wanwise::router
