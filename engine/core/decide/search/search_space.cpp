#include "engine/core/decide/search/search_space.hpp"

#include <algorithm>
#include <tuple>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/shared_use.hpp"

namespace wanwise::core {
namespace {

/// Unmet cost of an item whose memory does not fit: above kNotRun, which is always at hand then.
constexpr std::int64_t kNoMemory = 4 * kNotRun;

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

bool same(const WorkloadInput& a, const WorkloadInput& b) {
  const auto plain = [](const WorkloadInput& w) {
    return std::tie(w.service_class, w.priority, w.quantile, w.objective, w.request, w.response,
                    w.memory, w.current);
  };
  return plain(a) == plain(b) && a.options == b.options;
}

}  // namespace

// ---- preparation

void SearchSpace::prepare(const Situation& situation, Counters& counters) {
  m_situation = &situation;
  m_counters = &counters;
  m_slots = situation.classes.size() + 1;
  const std::size_t count = situation.workloads.size();
  m_items.clear();
  m_spills.clear();
  m_tolls.clear();
  m_ranges.clear();
  m_tails.clear();
  m_width = 0;
  for (std::size_t w = 0; w < count; ++w) {
    m_tails.push_back(tail_of(situation.workloads[w].quantile));
    add_items(w);
  }
  order_workloads();
  find_twins();
  m_priced.clear();
  for (std::size_t t = 0; t < situation.targets.size(); ++t) {
    if (situation.targets[t].price_per_hour.count != 0) m_priced.push_back(t);
  }
  m_crowds.resize(situation.targets.size());
  m_guests.reserve(count);
  m_regrets.reserve(count);
  m_sizes.reserve(count);
  restrict_to({});
}

void SearchSpace::restrict_to(std::span<const std::vector<Index>> options) {
  m_removed.assign(m_items.size(), options.empty() ? 0 : 1);
  for (std::size_t w = 0; w < options.size(); ++w) {
    for (const Index option : options[w]) m_removed[m_ranges[w].first + at(option)] = 0;
  }
  for (const Range& range : m_ranges) {
    bool suspends = false;
    for (std::size_t item = range.first; item + 1 < range.last; ++item) {
      suspends = suspends || (m_removed[item] == 0 && !m_items[item].demand.serves);
    }
    m_removed[range.last - 1] = suspends ? 1 : 0;
  }
}

/// What the tolls add to it: money as money, the rest kept beside.
void SearchSpace::charge(Item& item, const Cost& tolls) {
  item.money += tolls[Goal::money];
  if (!tolls.above_money()) return;
  item.tolls = static_cast<std::int32_t>(m_tolls.size());
  m_tolls.push_back(tolls);
  m_tolls.back()[Goal::money] = 0;
}

/// Those of the options, and "not run" after them.
void SearchSpace::add_items(std::size_t workload) {
  const WorkloadInput& input = m_situation->workloads[workload];
  const Tail& tail = m_tails[workload];
  const std::size_t first = m_items.size();
  for (std::size_t o = 0; o < input.options.size(); ++o) {
    const Option& option = input.options[o];
    Item& item = m_items.emplace_back();
    item.demand = demand_of(*m_situation, input, option, tail);
    item.workload = workload;
    item.priority = input.priority;
    double base = item.demand.base;
    if (const auto spill = spill_of(*m_situation, input, option, tail)) {
      item.spill = static_cast<std::int32_t>(m_spills.size());
      m_spills.push_back(*spill);
      base = std::max(base, spill->base);
    }
    item.option = static_cast<Index>(o);
    item.money = transfer_cost(*m_situation, input, option).count;
    charge(item, tolls_on(*m_situation, input, option));
    item.rank = option.rank;
    item.switches = item.option == input.current ? 0 : 1;
    item.floor = unmet_cost(input, option, Micros{static_cast<std::int64_t>(base)});
  }
  Item& nothing = m_items.emplace_back();
  nothing.demand.serves = false;
  nothing.workload = workload;
  nothing.priority = input.priority;
  nothing.switches = input.current == kNone ? 0 : 1;
  nothing.floor = kNotRun;
  for (std::size_t i = first; i < m_items.size(); ++i) sum_least(m_items[i]);
  m_ranges.push_back({first, m_items.size()});
  m_width = std::max(m_width, m_items.size() - first);
}

void SearchSpace::sum_least(Item& item) const {
  if (item.tolls != kNone) {
    for (std::size_t g = 0; g < kTolledGoals; ++g) {
      const auto goal = static_cast<Goal>(g);
      if (goal != Goal::over_quota) item.least[goal] += toll(item, goal);
    }
  }
  item.least[unmet_goal(item.priority)] += item.floor;
  item.least[Goal::preference] += item.rank;
  item.least[Goal::money] += item.money;
  item.least[Goal::switches] += item.switches;
}

void SearchSpace::order_workloads() {
  m_order.clear();
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    m_order.push_back(w);
  }
  std::stable_sort(m_order.begin(), m_order.end(), [this](std::size_t a, std::size_t b) {
    return m_situation->workloads[a].priority < m_situation->workloads[b].priority;
  });
}

