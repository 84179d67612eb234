#include "engine/core/search.hpp"

#include <algorithm>
#include <tuple>

#include "engine/core/latency.hpp"

namespace wanwise::core {
namespace {

/// Unmet cost of an item whose memory does not fit: above kNotRun, which is always at hand then.
constexpr std::int64_t kNoMemory = 4 * kNotRun;
/// Passes of the local improvement: each strictly lowers the cost, so this is only its budget.
constexpr int kImprovePasses = 4;

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

Search::Search(const Situation& situation, SolveLimits limits, Counters& counters)
    : m_situation(situation),
      m_limits(limits),
      m_counters(counters),
      m_slots(situation.classes.size() + 1) {
  const std::size_t count = situation.workloads.size();
  m_ranges.reserve(count);
  m_tails.reserve(count);
  for (std::size_t w = 0; w < count; ++w) {
    m_tails.push_back(tail_of(situation.workloads[w].quantile));
    add_items(w);
  }
  m_removed.resize(m_items.size());
  m_best_items.resize(count);
  order_workloads();
  find_twins();
  m_others = empty_state();
  m_trial = m_others;
  m_states.reserve(count + 1);
  m_states.push_back(m_others);
}

void Search::add_items(std::size_t workload) {
  const WorkloadInput& input = m_situation.workloads[workload];
  const std::size_t first = m_items.size();
  bool needs_memory = true;
  for (std::size_t o = 0; o < input.options.size(); ++o) {
    const Option& option = input.options[o];
    Item item;
    item.demand = demand_of(m_situation, input, option);
    item.workload = static_cast<Index>(workload);
    item.option = static_cast<Index>(o);
    item.money = transfer_cost(m_situation, input, option).count;
    item.rank = option.rank;
    item.switches = item.option == input.current ? 0 : 1;
    needs_memory = needs_memory && item.demand.serves;
    m_items.push_back(item);
  }
  if (needs_memory) {
    Item nothing;
    nothing.demand.serves = false;
    nothing.workload = static_cast<Index>(workload);
    nothing.switches = input.current == kNone ? 0 : 1;
    m_items.push_back(nothing);
  }
  m_ranges.push_back({first, m_items.size()});
  m_width = std::max(m_width, m_items.size() - first);
}

void Search::order_workloads() {
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    m_order.push_back(w);
  }
  std::stable_sort(m_order.begin(), m_order.end(), [this](std::size_t a, std::size_t b) {
    return m_situation.workloads[a].priority < m_situation.workloads[b].priority;
  });
}

/// Workloads that are the same in everything may trade places: only the order that the tie rule
/// prefers, rising options, is searched.
void Search::find_twins() {
  m_twin.assign(m_ranges.size(), kNone);
  for (std::size_t w = 1; w < m_ranges.size(); ++w) {
    for (std::size_t earlier = w; earlier-- > 0;) {
      if (same(m_situation.workloads[earlier], m_situation.workloads[w])) {
        m_twin[w] = static_cast<std::int32_t>(earlier);
        break;
      }
    }
  }
}

Search::State Search::empty_state() const {
  State state;
  state.stations.resize(m_situation.targets.size());
  state.links.resize(m_situation.links.size());
  state.lanes.resize(m_situation.links.size() * m_slots);
  state.flows.resize(m_situation.links.size() * m_slots);
  state.values.resize(m_items.size());
  state.best.resize(m_ranges.size());
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    state.best[w] = static_cast<std::int32_t>(m_ranges[w].first);
  }
  state.decided.assign(m_ranges.size(), kNone);
  return state;
}

// ---- values of items

std::uint32_t Search::version_of(const State& state, const Item& item) const {
  if (!item.demand.serves) {
    return 1;
  }
  const std::uint32_t station = state.stations[at(item.demand.target)].version;
  return item.demand.link == kNone ? station : station + state.links[at(item.demand.link)].version;
}

