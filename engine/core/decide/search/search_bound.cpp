// The lower bound of a state: SearchSpace::compute_bound() and what it is made of.
#include <algorithm>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/search/search_space.hpp"

namespace wanwise::core {
namespace {

/// Busy server-nanoseconds per second up to which a station is not overloaded; a little above, for
/// the station itself compares rounded numbers.
std::int64_t work_limit(const TargetInput& target) {
  return (static_cast<std::int64_t>(kMaxUtilisation * 1e9) + 10) * std::max(target.servers, 1);
}

}  // namespace

/// Sum of the cheapest keys and of the targets paid for, and what they cannot all have: the
/// lexicographic order is kept by addition, so the least sum is the sum of the least. The sum is
/// carried along in the base, and only keys whose station or link changed are computed.
void SearchSpace::compute_bound(State& state, const Cost* limit) {
  std::fill(m_crowds.begin(), m_crowds.end(), Crowd{});
  Cost extra;
  for (const std::size_t w : m_order) {
    const Item& item = m_items[cheapest(state, w)];
    if (limit != nullptr && state.base > *limit) {
      state.bound = state.base;
      return;
    }
    if (state.decided[w] != kNone || !item.demand.serves) {
      continue;
    }
    Crowd& crowd = m_crowds[static_cast<std::size_t>(item.demand.target)];
    crowd.memory += item.demand.memory;
    crowd.work += item.demand.station.work;
    ++crowd.users;
    if (opening_price(state, item) > 0) {
      extra = std::max(extra, opening_bound(state, w));
    }
  }
  state.bound = state.base;
  state.bound += std::max(extra, crowding_bound(state));
}

Cost SearchSpace::bound_with(const State& state, std::size_t index) const {
  const Item& item = m_items[index];
  Cost bound = state.base;
  bound -= key_of(state, static_cast<std::size_t>(state.best[item.workload]));
  bound += price_of(state, index);
  return bound;
}

/// What the workload adds beyond its key because its target is not paid for yet.
Cost SearchSpace::opening_bound(const State& state, std::size_t workload) const {
  const Range range = m_ranges[workload];
  Cost lowest;
  bool have = false;
  for (std::size_t item = range.first; item < range.last; ++item) {
    if (!allowed(state, item)) {
      continue;
    }
    const Cost key = price_of(state, item);
    if (!have || key < lowest) {
      have = true;
      lowest = key;
    }
  }
  const std::size_t best = static_cast<std::size_t>(state.best[workload]);
  Cost extra = lowest;
  extra -= key_of(state, best);
  return extra;
}

/// Workloads that look cheapest on a target without room for all of them: some take their second
/// choice, or, where it is the accelerator that is too small, all on it break their objective.
/// Summed over the targets, for each workload looks cheapest on one.
Cost SearchSpace::crowding_bound(const State& state) {
  Cost sum;
  for (std::size_t t = 0; t < state.stations.size(); ++t) {
    const Crowd& crowd = m_crowds[t];
    if (crowd.users == 0) {
      continue;
    }
    const Station& station = state.stations[t];
    const std::int64_t memory =
        crowd.memory - (m_situation->targets[t].memory.count - station.memory);
    const std::int64_t work = crowd.work + station.sum.work - work_limit(m_situation->targets[t]);
    if (memory <= 0 && work <= 0) {
      continue;
    }
    list_guests(state, t);
    Cost most;
    if (memory > 0) {
      most = leaving_bound(memory, &Guest::memory);
    }
    if (work > 0) {
      most = std::max(most, std::min(leaving_bound(work, &Guest::work), staying_bound(state, t)));
    }
    sum += most;
  }
  return sum;
}

void SearchSpace::list_guests(const State& state, std::size_t target) {
  m_guests.clear();
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    const auto best = static_cast<std::size_t>(state.best[w]);
    const Item& item = m_items[best];
    if (state.decided[w] != kNone || !item.demand.serves ||
        item.demand.target != static_cast<Index>(target)) {
      continue;
    }
    Cost second;
    second[Goal::unmet_critical] = kImpossible / 1'000;
    for (std::size_t other = m_ranges[w].first; other < m_ranges[w].last; ++other) {
      if (other != best && allowed(state, other)) {
        second = std::min(second, key_of(state, other));
      }
    }
    const Cost key = key_of(state, best);
    Guest guest;
    guest.regret = second;
    guest.regret -= key;
    const WorkloadInput& workload = m_situation->workloads[w];
    const Option& option = workload.options[static_cast<std::size_t>(item.option)];
    const std::int64_t unmet = state.values[best].unmet;
    guest.broken[unmet_goal(item.priority)] =
        std::max<std::int64_t>(0, unmet_cost(workload, option, kNever) - unmet);
    guest.memory = item.demand.memory;
    guest.work = item.demand.station.work;
    m_guests.push_back(guest);
  }
}

/// The fewest that must leave are those of the largest sizes; they regret it least of all.
Cost SearchSpace::leaving_bound(std::int64_t excess, std::int64_t Guest::*size) {
  m_sizes.clear();
  m_regrets.clear();
  for (const Guest& guest : m_guests) {
    m_sizes.push_back(guest.*size);
    m_regrets.push_back(guest.regret);
  }
  std::sort(m_sizes.begin(), m_sizes.end(), std::greater<>());
  std::size_t leaving = 0;
  while (leaving < m_sizes.size() && excess > 0) {
    excess -= m_sizes[leaving++];
  }
  const auto last = m_regrets.begin() + static_cast<std::ptrdiff_t>(leaving);
  std::partial_sort(m_regrets.begin(), last, m_regrets.end());
  Cost sum;
  std::for_each(m_regrets.begin(), last, [&sum](const Cost& regret) { sum += regret; });
  return sum;
}

/// An overloaded station breaks whoever is decided on it, or else at least one of the guests.
Cost SearchSpace::staying_bound(const State& state, std::size_t target) const {
  Cost sum;
  bool somebody = false;
  for (std::size_t w = 0; w < m_ranges.size(); ++w) {
    const auto index = static_cast<std::size_t>(state.best[w]);
    const Item& item = m_items[index];
    if (state.decided[w] == kNone || !item.demand.serves ||
        item.demand.target != static_cast<Index>(target)) {
      continue;
    }
    somebody = true;
    const WorkloadInput& workload = m_situation->workloads[w];
    const Option& option = workload.options[static_cast<std::size_t>(item.option)];
    sum[unmet_goal(item.priority)] +=
        unmet_cost(workload, option, kNever) - state.values[index].unmet;
  }
  if (somebody) {
    return sum;
  }
  sum = m_guests.front().broken;
  for (const Guest& guest : m_guests) {
    sum = std::min(sum, guest.broken);
  }
  return sum;
}

}  // namespace wanwise::core