/// Workloads that are the same in everything may trade places: only the order that the tie rule
/// prefers, rising options, is searched.
void SearchSpace::find_twins() {
  m_twin.assign(m_ranges.size(), kNone);
  for (std::size_t w = 1; w < m_ranges.size(); ++w) {
    for (std::size_t earlier = w; earlier-- > 0;) {
      if (same(m_situation->workloads[earlier], m_situation->workloads[w])) {
        m_twin[w] = static_cast<std::int32_t>(earlier);
        break;
      }
    }
  }
}

void SearchSpace::clear(State& state) const {
  state.stations.assign(m_situation->targets.size(), {});
  state.links.assign(m_situation->links.size(), {});
  state.lanes.assign(m_situation->links.size() * m_slots, {});
  state.flows.assign(m_situation->links.size() * m_slots, {});
  state.values.assign(m_items.size(), {});
  state.best.resize(m_ranges.size());
  state.decided.assign(m_ranges.size(), kNone);
  state.base = {};
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    std::size_t first = m_ranges[w].first;
    while (removed(first)) ++first;
    state.best[w] = static_cast<std::int32_t>(first);
    const Item& item = m_items[first];
    state.base[Goal::money] += item.money;
    state.base[Goal::preference] += item.rank;
    state.base[Goal::switches] += item.switches;
    for (std::size_t g = 0; g < kTolledGoals; ++g) {
      state.base.goals[g] += toll(item, static_cast<Goal>(g));
    }
  }
  state.bound = state.base;
}

// ---- values of items

/// The base counts `in` for the workload instead of `out`.
void SearchSpace::exchange(State& state, const Cost& out, const Cost& in) {
  state.base -= out;
  state.base += in;
}

std::uint32_t SearchSpace::version_of(const State& state, const Demand& demand) const {
  const std::uint32_t station = state.stations[at(demand.target)].version;
  return demand.link == kNone ? station : station + state.links[at(demand.link)].version;
}

std::uint32_t SearchSpace::version_of(const State& state, const Item& item) const {
  if (!item.demand.serves) {
    return 1;
  }
  const std::uint32_t first = version_of(state, item.demand);
  return item.spill == kNone ? first : first + version_of(state, m_spills[at(item.spill)]);
}

Micros SearchSpace::latency_inside(State& state, const Item& item) {
  const Tail& tail = m_tails[item.workload];
  const Micros first = leg_inside(state, item.demand, tail);
  return item.spill == kNone ? first
                             : std::max(first, leg_inside(state, m_spills[at(item.spill)], tail));
}

