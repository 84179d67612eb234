// The problem as Relaxation sees it: variants of the options, and what they use of which resource.
#include <algorithm>
#include <cmath>

#include "engine/core/decide/latency.hpp"
#include "engine/core/decide/relaxation.hpp"

namespace wanwise::core {
namespace {

constexpr std::int64_t kBroken = 1'000'000;
constexpr std::int64_t kLost = 1'999'999;
/// Halvings until the most work is known to a thousandth of a target.
constexpr int kHalvings = 12;

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

/// Busy server-nanoseconds per second up to which a target is not overloaded; a little above, as in
/// search_bound.cpp.
double work_limit(const TargetInput& target) {
  return (kMaxUtilisation * 1e9 + 10) * std::max(target.servers, 1);
}

/// What a link can carry upwards, in mHz * bits, all classes together, if nobody on it is
/// overloaded: either somebody gets what the others leave, or all keep to their guarantees.
double uplink_limit(const LinkInput& link, const std::vector<ClassInput>& classes) {
  double guarantees = 0;
  for (const ClassInput& it : classes) {
    if (it.queue == QueueKind::remaining) guarantees += it.percent;
  }
  const double share = std::max(1.0, guarantees / 100);
  return static_cast<double>(std::max(link.shaper, link.uplink).count) * 1e3 * share;
}

}  // namespace

void Relaxation::prepare() {
  const Situation& situation = m_space->situation();
  m_targets = situation.targets.size();
  m_links = situation.links.size();
  m_slots = situation.classes.size() + 1;
  m_workloads = situation.workloads.size();
  find_rooms();
  m_variants.clear();
  m_uses.clear();
  for (std::size_t w = 0; w < m_workloads; ++w) add_variants(w);
}

void Relaxation::find_rooms() {
  m_leanest.assign(m_targets, 1e300);
  m_rooms.assign(m_targets, 0);
  m_beside.clear();
  const auto for_each = [this](auto visit) {
    for (std::size_t w = 0; w < m_workloads; ++w) {
      const SearchSpace::Range range = m_space->range(w);
      for (std::size_t i = range.first; i < range.last; ++i) visit(i);
    }
  };
  const auto lean = [this](const Demand& demand) {
    if (demand.station.work <= 0) return;
    double& least = m_leanest[at(demand.target)];
    least = std::min(least, static_cast<double>(demand.station.second) /
                                static_cast<double>(demand.station.work));
  };
  for_each([&](std::size_t i) {
    const SearchSpace::Item& item = m_space->item(i);
    if (!item.demand.serves) return;
    lean(item.demand);
    if (item.spill != kNone) lean(m_space->spill(item));
  });
  for_each([&](std::size_t i) {
    const SearchSpace::Item& item = m_space->item(i);
    m_beside.push_back(item.demand.serves ? room_beside(i) : 0);
    if (!item.demand.serves) return;
    double& room = m_rooms[at(item.demand.target)];
    room = std::max(room, m_beside.back());
    if (item.spill == kNone) return;
    const std::size_t second = at(m_space->spill(item).target);
    m_rooms[second] = work_limit(m_space->situation().targets[second]);
  });
}

/// The most work on the target beside which the item's objective still holds, were the rest of it
/// the most harmless there is, and its link empty.
double Relaxation::room_beside(std::size_t index) const {
  const SearchSpace::Item& item = m_space->item(index);
  const Situation& situation = m_space->situation();
  const double limit = work_limit(situation.targets[at(item.demand.target)]);
  const Micros objective = situation.workloads[item.workload].objective;
  if (item.spill != kNone || latency_beside(index, limit) <= objective) return limit;
  double holds = static_cast<double>(item.demand.station.work);
  double breaks = limit;
  for (int i = 0; i < kHalvings && holds < breaks; ++i) {
    const double middle = (holds + breaks) / 2;
    (latency_beside(index, middle) <= objective ? holds : breaks) = middle;
  }
  return std::max(breaks, 1.0);
}

Micros Relaxation::latency_beside(std::size_t index, double work) const {
  const SearchSpace::Item& item = m_space->item(index);
  const Demand& demand = item.demand;
  const Situation& situation = m_space->situation();
  Flow flow = demand.station;
  const double rest = std::max(0.0, work - static_cast<double>(flow.work));
  flow.work += static_cast<std::int64_t>(rest);
  flow.second += static_cast<std::int64_t>(rest * m_leanest[at(demand.target)]);
  const Tail& tail = m_space->tail(item.workload);
  const Queue station = station_view(flow, situation.targets[at(demand.target)]);
  if (demand.link == kNone || station.overloaded) {
    return combine(demand, tail, station, nullptr, nullptr, {});
  }
  const LinkInput& link = situation.links[at(demand.link)];
  std::vector<Flow> flows(m_slots);
  flows[at(demand.slot)] = demand.up;
  const UplinkView up = uplink_view(link, situation.classes, flows, demand.slot);
  const Queue down = downlink_view(demand.down, link.downlink);
  return combine(demand, tail, station, &up, &down, link.downlink);
}

void Relaxation::add_variants(std::size_t workload) {
  const WorkloadInput& input = m_space->situation().workloads[workload];
  const std::int32_t decided = m_root->decided[workload];
  const SearchSpace::Range range = m_space->range(workload);
  for (std::size_t i = range.first; i < range.last; ++i) {
    const auto index = static_cast<std::int32_t>(i);
    const SearchSpace::Item& item = m_space->item(i);
    const bool open = decided == kNone && !m_space->removed(i) && m_space->fits_memory(*m_root, i);
    if (!open && decided != index) continue;
    m_space->update(*m_root, i);
    const SearchSpace::Value& value = m_root->values[i];
    if (item.option == kNone || !item.demand.serves) {
      add_variant(index, Fate::held, value.unmet, value.latency);
      continue;
    }
    const std::int64_t objective = input.objective.count;
    if (value.latency <= objective) add_variant(index, Fate::held, value.unmet, value.latency);
    if (value.unmet < kLost) {
      add_variant(index, Fate::late, std::max(kBroken, value.unmet),
                  std::max(value.latency, objective));
    }
    const std::int64_t never = std::min(objective, kLatencyLimit / 2) * 2;
    add_variant(index, Fate::lost, kLost, std::max(value.latency, never));
  }
}

void Relaxation::add_variant(std::int32_t item, Fate fate, std::int64_t unmet,
                             std::int64_t latency) {
  Variant variant;
  variant.item = item;
  variant.workload = m_space->item(at(item)).workload;
  variant.target = m_space->item(at(item)).demand.target;
  variant.fate = fate;
  variant.unmet = unmet;
  variant.latency = latency;
  add_uses(variant);
  m_variants.push_back(variant);
}

void Relaxation::add_uses(Variant& variant) {
  variant.first_use = m_uses.size();
  const SearchSpace::Item& item = m_space->item(at(variant.item));
  if (item.demand.serves) {
    add_leg(variant, item.demand);
    if (item.spill != kNone) add_leg(variant, m_space->spill(item));
  }
  variant.last_use = m_uses.size();
}

void Relaxation::use(std::size_t resource, double amount, double capacity) {
  if (amount > 0) m_uses.push_back({resource, amount / std::max(capacity, 1e-9)});
}

/// Memory and data plans are used whatever becomes of the objective; the others only as far as
/// there is an answer.
void Relaxation::add_leg(const Variant& variant, const Demand& demand) {
  const Situation& situation = m_space->situation();
  const std::size_t target = at(demand.target);
  const TargetInput& input = situation.targets[target];
  if (input.memory.count != INT64_MAX) {
    use(memory(target), static_cast<double>(demand.memory),
        static_cast<double>(input.memory.count));
  }
  const auto work = static_cast<double>(demand.station.work);
  if (demand.link != kNone) {
    const std::int64_t limit = situation.links[at(demand.link)].quota.count;
    if (limit != INT64_MAX) {
      use(quota(at(demand.link)), static_cast<double>(quota_rate(demand)),
          static_cast<double>(std::max<std::int64_t>(limit, 1'000'000)));
    }
  }
  if (variant.fate == Fate::lost) return;
  use(power(target), work, work_limit(input));
  if (variant.fate == Fate::held) {
    use(room(target), work, m_rooms[target]);
    const double spare = m_rooms[target] - m_beside[at(variant.item)];
    const SearchSpace::Item& item = m_space->item(at(variant.item));
    if (item.spill == kNone && spare > m_rooms[target] / 200) {
      use(tight(target, variant.workload), spare, m_rooms[target]);
    }
  }
  if (demand.link == kNone) return;
  const std::size_t l = at(demand.link);
  const LinkInput& link = situation.links[l];
  use(up(l), static_cast<double>(demand.up.work), uplink_limit(link, situation.classes));
  use(down(l), static_cast<double>(demand.down.work),
      static_cast<double>(link.downlink.count) * 1e3);
  const bool policed = at(demand.slot) < situation.classes.size() &&
                       situation.classes[at(demand.slot)].queue == QueueKind::priority &&
                       link.shaper <= link.uplink;
  if (!policed) return;
  const double share = situation.classes[at(demand.slot)].percent * 10.0;
  use(police(l, at(demand.slot)), static_cast<double>(demand.up.work),
      static_cast<double>(link.shaper.count) * share + 1);
}

}  // namespace wanwise::core