Micros Search::latency_inside(State& state, const Item& item) {
  const Demand& demand = item.demand;
  const Tail& tail = m_tails[at(item.workload)];
  Station& station = state.stations[at(demand.target)];
  if (station.view_version != station.version) {
    station.view = station_view(station.sum, m_situation.targets[at(demand.target)].servers);
    station.view_version = station.version;
  }
  if (demand.link == kNone) {
    return combine(demand, tail, station.view, nullptr, nullptr, {});
  }
  const LinkInput& input = m_situation.links[at(demand.link)];
  LinkState& link = state.links[at(demand.link)];
  if (link.view_version != link.version) {
    link.view = downlink_view(link.down, input.downlink);
    link.view_version = link.version;
  }
  const std::size_t first = at(demand.link) * m_slots;
  Lane& lane = state.lanes[first + at(demand.slot)];
  if (lane.view_version != link.version) {
    lane.view = uplink_view(input, m_situation.classes,
                            std::span<const Flow>(&state.flows[first], m_slots), demand.slot);
    lane.view_version = link.version;
  }
  return combine(demand, tail, station.view, &lane.view, &link.view, input.downlink);
}

Micros Search::latency_if_added(State& state, const Item& item) {
  const Demand& demand = item.demand;
  const Tail& tail = m_tails[at(item.workload)];
  Flow sum = state.stations[at(demand.target)].sum;
  sum.add(demand.station);
  const Queue station = station_view(sum, m_situation.targets[at(demand.target)].servers);
  if (demand.link == kNone || station.overloaded) {
    return combine(demand, tail, station, nullptr, nullptr, {});
  }
  const LinkInput& input = m_situation.links[at(demand.link)];
  Flow down = state.links[at(demand.link)].down;
  down.add(demand.down);
  const Queue down_view = downlink_view(down, input.downlink);
  const std::size_t first = at(demand.link) * m_slots;
  Flow& lane = state.flows[first + at(demand.slot)];
  const Flow before = lane;
  lane.add(demand.up);
  const UplinkView up = uplink_view(
      input, m_situation.classes, std::span<const Flow>(&state.flows[first], m_slots), demand.slot);
  lane = before;
  return combine(demand, tail, station, &up, &down_view, input.downlink);
}

void Search::refresh(State& state, std::size_t index) {
  const Item& item = m_items[index];
  Value& value = state.values[index];
  value.stamp = version_of(state, item);
  ++m_counters.options_evaluated;
  if (item.option == kNone) {
    value.unmet = kNotRun;
    value.latency = kLatencyLimit;
    return;
  }
  const WorkloadInput& workload = m_situation.workloads[at(item.workload)];
  Micros latency;
  if (item.demand.serves) {
    const bool inside = state.decided[at(item.workload)] == static_cast<std::int32_t>(index);
    const std::size_t target = at(item.demand.target);
    if (!inside && state.stations[target].memory + item.demand.memory >
                       m_situation.targets[target].memory.count) {
      value.unmet = kNoMemory;
      value.latency = kLatencyLimit;
      return;
    }
    latency = inside ? latency_inside(state, item) : latency_if_added(state, item);
  }
  value.unmet = unmet_cost(workload, workload.options[at(item.option)], latency);
  value.latency = std::min(latency.count, kLatencyLimit);
}

Search::Key Search::key_of(const State& state, std::size_t index) const {
  const Item& item = m_items[index];
  const Value& value = state.values[index];
  return {value.unmet, item.money, item.rank, item.switches, value.latency};
}

std::int64_t Search::opening_price(const State& state, const Item& item) const {
  if (!item.demand.serves || state.stations[at(item.demand.target)].users > 0) {
    return 0;
  }
  return m_situation.targets[at(item.demand.target)].price_per_hour.count;
}

/// "Not run" is the last item of its workload, so positions compare as the tie rule does.
bool Search::allowed(const State& state, std::size_t index) const {
  if (m_removed[index] != 0) {
    return false;
  }
  const std::size_t workload = at(m_items[index].workload);
  const std::int32_t twin = m_twin[workload];
  if (twin == kNone || state.decided[at(twin)] == kNone) {
    return true;
  }
  const std::size_t offset = at(state.decided[at(twin)]) - m_ranges[at(twin)].first;
  return index - m_ranges[workload].first >= offset;
}

