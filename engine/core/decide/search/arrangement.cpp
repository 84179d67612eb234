#include "engine/core/decide/search/arrangement.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::core {
namespace {

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

const SearchSpace::Item& Arrangement::item_of(std::size_t workload) const {
  return m_space->item(at(m_items[workload]));
}

template <class Visit>
void Arrangement::for_each_leg(const SearchSpace::Item& item, Visit visit) const {
  if (!item.demand.serves) return;
  visit(item.demand);
  if (item.spill != kNone) visit(m_space->spill(item));
}

void Arrangement::reset(const SearchSpace& space, std::span<const std::int32_t> items) {
  m_space = &space;
  const Situation& situation = space.situation();
  m_slots = situation.classes.size() + 1;
  m_items.assign(items.begin(), items.end());
  m_next.places.assign(situation.targets.size(), {});
  m_next.lines.assign(situation.links.size(), {});
  m_next.lanes.assign(situation.links.size() * m_slots, {});
  m_next.latency.assign(items.size(), {});
  m_next.unmet.assign(items.size(), 0);
  m_now = m_next;
  m_place_touched.assign(situation.targets.size(), 1);
  m_line_touched.assign(situation.links.size(), 1);
  m_changes.clear();
  load_touched();
  m_fits = memory_suffices();
  m_next_cost = {};
  m_remeasured.clear();
  for (std::size_t w = 0; w < m_items.size(); ++w) {
    add_fixed(m_next_cost, item_of(w), 1);
    measure(w);
    m_next_cost[unmet_goal(item_of(w).priority)] += m_next.unmet[w];
    m_next_cost[Goal::latency] += std::min(m_next.latency[w].count, kLatencyLimit);
  }
  add_shared(m_next_cost);
  for (std::size_t t = 0; t < situation.targets.size(); ++t) {
    if (m_next.places[t].users > 0) {
      m_next_cost[Goal::money] += situation.targets[t].price_per_hour.count;
    }
  }
  keep();
}

void Arrangement::touch(const SearchSpace::Item& item) {
  for_each_leg(item, [this](const Demand& demand) {
    m_place_touched[at(demand.target)] = 1;
    if (demand.link != kNone) m_line_touched[at(demand.link)] = 1;
  });
}

/// What stands on the touched ones, anew: the largest message or job of a flow cannot be taken
/// back.
void Arrangement::load_touched() {
  for (std::size_t t = 0; t < m_place_touched.size(); ++t) {
    if (m_place_touched[t]) m_next.places[t] = {};
  }
  for (std::size_t l = 0; l < m_line_touched.size(); ++l) {
    if (!m_line_touched[l]) continue;
    m_next.lines[l] = {};
    std::fill_n(m_next.lanes.begin() + static_cast<std::ptrdiff_t>(l * m_slots), m_slots, Lane{});
  }
  for (std::size_t w = 0; w < m_items.size(); ++w) {
    for_each_leg(item_of(w), [this](const Demand& demand) { put(demand); });
  }
}

void Arrangement::put(const Demand& demand) {
  if (m_place_touched[at(demand.target)]) {
    Place& place = m_next.places[at(demand.target)];
    place.sum.add(demand.station);
    place.memory += demand.memory;
    ++place.users;
  }
  if (demand.link == kNone || !m_line_touched[at(demand.link)]) return;
  Line& line = m_next.lines[at(demand.link)];
  line.down.add(demand.down);
  line.quota_rate += quota_rate(demand);
  m_next.lanes[at(demand.link) * m_slots + at(demand.slot)].flow.add(demand.up);
}

bool Arrangement::touched(const SearchSpace::Item& item) const {
  bool any = false;
  for_each_leg(item, [&](const Demand& demand) {
    any = any || m_place_touched[at(demand.target)] ||
          (demand.link != kNone && m_line_touched[at(demand.link)]);
  });
  return any;
}

bool Arrangement::memory_suffices() const {
  for (std::size_t t = 0; t < m_next.places.size(); ++t) {
    if (m_next.places[t].memory > m_space->situation().targets[t].memory.count) return false;
  }
  return true;
}

Micros Arrangement::latency_of(const SearchSpace::Item& item) {
  const Tail& tail = m_space->tail(item.workload);
  const Micros first = leg_latency(item.demand, tail);
  return item.spill == kNone ? first : std::max(first, leg_latency(m_space->spill(item), tail));
}

Micros Arrangement::leg_latency(const Demand& demand, const Tail& tail) {
  const Situation& situation = m_space->situation();
  Place& place = m_next.places[at(demand.target)];
  if (!place.viewed) {
    place.view = station_view(place.sum, situation.targets[at(demand.target)]);
    place.viewed = true;
  }
  if (demand.link == kNone) return combine(demand, tail, place.view, nullptr, nullptr, {});
  const LinkInput& input = situation.links[at(demand.link)];
  Line& line = m_next.lines[at(demand.link)];
  if (!line.viewed) {
    line.view = downlink_view(line.down, input.downlink);
    line.viewed = true;
  }
  Lane& lane = m_next.lanes[at(demand.link) * m_slots + at(demand.slot)];
  if (!lane.viewed) {
    m_flows.resize(m_slots);
    for (std::size_t k = 0; k < m_slots; ++k) {
      m_flows[k] = m_next.lanes[at(demand.link) * m_slots + k].flow;
    }
    lane.view = uplink_view(input, situation.classes, m_flows, demand.slot);
    lane.viewed = true;
  }
  return combine(demand, tail, place.view, &lane.view, &line.view, input.downlink);
}

void Arrangement::measure(std::size_t workload) {
  const SearchSpace::Item& item = item_of(workload);
  m_remeasured.push_back(workload);
  if (item.option == kNone) {
    m_next.latency[workload] = kNever;
    m_next.unmet[workload] = kNotRun;
    return;
  }
  const WorkloadInput& input = m_space->situation().workloads[workload];
  const Micros latency = item.demand.serves ? latency_of(item) : Micros{};
  m_next.latency[workload] = latency;
  m_next.unmet[workload] = unmet_cost(input, input.options[at(item.option)], latency);
}

// ---- costs

/// What an item adds whatever runs beside it.
void Arrangement::add_fixed(Cost& cost, const SearchSpace::Item& item, std::int64_t sign) const {
  cost[Goal::money] += sign * item.money;
  cost[Goal::preference] += sign * item.rank;
  cost[Goal::switches] += sign * item.switches;
  if (item.tolls == kNone) return;
  for (std::size_t g = 0; g < SearchSpace::kTolledGoals; ++g) {
    const auto goal = static_cast<Goal>(g);
    if (goal != Goal::over_quota) cost[goal] += sign * m_space->toll(item, goal);
  }
}

void Arrangement::add_shared(Cost& cost) const {
  cost[Goal::over_quota] = 0;
  for (std::size_t l = 0; l < m_next.lines.size(); ++l) {
    cost[Goal::over_quota] +=
        excess(m_next.lines[l].quota_rate, m_space->situation().links[l].quota);
  }
}

/// Hourly prices of the targets that the changes open, less those that they close.
std::int64_t Arrangement::price_of_changes(std::span<const Change> changes) const {
  const std::vector<TargetInput>& targets = m_space->situation().targets;
  std::int64_t sum = 0;
  const auto users_change = [&](std::size_t target) {
    std::int32_t users = 0;
    const auto count = [&](const SearchSpace::Item& item, std::int32_t sign) {
      for_each_leg(item, [&](const Demand& d) { users += at(d.target) == target ? sign : 0; });
    };
    for (const Change& change : changes) {
      count(item_of(change.workload), -1);
      count(m_space->item(at(change.item)), 1);
    }
    return users;
  };
  for (const std::size_t target : m_space->priced()) {
    const std::int32_t before = m_now.places[target].users;
    const std::int32_t after = before + users_change(target);
    if ((before > 0) == (after > 0)) continue;
    const std::int64_t price = targets[target].price_per_hour.count;
    sum += after > 0 ? price : -price;
  }
  return sum;
}

/// At best a change relieves everybody on what it leaves of all that load can cause.
bool Arrangement::promising(std::span<const Change> changes) const {
  Cost least = m_cost;
  for (const Change& change : changes) {
    least += m_space->item(at(change.item)).least;
    least -= m_relief[change.workload];
  }
  least[Goal::over_quota] = 0;
  least[Goal::latency] = 0;
  const auto money = static_cast<std::size_t>(Goal::money);
  for (std::size_t g = 0; g < std::min(money, m_goals); ++g) {
    if (least.goals[g] != m_cost.goals[g]) return least.goals[g] < m_cost.goals[g];
  }
  if (m_goals <= money) return false;
  least[Goal::money] += price_of_changes(changes);
  return lower(least);
}

bool Arrangement::lower(const Cost& cost) const {
  const auto last = static_cast<std::ptrdiff_t>(m_goals);
  return std::lexicographical_compare(cost.goals.begin(), cost.goals.begin() + last,
                                      m_cost.goals.begin(), m_cost.goals.begin() + last);
}

/// What of the unmet is due to load, by what is loaded.
void Arrangement::sum_pain() {
  m_place_pain.assign(m_now.places.size(), {});
  m_line_pain.assign(m_now.lines.size(), {});
  for (std::size_t w = 0; w < m_items.size(); ++w) {
    const SearchSpace::Item& item = item_of(w);
    const std::int64_t pain = m_now.unmet[w] - item.floor;
    if (pain <= 0) continue;
    const auto p = static_cast<std::size_t>(item.priority);
    for_each_leg(item, [&](const Demand& demand) {
      m_place_pain[at(demand.target)][p] += pain;
      if (demand.link != kNone) m_line_pain[at(demand.link)][p] += pain;
    });
  }
  sum_relief();
}

/// What goes at most when a workload leaves its item.
void Arrangement::sum_relief() {
  m_relief.resize(m_items.size());
  for (std::size_t w = 0; w < m_items.size(); ++w) {
    const SearchSpace::Item& item = item_of(w);
    Cost& relief = m_relief[w];
    relief = item.least;
    relief[unmet_goal(item.priority)] += m_now.unmet[w] - item.floor;
    const auto add = [&relief](const Pain& pain) {
      for (const Priority p : kAllPriorities) {
        relief[unmet_goal(p)] += pain[static_cast<std::size_t>(p)];
      }
    };
    for_each_leg(item, [&](const Demand& demand) {
      add(m_place_pain[at(demand.target)]);
      if (demand.link != kNone) add(m_line_pain[at(demand.link)]);
    });
  }
}

bool Arrangement::lowers(std::span<const Change> changes) {
  std::fill(m_place_touched.begin(), m_place_touched.end(), 0);
  std::fill(m_line_touched.begin(), m_line_touched.end(), 0);
  m_next_cost = m_cost;
  m_next_cost[Goal::money] += price_of_changes(changes);
  m_changes.assign(changes.begin(), changes.end());
  for (Change& change : m_changes) {
    touch(item_of(change.workload));
    add_fixed(m_next_cost, item_of(change.workload), -1);
    std::swap(m_items[change.workload], change.item);
    touch(item_of(change.workload));
    add_fixed(m_next_cost, item_of(change.workload), 1);
  }
  load_touched();
  m_remeasured.clear();
  const bool better = memory_suffices() && measure_touched(changes) && lower(m_next_cost);
  for (Change& change : m_changes) std::swap(m_items[change.workload], change.item);
  if (!better) copy_touched(m_now, m_next);
  return better;
}

/// By priority; false as soon as a goal that is complete by then is the worse for the changes.
bool Arrangement::measure_touched(std::span<const Change> changes) {
  add_shared(m_next_cost);
  Priority done = Priority::critical;
  for (const std::size_t w : m_space->order()) {
    const SearchSpace::Item& item = item_of(w);
    if (item.priority != done) {
      if (worse_before(unmet_goal(item.priority))) return false;
      done = item.priority;
    }
    const bool changed = std::any_of(changes.begin(), changes.end(),
                                     [w](const Change& c) { return c.workload == w; });
    if (!changed && !touched(item)) continue;
    measure(w);
    m_next_cost[unmet_goal(item.priority)] += m_next.unmet[w] - m_now.unmet[w];
    m_next_cost[Goal::latency] += std::min(m_next.latency[w].count, kLatencyLimit) -
                                  std::min(m_now.latency[w].count, kLatencyLimit);
  }
  return true;
}

bool Arrangement::worse_before(Goal goal) const {
  const auto last = static_cast<std::ptrdiff_t>(goal);
  return std::lexicographical_compare(m_cost.goals.begin(), m_cost.goals.begin() + last,
                                      m_next_cost.goals.begin(), m_next_cost.goals.begin() + last);
}

void Arrangement::copy_touched(const Board& from, Board& to) const {
  for (std::size_t t = 0; t < m_place_touched.size(); ++t) {
    if (m_place_touched[t]) to.places[t] = from.places[t];
  }
  for (std::size_t l = 0; l < m_line_touched.size(); ++l) {
    if (!m_line_touched[l]) continue;
    to.lines[l] = from.lines[l];
    const auto first = static_cast<std::ptrdiff_t>(l * m_slots);
    std::copy_n(from.lanes.begin() + first, m_slots, to.lanes.begin() + first);
  }
  for (const std::size_t w : m_remeasured) {
    to.latency[w] = from.latency[w];
    to.unmet[w] = from.unmet[w];
  }
}

void Arrangement::keep() {
  for (Change& change : m_changes) std::swap(m_items[change.workload], change.item);
  m_cost = m_next_cost;
  copy_touched(m_next, m_now);
  sum_pain();
}

}  // namespace wanwise::core