Micros SearchSpace::leg_inside(State& state, const Demand& demand, const Tail& tail) {
  Station& station = state.stations[at(demand.target)];
  if (station.view_version != station.version) {
    station.view = station_view(station.sum, m_situation->targets[at(demand.target)]);
    station.view_version = station.version;
  }
  if (demand.link == kNone) {
    return combine(demand, tail, station.view, nullptr, nullptr, {});
  }
  const LinkInput& input = m_situation->links[at(demand.link)];
  LinkState& link = state.links[at(demand.link)];
  if (link.view_version != link.version) {
    link.view = downlink_view(link.down, input.downlink);
    link.view_version = link.version;
  }
  const std::size_t first = at(demand.link) * m_slots;
  Lane& lane = state.lanes[first + at(demand.slot)];
  if (lane.view_version != link.version) {
    lane.view = uplink_view(input, m_situation->classes,
                            std::span<const Flow>(&state.flows[first], m_slots), demand.slot);
    lane.view_version = link.version;
  }
  return combine(demand, tail, station.view, &lane.view, &link.view, input.downlink);
}

Micros SearchSpace::leg_unseen(const State& state, const Demand& demand, const Tail& tail) const {
  const Queue station =
      station_view(state.stations[at(demand.target)].sum, m_situation->targets[at(demand.target)]);
  if (demand.link == kNone || station.overloaded) {
    return combine(demand, tail, station, nullptr, nullptr, {});
  }
  const LinkInput& input = m_situation->links[at(demand.link)];
  const Queue down = downlink_view(state.links[at(demand.link)].down, input.downlink);
  const std::span<const Flow> flows(&state.flows[at(demand.link) * m_slots], m_slots);
  const UplinkView up = uplink_view(input, m_situation->classes, flows, demand.slot);
  return combine(demand, tail, station, &up, &down, input.downlink);
}

/// Both legs are put there, looked at, and taken away again.
Micros SearchSpace::split_if_added(State& state, const Item& item) {
  const Demand* const legs[] = {&item.demand, &m_spills[at(item.spill)]};
  Flow before[2][3];
  for (std::size_t l = 0; l < 2; ++l) {
    const Demand& leg = *legs[l];
    Flow& station = state.stations[at(leg.target)].sum;
    before[l][0] = station;
    station.add(leg.station);
    if (leg.link == kNone) continue;
    Flow& up = state.flows[at(leg.link) * m_slots + at(leg.slot)];
    Flow& down = state.links[at(leg.link)].down;
    before[l][1] = up;
    before[l][2] = down;
    up.add(leg.up);
    down.add(leg.down);
  }
  const Tail& tail = m_tails[item.workload];
  const Micros latency =
      std::max(leg_unseen(state, *legs[0], tail), leg_unseen(state, *legs[1], tail));
  for (std::size_t l = 2; l-- > 0;) {
    const Demand& leg = *legs[l];
    state.stations[at(leg.target)].sum = before[l][0];
    if (leg.link == kNone) continue;
    state.flows[at(leg.link) * m_slots + at(leg.slot)] = before[l][1];
    state.links[at(leg.link)].down = before[l][2];
  }
  return latency;
}

std::int64_t SearchSpace::quota_if_added(const State& state, const Item& item) const {
  const Demand* const second = item.spill == kNone ? nullptr : &m_spills[at(item.spill)];
  std::int64_t sum = 0;
  const auto count = [&](Index link, std::int64_t rate) {
    if (link == kNone) return;
    const Bps quota = m_situation->links[at(link)].quota;
    const std::int64_t used = state.links[at(link)].quota_rate;
    sum += excess(used + rate, quota) - excess(used, quota);
  };
  const std::int64_t first = quota_rate(item.demand);
  if (second != nullptr && second->link == item.demand.link) {
    count(item.demand.link, first + quota_rate(*second));
    return sum;
  }
  count(item.demand.link, first);
  if (second != nullptr) count(second->link, quota_rate(*second));
  return sum;
}