std::size_t Search::cheapest(State& state, std::size_t workload) {
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
    Key lowest;
    for (std::size_t item = range.first; item < range.last; ++item) {
      if (!allowed(state, item)) {
        continue;
      }
      const Key key = key_of(state, item);
      if (best == range.last || key < lowest) {
        best = item;
        lowest = key;
      }
    }
    if (state.values[best].stamp == version_of(state, m_items[best])) {
      state.best[workload] = static_cast<std::int32_t>(best);
      return best;
    }
    refresh(state, best);
  }
}

void Search::decide(State& state, std::size_t index) {
  const Item& item = m_items[index];
  state.decided[at(item.workload)] = static_cast<std::int32_t>(index);
  state.best[at(item.workload)] = static_cast<std::int32_t>(index);
  state.values[index].stamp = 0;
  if (!item.demand.serves) {
    return;
  }
  Station& station = state.stations[at(item.demand.target)];
  station.sum.add(item.demand.station);
  station.memory += item.demand.memory;
  ++station.users;
  ++station.version;
  if (item.demand.link != kNone) {
    LinkState& link = state.links[at(item.demand.link)];
    link.down.add(item.demand.down);
    ++link.version;
    state.flows[at(item.demand.link) * m_slots + at(item.demand.slot)].add(item.demand.up);
  }
}

/// What the workload adds beyond its key because its target is not paid for yet.
Search::Key Search::opening_bound(const State& state, std::size_t workload) const {
  const Range range = m_ranges[workload];
  const Key lowest = key_of(state, at(state.best[workload]));
  Key with_price;
  bool have = false;
  for (std::size_t item = range.first; item < range.last; ++item) {
    if (!allowed(state, item)) {
      continue;
    }
    Key key = key_of(state, item);
    key.money += opening_price(state, m_items[item]);
    if (!have || key < with_price) {
      have = true;
      with_price = key;
    }
  }
  return {with_price.unmet - lowest.unmet, with_price.money - lowest.money,
          with_price.preference - lowest.preference, with_price.switches - lowest.switches,
          with_price.latency - lowest.latency};
}

namespace {

template <class KeyType>
void add_key(Cost& cost, std::size_t priority, const KeyType& key, std::int64_t sign = 1) {
  cost.unmet[priority] += sign * key.unmet;
  cost.per_hour.count += sign * key.money;
  cost.preference += sign * key.preference;
  cost.switches += sign * key.switches;
  cost.latency += sign * key.latency;
}

}  // namespace

/// Sum of the cheapest keys, of the targets paid for, and of one opening: lexicographic order is
/// kept by addition, so the least sum is the sum of the least.
void Search::compute_bound(State& state) {
  Cost sum;
  Cost opening;
  for (std::size_t t = 0; t < state.stations.size(); ++t) {
    if (state.stations[t].users > 0) {
      sum.per_hour += m_situation.targets[t].price_per_hour;
    }
  }
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    const std::size_t item = cheapest(state, w);
    const auto priority = static_cast<std::size_t>(m_situation.workloads[w].priority);
    add_key(sum, priority, key_of(state, item));
    if (state.decided[w] == kNone && opening_price(state, m_items[item]) > 0) {
      Cost extra;
      add_key(extra, priority, opening_bound(state, w));
      opening = std::max(opening, extra);
    }
  }
  state.base = sum;
  for (std::size_t p = 0; p < kPriorities; ++p) {
    sum.unmet[p] += opening.unmet[p];
  }
  sum.per_hour += opening.per_hour;
  sum.preference += opening.preference;
  sum.switches += opening.switches;
  sum.latency += opening.latency;
  state.bound = sum;
}

// ---- incumbents

