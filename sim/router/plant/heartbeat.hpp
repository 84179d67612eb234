// Keeps a SharedWorld close to the steady clock, so that no reader has to catch up for long, and
// plays the scenario on time, telling each step on stdout. Owns one thread from construction to
// destruction.
#pragma once

#include <thread>
#include <vector>

#include "sim/router/plant/shared_world.hpp"
#include "sim/world/scenario.hpp"

namespace wanwise::router {

class Heartbeat {
 public:
  /// `steps` ascend in time, which begins with the world's. The world outlives this.
  Heartbeat(SharedWorld& world, std::vector<sim::TimedDisturbance> steps);

 private:
  std::jthread m_thread;
};

}  // namespace wanwise::router
