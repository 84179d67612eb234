#include "sim/router/heartbeat.hpp"

#include <chrono>

namespace wanwise::router {
namespace {

// A step is played at most this late; 200 wake-ups a second cost about one percent of a core.
constexpr std::chrono::milliseconds kBeat{5};

void run(const std::stop_token& stop, SharedWorld& world, const std::vector<ScenarioStep>& steps) {
  std::size_t next = 0;
  while (!stop.stop_requested()) {
    world.enter([&](sim::World& w) {
      for (; next < steps.size() && steps[next].at <= w.now(); ++next) {
        play(w, steps[next]);
      }
    });
    std::this_thread::sleep_for(kBeat);
  }
}

}  // namespace

Heartbeat::Heartbeat(SharedWorld& world, std::vector<ScenarioStep> steps)
    : m_thread([&world, steps = std::move(steps)](const std::stop_token& stop) {
        run(stop, world, steps);
      }) {}

}  // namespace wanwise::router