Micros SearchSpace::latency_if_added(State& state, const Item& item) {
  if (item.spill != kNone) {
    return split_if_added(state, item);
  }
  const Demand& demand = item.demand;
  const Tail& tail = m_tails[item.workload];
  Flow sum = state.stations[at(demand.target)].sum;
  sum.add(demand.station);
  const Queue station = station_view(sum, m_situation->targets[at(demand.target)]);
  if (demand.link == kNone || station.overloaded) {
    return combine(demand, tail, station, nullptr, nullptr, {});
  }
  const LinkInput& input = m_situation->links[at(demand.link)];
  Flow down = state.links[at(demand.link)].down;
  down.add(demand.down);
  const Queue down_view = downlink_view(down, input.downlink);
  const std::size_t first = at(demand.link) * m_slots;
  Flow& lane = state.flows[first + at(demand.slot)];
  const Flow before = lane;
  lane.add(demand.up);
  const UplinkView up =
      uplink_view(input, m_situation->classes, std::span<const Flow>(&state.flows[first], m_slots),
                  demand.slot);
  lane = before;
  return combine(demand, tail, station, &up, &down_view, input.downlink);
}

bool SearchSpace::leg_fits(const State& state, const Demand& demand) const {
  return state.stations[at(demand.target)].memory + demand.memory <=
         m_situation->targets[at(demand.target)].memory.count;
}

bool SearchSpace::fits_memory(const State& state, std::size_t index) const {
  const Item& item = m_items[index];
  if (!item.demand.serves) {
    return true;
  }
  if (item.spill == kNone) {
    return leg_fits(state, item.demand);
  }
  Demand second = m_spills[at(item.spill)];
  if (second.target == item.demand.target) second.memory += item.demand.memory;
  return leg_fits(state, item.demand) && leg_fits(state, second);
}

void SearchSpace::update(State& state, std::size_t index) {
  if (state.values[index].stamp != version_of(state, m_items[index])) {
    refresh(state, index);
  }
}

/// Refreshes the item; where it is the one that the base counts, the base follows.
void SearchSpace::refresh(State& state, std::size_t index) {
  const std::size_t workload = m_items[index].workload;
  if (state.best[workload] != static_cast<std::int32_t>(index)) {
    compute_value(state, index);
    return;
  }
  const Cost before = key_of(state, index);
  compute_value(state, index);
  exchange(state, before, key_of(state, index));
}

void SearchSpace::compute_value(State& state, std::size_t index) {
  const Item& item = m_items[index];
  Value& value = state.values[index];
  value.stamp = version_of(state, item);
  ++m_counters->options_evaluated;
  if (item.option == kNone) {
    value.unmet = kNotRun;
    value.latency = kLatencyLimit;
    return;
  }
  Micros latency;
  if (state.decided[item.workload] == static_cast<std::int32_t>(index)) {
    // What it adds above the quotas was settled by decide().
    latency = item.demand.serves ? latency_inside(state, item) : Micros{};
  } else if (!fits_memory(state, index)) {
    value.unmet = kNoMemory;
    value.quota = kNoMemory;
    value.latency = kLatencyLimit;
    return;
  } else {
    latency = item.demand.serves ? latency_if_added(state, item) : Micros{};
    value.quota = quota_if_added(state, item);
  }
  const WorkloadInput& workload = m_situation->workloads[item.workload];
  value.unmet = unmet_cost(workload, workload.options[at(item.option)], latency);
  value.latency = std::min(latency.count, kLatencyLimit);
}

Cost SearchSpace::key_of(const State& state, std::size_t index) const {
  const Item& item = m_items[index];
  const Value& value = state.values[index];
  Cost key;
  key[unmet_goal(item.priority)] = value.unmet;
  key[Goal::over_quota] = value.quota;
  key[Goal::money] = item.money;
  key[Goal::preference] = item.rank;
  key[Goal::switches] = item.switches;
  key[Goal::latency] = value.latency;
  if (item.tolls != kNone) key += m_tolls[at(item.tolls)];
  return key;
}