void Search::offer(const State& complete) {
  if (m_have && complete.bound > m_best) {
    return;
  }
  const bool better = !m_have || complete.bound < m_best ||
                      std::lexicographical_compare(complete.decided.begin(), complete.decided.end(),
                                                   m_best_items.begin(), m_best_items.end());
  if (better) {
    m_have = true;
    m_best = complete.bound;
    m_best_items = complete.decided;
  }
}

/// By priority, each workload takes what is cheapest beside those before it.
void Search::greedy() {
  m_trial = m_states[0];
  for (const std::size_t w : m_order) {
    const Range range = m_ranges[w];
    std::size_t best = range.last;
    Key lowest;
    for (std::size_t item = range.first; item < range.last; ++item) {
      if (!allowed(m_trial, item)) {
        continue;
      }
      refresh(m_trial, item);
      Key key = key_of(m_trial, item);
      key.money += opening_price(m_trial, m_items[item]);
      if (best == range.last || key < lowest) {
        best = item;
        lowest = key;
      }
    }
    decide(m_trial, best);
  }
  compute_bound(m_trial);
  offer(m_trial);
}

void Search::try_current() {
  m_trial = m_states[0];
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    const Index current = m_situation.workloads[w].current;
    if (current == kNone) {
      return;
    }
    const std::size_t item = m_ranges[w].first + at(current);
    refresh(m_trial, item);
    if (m_trial.values[item].unmet == kNoMemory) {
      return;
    }
    decide(m_trial, item);
  }
  compute_bound(m_trial);
  offer(m_trial);
}

/// Moves one workload at a time while that lowers the cost.
void Search::improve() {
  for (int pass = 0; pass < kImprovePasses; ++pass) {
    bool improved = false;
    for (const std::size_t w : m_open) {
      improved = improve_one(w) || improved;
    }
    if (!improved) {
      return;
    }
  }
}

bool Search::improve_one(std::size_t workload) {
  m_others = m_states[0];
  for (const std::size_t w : m_open) {
    if (w != workload) {
      decide(m_others, at(m_best_items[w]));
    }
  }
  const Cost before = m_best;
  const std::int32_t here = m_best_items[workload];
  const Range range = m_ranges[workload];
  for (std::size_t item = range.first; item < range.last; ++item) {
    if (m_removed[item] != 0 || static_cast<std::int32_t>(item) == here) {
      continue;
    }
    refresh(m_others, item);
    if (m_others.values[item].unmet == kNoMemory) {
      continue;
    }
    m_trial = m_others;
    decide(m_trial, item);
    compute_bound(m_trial);
    offer(m_trial);
  }
  return m_best < before;
}

// ---- the tree

namespace {

/// Bound of a state in which one workload takes `in` instead of `out`, and pays for its target.
template <class KeyType>
Cost exchange(Cost base, std::size_t priority, const KeyType& out, const KeyType& in,
              std::int64_t price) {
  add_key(base, priority, out, -1);
  add_key(base, priority, in);
  base.per_hour.count += price;
  return base;
}

}  // namespace

/// Removes every option whose choice alone lifts the bound over the incumbent.
bool Search::remove_hopeless(State& root) {
  bool removed = false;
  for (const std::size_t w : m_open) {
    const Key lowest = key_of(root, cheapest(root, w));
    const auto priority = static_cast<std::size_t>(m_situation.workloads[w].priority);
    for (std::size_t item = m_ranges[w].first; item < m_ranges[w].last; ++item) {
      if (m_removed[item] != 0) {
        continue;
      }
      if (root.values[item].stamp != version_of(root, m_items[item])) {
        refresh(root, item);
      }
      if (exchange(root.base, priority, lowest, key_of(root, item),
                   opening_price(root, m_items[item])) > m_best) {
        m_removed[item] = 1;
        removed = true;
      }
    }
  }
  return removed;
}

