#include <algorithm>
#include <cmath>

#include "engine/core/check.hpp"
#include "sim/world/world_state.hpp"

namespace wanwise::sim {
namespace {

// Argument of a start's event: workload in the low bits, the number of the start above them.
constexpr unsigned kWorkloadBits = 20;
constexpr std::uint64_t kWorkloadMask = (std::uint64_t{1} << kWorkloadBits) - 1;
constexpr Nanos kBusyMarkPeriod = kNanosPerSecond;

}  // namespace

void World::State::place(Nanos now, std::uint32_t workload, std::optional<Instance> wanted) {
  auto& w = workloads[workload];
  if (!wanted) {
    w.serving.reset();
    w.starting.reset();
    ++w.start;
    return;
  }
  const auto& ladder = model.policy.workloads[workload].ladder;
  WANWISE_CHECK(wanted->rung < ladder.size());
  WANWISE_CHECK(targets[wanted->target].laws[workload][wanted->rung].has_value());
  if (w.starting == wanted) return;
  // The same model where it already serves: only the rate changes, nothing has to start.
  if (w.serving && w.serving->target == wanted->target &&
      ladder[w.serving->rung].model == ladder[wanted->rung].model &&
      targets[wanted->target].station->alive()) {
    w.serving = wanted;
    w.starting.reset();
    ++w.start;
    return;
  }
  start(now, workload, *wanted);
}

void World::State::start(Nanos now, std::uint32_t workload, Instance instance) {
  auto& w = workloads[workload];
  w.starting = instance;
  ++w.start;
  const core::Micros duration =
      targets[instance.target].cloud ? tuning.cloud_start : tuning.node_start;
  events.schedule(now + to_nanos(duration), started_call, w.start << kWorkloadBits | workload);
}

// Make before break: until now the old place served.
void World::State::started(Nanos, std::uint64_t argument) {
  auto& w = workloads[argument & kWorkloadMask];
  if (argument >> kWorkloadBits != w.start || !w.starting) return;
  if (!targets[w.starting->target].station->alive()) return;  // starts when the target is back
  w.serving = w.starting;
  w.starting.reset();
  w.cold[w.serving->target] = true;
}

void World::State::set_alive(Nanos now, std::uint32_t target, bool alive) {
  if (targets[target].station->alive() == alive) return;
  account_energy(now, targets[target]);
  targets[target].station->set_alive(now, alive);
  if (!alive) return;
  // What was there before starts again, unless it has been moved meanwhile.
  for (std::uint32_t i = 0; i < workloads.size(); ++i) {
    auto& w = workloads[i];
    if (w.starting) {
      if (w.starting->target == target) start(now, i, *w.starting);
    } else if (w.serving && w.serving->target == target) {
      const Instance again = *w.serving;
      w.serving.reset();
      start(now, i, again);
    }
  }
}

core::PlacementObserved World::State::placement(Nanos now, std::uint32_t workload) const {
  const auto& w = workloads[workload];
  core::PlacementObserved seen;
  seen.workload = model.policy.workloads[workload].name;
  seen.observed_at = to_instant(now);
  const bool serves = w.serving && targets[w.serving->target].station->alive();
  const auto& shown = serves || !w.starting ? w.serving : w.starting;
  if (!shown) return seen;
  seen.target = targets[shown->target].name;
  seen.rung = static_cast<std::int32_t>(shown->rung);
  seen.ready = serves;
  return seen;
}

core::TargetSample World::State::sample(Nanos now, std::uint32_t index) const {
  const TargetState& target = targets[index];
  core::TargetSample seen;
  seen.target = target.name;
  seen.observed_at = to_instant(now);
  seen.reachable = target.station->alive();
  if (!seen.reachable) return seen;
  seen.power_mode = target.mode_name;
  seen.throttle = target.throttling();
  if (target.heat)
    seen.temperature_c = static_cast<std::int32_t>(std::floor(target.heat->temperature() + 0.5));
  if (now > target.busy_marks[0].at) seen.load = load_since(now, target, target.busy_marks[0]);
  if (target.cloud) return seen;
  core::Bytes free = model.site.nodes[target.at].memory;
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    for (const auto& instance : {workloads[i].serving, workloads[i].starting})
      if (instance && instance->target == index) free -= model.policy.workloads[i].memory;
  }
  seen.memory_free = std::max(free, core::Bytes{0});
  return seen;
}

void World::State::mark_busy(Nanos now, std::uint64_t) {
  for (auto& target : targets) {
    target.busy_marks[0] = target.busy_marks[1];
    target.busy_marks[1] = work(now, target);
  }
  events.schedule(now + kBusyMarkPeriod, mark_busy_call);
}

}  // namespace wanwise::sim
