// Local search: Search::improve() and what it is made of.
#include <algorithm>

#include "engine/core/decide/search/search.hpp"

namespace wanwise::core {
namespace {

/// Changes that are dismissed at a glance, without a latency computed, in the time of one that is
/// not.
constexpr std::uint64_t kGlances = 12;

/// Workloads that are moved at a time to leave a local optimum.
constexpr std::size_t kShaken = 4;

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

bool same_resource(const Demand& a, const Demand& b) {
  return a.serves && b.serves && (a.target == b.target || (a.link != kNone && a.link == b.link));
}

}  // namespace

/// By groups of goals, the important ones first; a group whose bound is reached needs no work.
/// Every step strictly lowers the cost, so this ends; the budget ends it earlier.
void Search::improve(std::span<const std::int32_t> from) {
  m_arrangement.reset(m_space, from);
  constexpr Goal kLast[] = {Goal::unmet_low, Goal::switches, Goal::latency};
  for (const Goal last : kLast) {
    const auto goals = static_cast<std::ptrdiff_t>(last) + 1;
    const Cost& bound = m_states[0].bound;
    m_arrangement.look_at(static_cast<std::size_t>(goals));
    if (std::equal(bound.goals.begin(), bound.goals.begin() + goals,
                   m_arrangement.cost().goals.begin())) {
      continue;
    }
    do {
      while (improve_singly()) {
      }
    } while (improve_pairs());
  }
  offer(m_arrangement.cost(), m_arrangement.items());
}

/// From the best, some workloads elsewhere by lot, and then changes while they lower the cost: an
/// eighth of the budget. The lots are the same every time.
void Search::shake() {
  if (m_open.empty()) return;
  m_moves_budget = std::min(m_limits.nodes, m_nodes + m_limits.nodes / 8);
  std::uint64_t lot = 1;
  const auto draw = [&lot](std::size_t below) {
    // Knuth's MMIX constants; the upper bits are the better ones.
    lot = lot * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return static_cast<std::size_t>((lot >> 33) % below);
  };
  while (spend(1, m_moves_budget)) {
    m_items = m_best_items;
    for (std::size_t i = 0; i < kShaken; ++i) {
      const SearchSpace::Range range = m_space.range(m_open[draw(m_open.size())]);
      const std::size_t item = range.first + draw(range.last - range.first);
      if (!m_space.removed(item))
        m_items[m_space.item(item).workload] = static_cast<std::int32_t>(item);
    }
    m_trial = m_states[0];
    for (const std::size_t w : m_open) {
      const std::size_t item = at(m_items[w]);
      if (m_space.fits_memory(m_trial, item)) m_space.decide(m_trial, item);
    }
    complete_greedily(m_trial);
    improve(m_trial.decided);
  }
}

bool Search::try_changes(std::span<const Change> changes) {
  if (!m_arrangement.promising(changes)) {
    if (++m_glances % kGlances == 0) (void)spend(1, m_moves_budget);
    return false;
  }
  if (!spend(1, m_moves_budget) || !m_arrangement.lowers(changes)) {
    return false;
  }
  m_arrangement.keep();
  return true;
}

bool Search::improve_singly() {
  bool improved = false;
  for (const std::size_t w : m_open) {
    if (moves_spent()) return false;
    improved = improve_one(w) || improved;
  }
  return improved;
}

bool Search::improve_one(std::size_t workload) {
  const SearchSpace::Range range = m_space.range(workload);
  bool improved = false;
  for (std::size_t item = range.first; item < range.last; ++item) {
    const auto index = static_cast<std::int32_t>(item);
    if (m_space.removed(item) || m_arrangement.item(workload) == index) {
      continue;
    }
    const Change change{workload, index};
    improved = try_changes({&change, 1}) || improved;
  }
  return improved;
}

/// Two workloads together: one to a place that it would like, and one that stands in its way there
/// to another.
bool Search::improve_pairs() {
  for (const std::size_t guest : m_open) {
    const SearchSpace::Range range = m_space.range(guest);
    for (std::size_t wish = range.first; wish < range.last; ++wish) {
      const auto index = static_cast<std::int32_t>(wish);
      const Change change{guest, index};
      if (moves_spent()) return false;
      if (m_space.removed(wish) || m_arrangement.item(guest) == index ||
          !m_arrangement.promising({&change, 1})) {
        continue;
      }
      if (improve_guest(guest, index)) {
        return true;
      }
    }
  }
  return false;
}

bool Search::meet(const SearchSpace::Item& guest, const SearchSpace::Item& host) const {
  const auto meets = [&](const Demand& leg) {
    return same_resource(leg, host.demand) ||
           (host.spill != kNone && same_resource(leg, m_space.spill(host)));
  };
  return meets(guest.demand) || (guest.spill != kNone && meets(m_space.spill(guest)));
}

bool Search::improve_guest(std::size_t guest, std::int32_t wish) {
  for (const std::size_t host : m_open) {
    if (moves_spent()) return false;
    if (host == guest ||
        !meet(m_space.item(at(wish)), m_space.item(at(m_arrangement.item(host))))) {
      continue;
    }
    const SearchSpace::Range range = m_space.range(host);
    for (std::size_t item = range.first; item < range.last; ++item) {
      const auto index = static_cast<std::int32_t>(item);
      if (m_space.removed(item) || m_arrangement.item(host) == index) {
        continue;
      }
      const Change changes[] = {{guest, wish}, {host, index}};
      if (try_changes(changes)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace wanwise::core