/// Decides what has one option left, until nothing more follows from that.
void Search::fix_root() {
  State& root = m_states[0];
  while (remove_hopeless(root)) {
    const auto decided = [this, &root](std::size_t w) {
      const Range range = m_ranges[w];
      std::size_t left = 0;
      std::size_t last = range.first;
      for (std::size_t item = range.first; item < range.last; ++item) {
        if (m_removed[item] == 0) {
          ++left;
          last = item;
        }
      }
      if (left != 1) {
        return false;
      }
      decide(root, last);
      return true;
    };
    m_open.erase(std::remove_if(m_open.begin(), m_open.end(), decided), m_open.end());
    compute_bound(root);
  }
}

/// No completion of this state beats the incumbent, be it by the tie rule.
bool Search::hopeless(const State& state) const {
  if (state.bound != m_best) {
    return state.bound > m_best;
  }
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    const std::int32_t kept = m_best_items[w];
    if (state.decided[w] != kNone) {
      if (state.decided[w] != kept) {
        return state.decided[w] > kept;
      }
      continue;
    }
    for (std::size_t item = m_ranges[w].first; item < at(kept); ++item) {
      if (allowed(state, item)) {
        return false;
      }
    }
    if (!allowed(state, at(kept))) {
      return true;
    }
  }
  return true;
}

std::size_t Search::list_children(std::size_t depth) {
  State& state = m_states[depth];
  const std::size_t w = m_open[depth];
  const auto priority = static_cast<std::size_t>(m_situation.workloads[w].priority);
  const Key lowest = key_of(state, cheapest(state, w));
  const auto first = m_children.begin() + static_cast<std::ptrdiff_t>(depth * m_width);
  std::size_t count = 0;
  for (std::size_t item = m_ranges[w].first; item < m_ranges[w].last; ++item) {
    if (!allowed(state, item)) {
      continue;
    }
    if (state.values[item].stamp != version_of(state, m_items[item])) {
      refresh(state, item);
    }
    const Cost bound = exchange(state.base, priority, lowest, key_of(state, item),
                                opening_price(state, m_items[item]));
    if (bound > m_best || state.values[item].unmet == kNoMemory) {
      continue;
    }
    const auto place =
        std::upper_bound(first, first + static_cast<std::ptrdiff_t>(count), bound,
                         [](const Cost& value, const Child& child) { return value < child.bound; });
    std::move_backward(place, first + static_cast<std::ptrdiff_t>(count),
                       first + static_cast<std::ptrdiff_t>(count) + 1);
    *place = {bound, static_cast<std::int32_t>(item)};
    ++count;
  }
  return count;
}

void Search::descend(std::size_t depth) {
  const std::size_t count = list_children(depth);
  for (std::size_t c = 0; c < count; ++c) {
    const Child child = m_children[depth * m_width + c];
    if (child.bound > m_best) {
      return;
    }
    if (m_nodes >= m_limits.nodes) {
      m_skipped = m_exhausted ? std::min(m_skipped, child.bound) : child.bound;
      m_exhausted = true;
      return;
    }
    ++m_nodes;
    ++m_counters.nodes_visited;
    State& state = m_states[depth + 1];
    state = m_states[depth];
    decide(state, at(child.item));
    compute_bound(state);
    if (hopeless(state)) {
      continue;
    }
    if (depth + 1 == m_open.size()) {
      offer(state);
    } else {
      descend(depth + 1);
    }
  }
}

Solution Search::answer() const {
  Solution solution;
  for (const std::int32_t item : m_best_items) {
    solution.chosen.push_back(m_items[at(item)].option);
  }
  solution.cost = m_best;
  solution.proved = !m_exhausted || m_skipped > m_best;
  solution.bound = solution.proved ? m_best : m_skipped;
  return solution;
}

Solution Search::run() {
  ++m_counters.decisions;
  m_open = m_order;
  compute_bound(m_states[0]);
  greedy();
  try_current();
  fix_root();
  if (!m_open.empty()) {
    improve();
    fix_root();
  }
  if (!m_open.empty()) {
    m_states.resize(m_open.size() + 1, m_states[0]);
    m_children.resize(m_open.size() * m_width);
    descend(0);
  } else {
    offer(m_states[0]);
  }
  return answer();
}

}  // namespace wanwise::core
