#include "engine/core/decide/search/search.hpp"

#include <algorithm>

namespace wanwise::core {
namespace {

/// A state of the tree costs about as much time as three moves.
constexpr std::uint64_t kTreeUnits = 3;
/// Moves from starts that prices propose take one in so many units of the proof's work.
constexpr std::uint64_t kMovesPart = 4;
/// Of moves from one such start.
constexpr std::uint64_t kUnitsPerStart = 1'000;

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

void Search::prepare(const Situation& situation, Counters& counters) {
  m_situation = &situation;
  m_counters = &counters;
  m_space.prepare(situation, counters);
}

void Search::start(SolveLimits limits, std::span<const std::vector<Index>> allowed) {
  m_limits = limits;
  m_space.restrict_to(allowed);
  m_space.order_twins(false);
  m_open = m_space.order();
  if (m_states.empty()) m_states.resize(1);
  m_space.clear(m_states[0]);
  m_have = false;
  m_nodes = 0;
  m_glances = 0;
  m_exhausted = false;
  m_tree_budget = limits.nodes;
}

Solution Search::run(SolveLimits limits, std::span<const std::vector<Index>> allowed) {
  ++m_counters->decisions;
  start(limits, allowed);
  m_space.compute_bound(m_states[0], nullptr);
  if (!start_from_current()) {
    m_trial = m_states[0];
    complete_greedily(m_trial);
  }
  // Moves find more than a cut-off tree does, so they may take most of a small budget; where they
  // need less, the tree has it.
  m_moves_budget = m_limits.nodes / 8 * 7;
  if (m_limits.nodes >= kProofFrom) m_moves_budget = m_limits.nodes / 8;
  improve(m_best_items);
  fix_root();
  if (m_open.empty()) {
    offer(m_states[0].bound, m_states[0].decided);
  } else {
    walk_tree();
    if (m_exhausted && m_limits.nodes >= kProofFrom) {
      shake();
      prove();
    }
  }
  return answer();
}

void Search::walk_tree() {
  // A small budget's rest proves much only where little is open; of a large one prices make more.
  const std::uint64_t part = m_limits.nodes >= kProofFrom ? 16 : 4;
  m_tree_budget = std::min(m_limits.nodes, m_nodes + m_limits.nodes / part);
  m_states.resize(std::max(m_states.size(), m_open.size() + 1));
  m_children.resize(m_open.size() * m_space.width());
  m_space.order_twins(true);
  descend(0);
  m_space.order_twins(false);
}

/// What the tree has left open, bounded by prices.
void Search::prove() {
  Relaxation::Work work;
  work.spend = [this](std::uint64_t units) { return spend(units, m_limits.nodes); };
  const std::uint64_t first = m_nodes;
  std::uint64_t moves = 0;
  work.propose = [this, first, &moves](const std::vector<std::int32_t>& items) {
    if (moves <= (m_nodes - first) / kMovesPart) {
      const std::uint64_t before = m_nodes;
      try_start(items);
      moves += m_nodes - before;
    }
    return m_best;
  };
  work.cost = [this](const std::vector<std::int32_t>& items) {
    m_arrangement.reset(m_space, items);
    return cost_of_arrangement();
  };
  m_skipped = std::max(m_skipped, m_relaxation.bound(m_space, m_states[0], m_best, work));
}

/// As many of these as fit, the rest greedily, and then changes while they lower the cost.
void Search::try_start(const std::vector<std::int32_t>& items) {
  m_trial = m_states[0];
  for (const std::size_t w : m_open) {
    const std::size_t item = at(items[w]);
    if (m_space.fits_memory(m_trial, item)) m_space.decide(m_trial, item);
  }
  complete_greedily(m_trial);
  m_moves_budget = m_nodes + kUnitsPerStart;
  improve(m_trial.decided);
}

/// Counts more work, if `budget` allows it.
bool Search::spend(std::uint64_t units, std::uint64_t budget) {
  if (budget < units || m_nodes > budget - units) {
    return false;
  }
  m_nodes += units;
  m_counters->nodes_visited += units;
  return true;
}

Solution Search::answer() const {
  Solution solution;
  solution.chosen.reserve(m_best_items.size());
  for (const std::int32_t item : m_best_items) {
    solution.chosen.push_back(m_space.item(at(item)).option);
  }
  solution.cost = m_best;
  solution.proved = !m_exhausted || m_skipped >= m_best;
  solution.bound = solution.proved ? m_best : m_skipped;
  return solution;
}

void Search::measure(const Assignment& assignment, Cost& cost, std::vector<Micros>& latencies) {
  m_items.clear();
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const SearchSpace::Range range = m_space.range(w);
    const std::size_t item =
        assignment[w] == kNone ? range.last - 1 : range.first + at(assignment[w]);
    m_items.push_back(static_cast<std::int32_t>(item));
  }
  m_arrangement.reset(m_space, m_items);
  latencies.clear();
  for (std::size_t w = 0; w < m_items.size(); ++w) latencies.push_back(m_arrangement.latency(w));
  cost = cost_of_arrangement();
}

Cost Search::cost_of_arrangement() const {
  if (m_arrangement.fits()) return m_arrangement.cost();
  Cost cost;
  for (const Priority p : kAllPriorities) cost[unmet_goal(p)] = kImpossible;
  return cost;
}

// ---- incumbents

void Search::offer(const Cost& cost, std::span<const std::int32_t> items) {
  if (m_have && cost > m_best) {
    return;
  }
  const bool better = !m_have || cost < m_best ||
                      std::lexicographical_compare(items.begin(), items.end(), m_best_items.begin(),
                                                   m_best_items.end());
  if (better) {
    m_have = true;
    m_best = cost;
    m_best_items.assign(items.begin(), items.end());
  }
}

/// By priority, each workload that is not decided takes what is cheapest beside the others.
void Search::complete_greedily(State& state) {
  for (const std::size_t w : m_open) {
    if (state.decided[w] != kNone) {
      continue;
    }
    const SearchSpace::Range range = m_space.range(w);
    std::size_t best = range.last;
    Cost lowest;
    for (std::size_t item = range.first; item < range.last; ++item) {
      if (m_space.removed(item)) {
        continue;
      }
      m_space.update(state, item);
      const Cost key = m_space.price_of(state, item);
      if (best == range.last || key < lowest) {
        best = item;
        lowest = key;
      }
    }
    m_space.decide(state, best);
  }
  m_arrangement.reset(m_space, state.decided);
  offer(m_arrangement.cost(), state.decided);
}

/// What runs stays, as far as it may and its memory suffices; true when that is everything.
bool Search::start_from_current() {
  m_trial = m_states[0];
  bool all = true;
  for (const std::size_t w : m_open) {
    const Index current = m_situation->workloads[w].current;
    if (current == kNone) {
      all = false;
      continue;
    }
    const std::size_t item = m_space.range(w).first + at(current);
    if (m_space.removed(item) || !m_space.fits_memory(m_trial, item)) {
      all = false;
      continue;
    }
    m_space.decide(m_trial, item);
  }
  complete_greedily(m_trial);
  return all;
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
    if (!spend(kTreeUnits, m_tree_budget)) {
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
      offer(state.bound, state.decided);
    } else {
      descend(depth + 1);
    }
  }
}

}  // namespace wanwise::core
