#include <algorithm>

#include "engine/core/check.hpp"
#include "sim/world/world_state.hpp"

namespace wanwise::sim {
namespace {

// Argument of a server's start: its target in the low bits, its number above them.
constexpr unsigned kTargetBits = 20;
constexpr std::uint64_t kTargetMask = (std::uint64_t{1} << kTargetBits) - 1;

/// Of lower clocks by power mode and of heat together.
core::Ppm together(core::Ppm a, core::Ppm b) {
  return core::Ppm{a.count * b.count / core::kWhole.count};
}

}  // namespace

void World::State::build_compute(std::uint32_t index, const TargetTuning& how) {
  TargetState& target = targets[index];
  if (how.power) target.energy.emplace(*how.power);
  if (how.heat) {
    target.heat.emplace(*how.heat);
    events.schedule(HeatState::kStep, heat_step_call, index);
  }
  if (how.autoscale) {
    target.sync_period = how.autoscale->period;
    target.server_start = how.autoscale->start;
    events.schedule(to_nanos(target.sync_period), sync_servers_call, index);
  }
}

World::State::WorkMark World::State::work(Nanos now, const TargetState& target) {
  return {now, target.station->busy_time(now), target.station->capacity_time(now)};
}

core::Ppm World::State::load_since(Nanos now, const TargetState& target, const WorkMark& mark) {
  const WorkMark then = work(now, target);
  const Nanos capacity = then.capacity - mark.capacity;
  if (capacity <= 0) return core::Ppm{0};
  return core::Ppm{static_cast<std::int64_t>(static_cast<double>(then.busy - mark.busy) * 1e6 /
                                             static_cast<double>(capacity))};
}

void World::State::account_energy(Nanos now, TargetState& target) {
  if (!target.energy) return;
  target.energy->account(now, target.station->busy_time(now),
                         together(target.slowdown, target.throttling()), target.station->alive());
}

std::int64_t World::State::energy_mj(Nanos now, std::uint32_t index) const {
  const TargetState& target = targets[index];
  if (!target.energy) return 0;
  EnergyMeter until_now = *target.energy;
  until_now.account(now, target.station->busy_time(now),
                    together(target.slowdown, target.throttling()), target.station->alive());
  return until_now.millijoules();
}

// Lower clocks make less heat, as they draw less power.
void World::State::heat_step(Nanos now, std::uint64_t index) {
  TargetState& target = targets[index];
  const double busy = static_cast<double>(load_since(now, target, target.heat_mark).count) / 1e6;
  target.heat_mark = work(now, target);
  const core::Ppm before = target.throttling();
  HeatState next = *target.heat;
  next.step(busy / power_divisor(together(target.slowdown, before)));
  if (next.slowdown() != target.heat->slowdown()) account_energy(now, target);
  target.heat = next;
  events.schedule(now + HeatState::kStep, heat_step_call, index);
}

// A cloud that does not answer has no metrics, and without metrics nothing is scaled.
void World::State::sync_servers(Nanos now, std::uint64_t index) {
  TargetState& target = targets[index];
  events.schedule(now + to_nanos(target.sync_period), sync_servers_call, index);
  const core::Ppm load = load_since(now, target, target.sync_mark);
  target.sync_mark = work(now, target);
  if (!target.station->alive()) return;
  const std::int32_t before = target.autoscaler->ready();
  const auto starts = target.autoscaler->sync(now, load);
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(starts.count); ++i)
    events.schedule(now + to_nanos(target.server_start), server_started_call,
                    (starts.first + i) << kTargetBits | index);
  if (target.autoscaler->ready() != before)
    target.station->set_servers(now, target.autoscaler->ready() * target.profile->servers);
}

void World::State::server_started(Nanos now, std::uint64_t argument) {
  TargetState& target = targets[argument & kTargetMask];
  if (!target.autoscaler->started(argument >> kTargetBits)) return;
  target.station->set_servers(now, target.autoscaler->ready() * target.profile->servers);
}

}  // namespace wanwise::sim
