#include "engine/core/decide/search/relaxed_problem.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::core {
namespace {

constexpr std::int64_t kBroken = 1'000'000;
constexpr std::int64_t kLost = 1'999'999;
/// Halvings until the most work is known to a 60'000th of a target.
constexpr int kHalvings = 16;
/// What the largest job's moments count, so that they are of the order of what one workload uses of
/// other resources.
constexpr double kSkewScale = 0.1;

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

void RelaxedProblem::prepare(SearchSpace& space, SearchSpace::State& root) {
  m_space = &space;
  m_root = &root;
  const Situation& situation = space.situation();
  m_targets = situation.targets.size();
  m_links = situation.links.size();
  m_slots = situation.classes.size() + 1;
  m_workloads = situation.workloads.size();
  find_extremes();
  m_borne.assign(m_targets * kLevels, {});
  m_variants.clear();
  m_uses.clear();
  for (std::size_t w = 0; w < m_workloads; ++w) add_variants(w);
}

std::int64_t RelaxedProblem::share(const Variant& variant, Goal goal) const {
  const SearchSpace::Item& item = m_space->item(at(variant.item));
  std::int64_t sum = goal == unmet_goal(item.priority) ? variant.unmet : 0;
  if (goal == Goal::preference) sum += item.rank;
  if (goal == Goal::money) sum += item.money;
  if (goal == Goal::switches) sum += item.switches;
  if (goal == Goal::latency) sum += variant.latency;
  if (goal < Goal::money) sum += m_space->toll(item, goal);
  return sum;
}

// ---- what a target bears

void RelaxedProblem::find_extremes() {
  m_extremes.assign(m_targets, {});
  const auto lean = [this](const Demand& demand) {
    const auto work = static_cast<double>(demand.station.work);
    const auto moment = static_cast<double>(demand.station.second);
    if (work <= 0) return;
    Extremes& extremes = m_extremes[at(demand.target)];
    extremes.second = std::min(extremes.second, moment / work);
    extremes.largest_second = std::max(extremes.largest_second, moment);
    const double skew = moment > 0 ? static_cast<double>(demand.station.third) / moment : 0.0;
    extremes.least_skew = std::min(extremes.least_skew, skew * (1 - 1e-12));
    extremes.largest_skew = std::max(extremes.largest_skew, skew);
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

double RelaxedProblem::skew(std::size_t target, std::size_t level) const {
  const Extremes& extremes = m_extremes[target];
  const double range = std::max(0.0, extremes.largest_skew - extremes.least_skew);
  return extremes.least_skew + range * static_cast<double>(level) / kLevels;
}

const std::vector<double>& RelaxedProblem::borne(std::size_t target, std::size_t level) {
  std::vector<double>& borne = m_borne[target * kLevels + level];
  if (!borne.empty()) return borne;
  borne.assign(m_variants.size(), kElsewhere);
  const double skew_there = skew(target, level);
  for (std::size_t v = 0; v < m_variants.size(); ++v) {
    const Variant& variant = m_variants[v];
    const SearchSpace::Item& item = m_space->item(at(variant.item));
    if (variant.fate != Fate::held || !item.demand.serves) continue;
    const auto bear = [&](const Demand& leg) {
      if (at(leg.target) != target) return;
      const double most = most_borne(leg, variant.workload, skew_there);
      borne[v] = borne[v] < 0 ? most : std::min(borne[v], most);
    };
    bear(item.demand);
    if (item.spill != kNone) bear(m_space->spill(item));
  }
  return borne;
}

/// One server: the mean wait is regularity * second / (2 (1 - work)), so that a longest mean wait
/// asks for work + regularity * second / (2 wait) <= 1. Several: the most work.
RelaxedProblem::Room RelaxedProblem::room(std::size_t target, double measure) const {
  const TargetInput& input = m_space->situation().targets[target];
  if (measure >= kEndless) return {};
  if (input.servers > 1) return {1 / std::max(measure, 1e-9), 0};
  const double regularity = static_cast<double>(input.wait_factor.count) * 1e-6;
  return {1, regularity / (2 * std::max(measure, 1e-3))};
}

double RelaxedProblem::measure(std::size_t target, double work, double second) const {
  const TargetInput& input = m_space->situation().targets[target];
  if (input.servers > 1) return work;
  const double regularity = static_cast<double>(input.wait_factor.count) * 1e-6;
  return work >= 1 ? kEndless : regularity * second / (2 * (1 - work));
}

/// The most of the target's measure at which the leg is in time, its link being empty, rounded up;
/// 0 where it never is. What else runs there is taken to be as harmless as anything can be: of
/// equal mean waits that with the shortest tail is the shortest at every quantile (queueing.hpp),
/// and the tail's residual is third / (3 second) of the sum.
double RelaxedProblem::most_borne(const Demand& demand, std::size_t workload, double skew) {
  const Situation& situation = m_space->situation();
  const TargetInput& target = situation.targets[at(demand.target)];
  const double limit = work_limit(target);
  const Micros objective = situation.workloads[workload].objective;
  const bool single = target.servers <= 1;
  // A single server's wait at the median also hangs on how busy it is.
  if (single && m_space->tail(workload).median) return kEndless;
  double wait = 0;
  double holds = static_cast<double>(demand.station.work);
  if (latency_beside(demand, workload, skew, holds, wait) > objective) return 0;
  // Up to just below the limit, where the station still has a mean wait.
  double breaks = limit - 20;
  if (latency_beside(demand, workload, skew, breaks, wait) <= objective) return kEndless;
  for (int i = 0; i < kHalvings && holds < breaks; ++i) {
    const double middle = (holds + breaks) / 2;
    (latency_beside(demand, workload, skew, middle, wait) <= objective ? holds : breaks) = middle;
  }
  (void)latency_beside(demand, workload, skew, breaks, wait);
  return single ? wait * (1 + 1e-9) + 1e-3 : breaks * 1e-9 + 1e-9;
}

Micros RelaxedProblem::latency_beside(const Demand& demand, std::size_t workload, double skew,
                                      double work, double& wait) {
  const Situation& situation = m_space->situation();
  Flow flow = demand.station;
  const double rest = std::max(0.0, work - static_cast<double>(flow.work));
  flow.work += static_cast<std::int64_t>(rest);
  flow.second += static_cast<std::int64_t>(rest * m_extremes[at(demand.target)].second);
  flow.third = static_cast<std::int64_t>(skew * static_cast<double>(flow.second));
  const Tail& tail = m_space->tail(workload);
  const Queue station = station_view(flow, situation.targets[at(demand.target)]);
  wait = station.wait.mean;
  if (demand.link == kNone || station.overloaded) {
    return combine(demand, tail, station, nullptr, nullptr, {});
  }
  const LinkInput& link = situation.links[at(demand.link)];
  m_flows.assign(m_slots, {});
  m_flows[at(demand.slot)] = demand.up;
  const UplinkView up = uplink_view(link, situation.classes, m_flows, demand.slot);
  const Queue down = downlink_view(demand.down, link.downlink);
  return combine(demand, tail, station, &up, &down, link.downlink);
}

// ---- variants

void RelaxedProblem::add_variants(std::size_t workload) {
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

void RelaxedProblem::add_variant(std::int32_t item_index, Fate fate, std::int64_t unmet,
                                 std::int64_t latency) {
  const SearchSpace::Item& item = m_space->item(at(item_index));
  Variant variant;
  variant.item = item_index;
  variant.workload = item.workload;
  variant.target = item.demand.target;
  variant.fate = fate;
  variant.unmet = unmet;
  variant.latency = latency;
  variant.first_use = m_uses.size();
  if (item.demand.serves) {
    add_leg(variant, item.demand);
    if (item.spill != kNone) add_leg(variant, m_space->spill(item));
  }
  variant.last_use = m_uses.size();
  m_variants.push_back(variant);
}

void RelaxedProblem::use(std::size_t resource, double amount, double capacity) {
  if (amount > 0) m_uses.push_back({resource, amount / std::max(capacity, 1e-9)});
}

/// Memory and data plans are used whatever becomes of the objective; the others only as far as
/// there is an answer.
void RelaxedProblem::add_leg(Variant& variant, const Demand& demand) {
  const std::size_t target = at(demand.target);
  const TargetInput& input = m_space->situation().targets[target];
  if (input.memory.count != INT64_MAX) {
    use(memory(target), static_cast<double>(demand.memory),
        static_cast<double>(input.memory.count));
  }
  const auto work = static_cast<double>(demand.station.work);
  const Extremes& extremes = m_extremes[target];
  use(all_second(target), static_cast<double>(demand.station.second) * kSkewScale,
      extremes.largest_second);
  use(all_third(target), static_cast<double>(demand.station.third) * kSkewScale,
      extremes.largest_second * extremes.largest_skew);
  if (variant.fate != Fate::lost) use(power(target), work, work_limit(input));
  if (variant.fate == Fate::held) {
    use(this->work(target), work * 1e-9, 1);
    use(second(target), static_cast<double>(demand.station.second) * 1e-6, 1);
  }
  if (demand.link != kNone) add_link_uses(demand, variant.fate != Fate::lost);
}

void RelaxedProblem::add_link_uses(const Demand& demand, bool answered) {
  const Situation& situation = m_space->situation();
  const std::size_t l = at(demand.link);
  const LinkInput& link = situation.links[l];
  if (link.quota.count != INT64_MAX) {
    use(quota(l), static_cast<double>(quota_rate(demand)),
        static_cast<double>(std::max<std::int64_t>(link.quota.count, 1'000'000)));
  }
  if (!answered) return;
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
