#include "sim/router/plant/heartbeat.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace wanwise::router {
namespace {

// A step is played at most this late; 200 wake-ups a second cost about one percent of a core.
constexpr std::chrono::milliseconds kBeat{5};

void play(sim::World& world, const sim::TimedDisturbance& step) {
  sim::apply(world, step.what);
  fmt::print("scenario: {}\n", step.say);
  std::fflush(stdout);
}

void run(const std::stop_token& stop, SharedWorld& world,
         const std::vector<sim::TimedDisturbance>& steps) {
  std::size_t next = 0;
  while (!stop.stop_requested()) {
    world.enter([&](sim::World& w) {
      const core::Micros elapsed{w.now().micros};
      for (; next < steps.size() && steps[next].at <= elapsed; ++next) play(w, steps[next]);
    });
    std::this_thread::sleep_for(kBeat);
  }
}

}  // namespace

Heartbeat::Heartbeat(SharedWorld& world, std::vector<sim::TimedDisturbance> steps)
    : m_thread([&world, steps = std::move(steps)](const std::stop_token& stop) {
        run(stop, world, steps);
      }) {}

}  // namespace wanwise::router
