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
    w.returning.reset();
    ++w.start;
    return;
  }
  WANWISE_CHECK(wanted->rung < model.policy.workloads[workload].ladder.size());
  WANWISE_CHECK(targets[wanted->target].laws[workload][wanted->rung].has_value());
  if (wanted->spill)
    WANWISE_CHECK(targets[wanted->spill->target].laws[workload][wanted->rung].has_value());
  if (w.starting == wanted) return;
  // The same model where it already serves: only rate or shares change, nothing has to start.
  if (serves(workload, wanted->target, *wanted) &&
      (!wanted->spill || serves(workload, wanted->spill->target, *wanted))) {
    w.serving = wanted;
    w.starting.reset();
    w.returning.reset();
    w.spill_credit = {};
    ++w.start;
    return;
  }
  start(now, workload, *wanted);
}

bool World::State::serves(std::uint32_t workload, std::uint32_t target,
                          const Instance& wanted) const {
  const auto& w = workloads[workload];
  const auto& ladder = model.policy.workloads[workload].ladder;
  return w.serving && w.serving->on(target) && w.returning != target &&
         ladder[w.serving->rung].model == ladder[wanted.rung].model &&
         targets[target].station->alive();
}

Nanos World::State::start_time(std::uint32_t target) const {
  return to_nanos(targets[target].cloud ? tuning.cloud_start : tuning.node_start);
}

bool World::State::all_alive(const Instance& instance) const {
  return targets[instance.target].station->alive() &&
         (!instance.spill || targets[instance.spill->target].station->alive());
}

/// `anew`: what was there before was lost with its target.
void World::State::start(Nanos now, std::uint32_t workload, Instance instance,
                         std::optional<std::uint32_t> anew) {
  auto& w = workloads[workload];
  w.starting = instance;
  ++w.start;
  const auto lasts = [&](std::uint32_t target) {
    const bool there = instance.spill && target != anew && serves(workload, target, instance);
    return there ? Nanos{0} : start_time(target);
  };
  Nanos duration = lasts(instance.target);
  if (instance.spill) duration = std::max(duration, lasts(instance.spill->target));
  events.schedule(now + duration, started_call, w.start << kWorkloadBits | workload);
}

// Make before break: until now the old place served.
void World::State::started(Nanos, std::uint64_t argument) {
  const auto workload = static_cast<std::uint32_t>(argument & kWorkloadMask);
  auto& w = workloads[workload];
  if (argument >> kWorkloadBits != w.start) return;
  if (!w.starting) {
    w.returning.reset();
    return;
  }
  if (!all_alive(*w.starting)) return;  // starts when the target is back
  const Instance fresh = *w.starting;
  if (!fresh.spill || !serves(workload, fresh.target, fresh)) w.cold[fresh.target] = true;
  if (fresh.spill && !serves(workload, fresh.spill->target, fresh))
    w.cold[fresh.spill->target] = true;
  w.serving = fresh;
  w.starting.reset();
  w.returning.reset();
  w.spill_credit = {};
}

void World::State::restart(Nanos now, std::uint32_t workload, std::uint32_t target) {
  auto& w = workloads[workload];
  const std::uint32_t other = w.serving->other_than(target);
  if (other != target && w.returning != other && targets[other].station->alive()) {
    w.cold[target] = true;
    w.returning = target;
    ++w.start;
    events.schedule(now + start_time(target), started_call, w.start << kWorkloadBits | workload);
    return;
  }
  const Instance again = *w.serving;
  w.serving.reset();
  w.returning.reset();
  start(now, workload, again);
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
      if (w.starting->on(target)) start(now, i, *w.starting, target);
    } else if (w.serving && w.serving->on(target)) {
      restart(now, i, target);
    }
  }
}

core::PlacementObserved World::State::placement(Nanos now, std::uint32_t workload) const {
  const auto& w = workloads[workload];
  core::PlacementObserved seen;
  seen.workload = model.policy.workloads[workload].name;
  seen.observed_at = to_instant(now);
  const bool ready = w.serving && all_alive(*w.serving) && !w.returning;
  const auto& shown = ready || !w.starting ? w.serving : w.starting;
  if (!shown) return seen;
  seen.target = targets[shown->target].name;
  seen.rung = static_cast<std::int32_t>(shown->rung);
  seen.ready = ready;
  if (shown->spill)
    seen.split = core::Split{targets[shown->spill->target].name, shown->spill->share};
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
    const auto& w = workloads[i];
    const bool kept = w.starting && w.starting->spill && w.starting->on(index) &&
                      serves(static_cast<std::uint32_t>(i), index, *w.starting);
    for (const auto& instance : {w.serving, kept ? std::nullopt : w.starting})
      if (instance && instance->on(index)) free -= model.policy.workloads[i].memory;
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
