// The problem as Relaxation sees it: variants of the options, and what they use of which resource.
#include <algorithm>
#include <cmath>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/search/relaxation.hpp"

namespace wanwise::core {
namespace {

constexpr std::int64_t kBroken = 1'000'000;
constexpr std::int64_t kLost = 1'999'999;
/// Halvings until the most work is known to a thousandth of a target.
constexpr int kHalvings = 12;
/// A mean wait that breaks nothing.
constexpr double kEndless = 1e18;

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
  find_leanest();
  find_rooms();
  m_variants.clear();
  m_uses.clear();
  for (std::size_t w = 0; w < m_workloads; ++w) add_variants(w);
}

void Relaxation::find_leanest() {
  m_leanest.assign(m_targets, 1e300);
  const auto lean = [this](const Demand& demand) {
    if (demand.station.work <= 0) return;
    double& least = m_leanest[at(demand.target)];
    least = std::min(least, static_cast<double>(demand.station.second) /
                                static_cast<double>(demand.station.work));
  };
  for (std::size_t w = 0; w < m_workloads; ++w) {
    const SearchSpace::Range range = m_space->range(w);
    for (std::size_t i = range.first; i < range.last; ++i) {
      const SearchSpace::Item& item = m_space->item(i);
      if (!item.demand.serves) continue;
      lean(item.demand);
      if (item.spill != kNone) lean(m_space->spill(item));
    }
  }
}

/// The loosest of what the workload's options on a target ask of it.
void Relaxation::find_rooms() {
  m_rooms.assign(m_targets * m_workloads, {});
  m_most_work.assign(m_targets * m_workloads, 0);
  m_longest.assign(m_targets * m_workloads, 0);
  for (std::size_t w = 0; w < m_workloads; ++w) {
    const SearchSpace::Range range = m_space->range(w);
    for (std::size_t i = range.first; i < range.last; ++i) {
      const SearchSpace::Item& item = m_space->item(i);
      if (!item.demand.serves) continue;
      double wait = 0;
      const double most = room_beside(i, wait);
      const std::size_t place = at(item.demand.target) * m_workloads + w;
      m_most_work[place] = std::max(m_most_work[place], most);
      m_longest[place] = std::max(m_longest[place], wait);
      if (item.spill == kNone) continue;
      const std::size_t second = at(m_space->spill(item).target);
      m_most_work[second * m_workloads + w] = work_limit(m_space->situation().targets[second]);
      m_longest[second * m_workloads + w] = kEndless;
    }
  }
  for (std::size_t t = 0; t < m_targets; ++t) find_room(t);
}

/// One server: the mean wait is regularity * second / (2 (1 - work)), so that a longest mean wait
/// asks for work + regularity * second / (2 wait) <= 1. It asks it only while the workload is
/// there; else the same sum is as large as the most patient workload lets it be. Several servers:
/// the most work, alike.
void Relaxation::find_room(std::size_t target) {
  const TargetInput& input = m_space->situation().targets[target];
  const auto first = static_cast<std::ptrdiff_t>(target * m_workloads);
  const auto last = first + static_cast<std::ptrdiff_t>(m_workloads);
  const double most_work =
      *std::max_element(m_most_work.begin() + first, m_most_work.begin() + last);
  const double longest = *std::max_element(m_longest.begin() + first, m_longest.begin() + last);
  const double regularity = static_cast<double>(input.wait_factor.count) * 1e-6;
  for (std::size_t w = 0; w < m_workloads; ++w) {
    const std::size_t place = target * m_workloads + w;
    Room& room = m_rooms[place];
    if (m_most_work[place] <= 0 || most_work <= 0) continue;
    if (input.servers > 1 || longest >= kEndless || regularity <= 0) {
      room = {1e9 / most_work, 0, (most_work - m_most_work[place]) / most_work};
      continue;
    }
    // Of second moments alone the most patient would bear 2 * longest.
    const double wait = m_longest[place];
    const double most = std::max(1.0, longest / wait);
    room = {1 / most, regularity / (2 * wait) / most, (most - 1) / most};
  }
}

/// The most work on the target beside which the item's objective still holds, were the rest of it
/// the most harmless there is, and its link empty; and the mean wait that it can bear.
double Relaxation::room_beside(std::size_t index, double& wait) const {
  const SearchSpace::Item& item = m_space->item(index);
  const Situation& situation = m_space->situation();
  const double limit = work_limit(situation.targets[at(item.demand.target)]);
  const Micros objective = situation.workloads[item.workload].objective;
  wait = kEndless;
  double ignored = 0;
  if (item.spill != kNone) return limit;
  double holds = static_cast<double>(item.demand.station.work);
  double breaks = limit;
  if (latency_beside(index, holds, ignored) > objective) {
    // Not even alone: no variant of it will hold.
    wait = 0;
    return 0;
  }
  // Up to just below the limit, where the station still has a mean wait.
  double most = limit - 20;
  if (latency_beside(index, most, wait) <= objective) return limit;
  breaks = most;
  for (int i = 0; i < kHalvings && holds < breaks; ++i) {
    const double middle = (holds + breaks) / 2;
    (latency_beside(index, middle, ignored) <= objective ? holds : breaks) = middle;
  }
  (void)latency_beside(index, breaks, wait);
  wait = std::max(wait, 1e-3);
  return std::max(breaks, 1.0);
}

Micros Relaxation::latency_beside(std::size_t index, double work, double& wait) const {
  const SearchSpace::Item& item = m_space->item(index);
  const Demand& demand = item.demand;
  const Situation& situation = m_space->situation();
  Flow flow = demand.station;
  const double rest = std::max(0.0, work - static_cast<double>(flow.work));
  flow.work += static_cast<std::int64_t>(rest);
  flow.second += static_cast<std::int64_t>(rest * m_leanest[at(demand.target)]);
  const Tail& tail = m_space->tail(item.workload);
  const Queue station = station_view(flow, situation.targets[at(demand.target)]);
  wait = station.wait.mean;
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
    use(this->work(target), work * 1e-9, 1);
    use(second(target), static_cast<double>(demand.station.second) * 1e-6, 1);
    use(tight(target, variant.workload), m_rooms[target * m_workloads + variant.workload].own, 1);
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
