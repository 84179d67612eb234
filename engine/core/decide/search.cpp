#include "engine/core/decide/search.hpp"

#include <algorithm>

namespace wanwise::core {
namespace {

/// Passes of the local improvement: each strictly lowers the cost, so this is only its budget.
constexpr int kImprovePasses = 4;

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

Search::Search(const Situation& situation, SolveLimits limits, Counters& counters)
    : m_situation(situation),
      m_limits(limits),
      m_counters(counters),
      m_space(situation, counters),
      m_others(m_space.empty_state()),
      m_trial(m_others) {
  m_states.push_back(m_others);
  m_open = m_space.order();
}

Solution Search::run() {
  ++m_counters.decisions;
  m_space.compute_bound(m_states[0], nullptr);
  greedy();
  try_current();
  fix_root();
  improve();
  fix_root();
  if (!m_open.empty()) {
    improve_pairs();
    improve();
    fix_root();
  }
  if (m_open.empty()) {
    offer(m_states[0]);
    return answer();
  }
  m_states.resize(m_open.size() + 1, m_states[0]);
  m_children.resize(m_open.size() * m_space.width());
  m_space.order_twins(true);
  descend(0);
  m_space.order_twins(false);
  return answer();
}

/// Counts one more state, if `budget` allows it.
bool Search::spend(std::uint64_t budget) {
  if (m_nodes >= budget) {
    return false;
  }
  ++m_nodes;
  ++m_counters.nodes_visited;
  return true;
}

Solution Search::answer() const {
  Solution solution;
  for (const std::int32_t item : m_best_items) {
    solution.chosen.push_back(m_space.item(at(item)).option);
  }
  solution.cost = m_best;
  solution.proved = !m_exhausted || m_skipped > m_best;
  solution.bound = solution.proved ? m_best : m_skipped;
  return solution;
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
  for (const std::size_t w : m_open) {
    const SearchSpace::Range range = m_space.range(w);
    std::size_t best = range.last;
    SearchSpace::Key lowest;
    for (std::size_t item = range.first; item < range.last; ++item) {
      if (!m_space.allowed(m_trial, item)) {
        continue;
      }
      m_space.update(m_trial, item);
      const SearchSpace::Key key = m_space.price_of(m_trial, item);
      if (best == range.last || key < lowest) {
        best = item;
        lowest = key;
      }
    }
    m_space.decide(m_trial, best);
  }
  m_space.compute_bound(m_trial, nullptr);
  offer(m_trial);
}

void Search::try_current() {
  m_trial = m_states[0];
  for (std::size_t w = 0; w < m_space.workloads(); ++w) {
    const Index current = m_situation.workloads[w].current;
    if (current == kNone) {
      return;
    }
    const std::size_t item = m_space.range(w).first + at(current);
    if (!m_space.fits_memory(m_trial, item)) {
      return;
    }
    m_space.decide(m_trial, item);
  }
  m_space.compute_bound(m_trial, nullptr);
  offer(m_trial);
}

/// Moves one workload at a time while that lowers the cost.
void Search::improve() {
  std::size_t since = 0;  // workloads looked at since the last improvement
  for (int pass = 0; pass < kImprovePasses; ++pass) {
    for (const std::size_t w : m_open) {
      if (since >= m_open.size()) {
        return;
      }
      since = improve_one(w) ? 0 : since + 1;
    }
  }
}

bool Search::improve_one(std::size_t workload) {
  if (!spend(improve_budget())) {
    return false;
  }
  m_others = m_states[0];
  for (const std::size_t w : m_open) {
    if (w != workload) {
      m_space.decide(m_others, at(m_best_items[w]));
    }
  }
  // With this one workload free the bound is nearly exact: most are left alone here.
  m_space.compute_bound(m_others, &m_best);
  if (m_others.bound >= m_best) {
    return false;
  }
  const Cost before = m_best;
  const std::int32_t here = m_best_items[workload];
  const SearchSpace::Range range = m_space.range(workload);
  for (std::size_t item = range.first; item < range.last; ++item) {
    if (m_space.removed(item) || static_cast<std::int32_t>(item) == here ||
        !m_space.fits_memory(m_others, item)) {
      continue;
    }
    m_space.update(m_others, item);
    if (m_space.bound_with(m_others, item) > m_best) {
      continue;
    }
    if (!spend(improve_budget())) {
      break;
    }
    m_trial = m_others;
    m_space.decide(m_trial, item);
    m_space.compute_bound(m_trial, &m_best);
    offer(m_trial);
  }
  return m_best < before;
}

/// Moves two workloads together: one to the target it would like best, and one that is there away.
void Search::improve_pairs() {
  const State& root = m_states[0];
  for (const std::size_t guest : m_open) {
    const std::int32_t wish = root.best[guest];
    if (m_best_items[guest] == wish) {
      continue;
    }
    const Index target = m_space.item(at(wish)).demand.target;
    for (const std::size_t host : m_open) {
      if (host != guest && m_space.item(at(m_best_items[host])).demand.target == target) {
        improve_pair(guest, host);
      }
    }
  }
}

void Search::improve_pair(std::size_t guest, std::size_t host) {
  if (!spend(improve_budget())) {
    return;
  }
  m_others = m_states[0];
  for (const std::size_t w : m_open) {
    if (w != guest && w != host) {
      m_space.decide(m_others, at(m_best_items[w]));
    }
  }
  m_space.compute_bound(m_others, &m_best);
  if (m_others.bound >= m_best) {
    return;
  }
  const SearchSpace::Range range = m_space.range(guest);
  for (std::size_t item = range.first; item < range.last; ++item) {
    if (m_space.removed(item) || !m_space.fits_memory(m_others, item)) {
      continue;
    }
    m_space.update(m_others, item);
    if (m_space.bound_with(m_others, item) > m_best) {
      continue;
    }
    if (!spend(improve_budget())) {
      break;
    }
    m_trial = m_others;
    m_space.decide(m_trial, item);
    m_space.compute_bound(m_trial, &m_best);
    const std::size_t second = at(m_trial.best[host]);
    if (m_trial.bound > m_best || !m_space.fits_memory(m_trial, second)) {
      continue;
    }
    m_space.decide(m_trial, second);
    m_space.compute_bound(m_trial, &m_best);
    offer(m_trial);
  }
}

// ---- the root

/// Removes every option whose choice alone lifts the bound over the incumbent.
bool Search::remove_hopeless(State& root) {
  bool removed = false;
  for (const std::size_t w : m_open) {
    const SearchSpace::Range range = m_space.range(w);
    for (std::size_t item = range.first; item < range.last; ++item) {
      if (m_space.removed(item)) {
        continue;
      }
      m_space.update(root, item);
      if (m_space.bound_with(root, item) > m_best) {
        m_space.remove(item);
        removed = true;
      }
    }
  }
  return removed;
}

bool Search::decide_if_single(State& root, std::size_t workload) {
  const SearchSpace::Range range = m_space.range(workload);
  std::size_t left = 0;
  std::size_t last = range.first;
  for (std::size_t item = range.first; item < range.last; ++item) {
    if (!m_space.removed(item)) {
      ++left;
      last = item;
    }
  }
  if (left != 1) {
    return false;
  }
  m_space.decide(root, last);
  return true;
}

/// Decides what has one option left, until nothing more follows from that.
void Search::fix_root() {
  State& root = m_states[0];
  while (remove_hopeless(root)) {
    m_open.erase(std::remove_if(m_open.begin(), m_open.end(),
                                [this, &root](std::size_t w) { return decide_if_single(root, w); }),
                 m_open.end());
    m_space.compute_bound(root, nullptr);
  }
}

// ---- the tree

/// No completion of this state beats the incumbent, be it by the tie rule.
bool Search::hopeless(const State& state) const {
  if (state.bound != m_best) {
    return state.bound > m_best;
  }
  for (std::size_t w = 0; w < m_space.workloads(); ++w) {
    const std::int32_t kept = m_best_items[w];
    if (state.decided[w] != kNone) {
      if (state.decided[w] != kept) {
        return state.decided[w] > kept;
      }
      continue;
    }
    for (std::size_t item = m_space.range(w).first; item < at(kept); ++item) {
      if (m_space.allowed(state, item)) {
        return false;
      }
    }
    if (!m_space.allowed(state, at(kept))) {
      return true;
    }
  }
  return true;
}

std::size_t Search::list_children(std::size_t depth) {
  State& state = m_states[depth];
  const SearchSpace::Range range = m_space.range(m_open[depth]);
  Child* const first = m_children.data() + depth * m_space.width();
  Child* last = first;
  for (std::size_t item = range.first; item < range.last; ++item) {
    if (!m_space.allowed(state, item) || !m_space.fits_memory(state, item)) {
      continue;
    }
    m_space.update(state, item);
    const Cost bound = std::max(state.bound, m_space.bound_with(state, item));
    if (bound > m_best) {
      continue;
    }
    Child* const place =
        std::upper_bound(first, last, bound,
                         [](const Cost& value, const Child& child) { return value < child.bound; });
    std::move_backward(place, last, last + 1);
    *place = {bound, static_cast<std::int32_t>(item)};
    ++last;
  }
  return static_cast<std::size_t>(last - first);
}

void Search::descend(std::size_t depth) {
  const std::size_t count = list_children(depth);
  for (std::size_t c = 0; c < count; ++c) {
    const Child child = m_children[depth * m_space.width() + c];
    if (child.bound > m_best) {
      return;
    }
    if (!spend(m_limits.nodes)) {
      m_skipped = m_exhausted ? std::min(m_skipped, child.bound) : child.bound;
      m_exhausted = true;
      return;
    }
    State& state = m_states[depth + 1];
    state = m_states[depth];
    m_space.decide(state, at(child.item));
    m_space.compute_bound(state, &m_best);
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

}  // namespace wanwise::core