Cost SearchSpace::price_of(const State& state, std::size_t index) const {
  Cost key = key_of(state, index);
  key[Goal::money] += opening_price(state, m_items[index]);
  return key;
}

std::int64_t SearchSpace::opening_price(const State& state, const Demand& demand) const {
  const bool open = !demand.serves || state.stations[at(demand.target)].users > 0;
  return open ? 0 : m_situation->targets[at(demand.target)].price_per_hour.count;
}

std::int64_t SearchSpace::opening_price(const State& state, const Item& item) const {
  const std::int64_t first = opening_price(state, item.demand);
  if (item.spill == kNone) {
    return first;
  }
  const Demand& second = m_spills[at(item.spill)];
  return second.target == item.demand.target ? first : first + opening_price(state, second);
}

/// "Not run" is the last item of its workload, so positions compare as the tie rule does.
bool SearchSpace::allowed(const State& state, std::size_t index) const {
  if (m_removed[index] != 0) {
    return false;
  }
  const std::size_t workload = m_items[index].workload;
  const std::int32_t twin = m_twin[workload];
  if (!m_twins_ordered || twin == kNone || state.decided[at(twin)] == kNone) {
    return true;
  }
  const std::size_t offset = at(state.decided[at(twin)]) - m_ranges[at(twin)].first;
  return index - m_ranges[workload].first >= offset;
}

std::size_t SearchSpace::cheapest(State& state, std::size_t workload) {
  const Range range = m_ranges[workload];
  if (state.decided[workload] != kNone) {
    const std::size_t item = at(state.decided[workload]);
    if (state.values[item].stamp != version_of(state, m_items[item])) {
      refresh(state, item);
    }
    return item;
  }
  // While the cheapest stays as it was computed, the others can only have become dearer.
  if (const std::size_t best = at(state.best[workload]);
      allowed(state, best) && state.values[best].stamp != 0 &&
      state.values[best].stamp == version_of(state, m_items[best])) {
    return best;
  }
  for (;;) {
    std::size_t best = range.last;
    Cost lowest;
    for (std::size_t item = range.first; item < range.last; ++item) {
      if (!allowed(state, item)) {
        continue;
      }
      const Cost key = key_of(state, item);
      if (best == range.last || key < lowest) {
        best = item;
        lowest = key;
      }
    }
    if (state.values[best].stamp == version_of(state, m_items[best])) {
      exchange(state, key_of(state, at(state.best[workload])), lowest);
      state.best[workload] = static_cast<std::int32_t>(best);
      return best;
    }
    refresh(state, best);
  }
}

void SearchSpace::decide(State& state, std::size_t index) {
  const Item& item = m_items[index];
  const Cost out = key_of(state, at(state.best[item.workload]));
  state.values[index].quota = quota_if_added(state, item);
  exchange(state, out, price_of(state, index));
  state.decided[item.workload] = static_cast<std::int32_t>(index);
  state.best[item.workload] = static_cast<std::int32_t>(index);
  state.values[index].stamp = 0;
  if (!item.demand.serves) {
    return;
  }
  place_leg(state, item.demand);
  if (item.spill != kNone) {
    place_leg(state, m_spills[at(item.spill)]);
  }
}

void SearchSpace::place_leg(State& state, const Demand& demand) {
  Station& station = state.stations[at(demand.target)];
  station.sum.add(demand.station);
  station.memory += demand.memory;
  ++station.users;
  ++station.version;
  if (demand.link != kNone) {
    LinkState& link = state.links[at(demand.link)];
    link.down.add(demand.down);
    link.quota_rate += quota_rate(demand);
    ++link.version;
    state.flows[at(demand.link) * m_slots + at(demand.slot)].add(demand.up);
  }
}

}  // namespace wanwise::core
