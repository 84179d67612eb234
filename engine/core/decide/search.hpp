// The branch and bound behind solve(): incumbents (greedy, what runs now, single moves), then depth
// first over the workloads by priority and position, cheapest option first. One owner.
#pragma once

#include <vector>

#include "engine/core/decide/search_space.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/decide/solver.hpp"

namespace wanwise::core {

class Search {
 public:
  Search(const Situation& situation, SolveLimits limits, Counters& counters);

  Solution run();

 private:
  using State = SearchSpace::State;

  struct Child {
    Cost bound;
    std::int32_t item = kNone;
  };

  void greedy();
  void try_current();
  void improve();
  bool improve_one(std::size_t workload);
  void improve_pairs();
  void improve_pair(std::size_t guest, std::size_t host);
  void fix_root();
  bool remove_hopeless(State& root);
  bool decide_if_single(State& root, std::size_t workload);
  void descend(std::size_t depth);
  std::size_t list_children(std::size_t depth);
  bool hopeless(const State& state) const;
  void offer(const State& complete);
  Solution answer() const;
  bool spend(std::uint64_t budget);
  /// Moves find more than a cut-off tree does, so they may take most of the budget; where they
  /// need less, the tree has it.
  std::uint64_t improve_budget() const { return m_limits.nodes / 8 * 7; }

  const Situation& m_situation;
  SolveLimits m_limits;
  Counters& m_counters;
  SearchSpace m_space;
  std::vector<std::size_t> m_open;  ///< workloads not decided at the root, in the order of the tree
  std::vector<State> m_states;      ///< by depth
  State m_others;                   ///< of improve_one()
  State m_trial;
  std::vector<Child> m_children;  ///< SearchSpace::width() by depth
  bool m_have = false;
  Cost m_best;
  std::vector<std::int32_t> m_best_items;  ///< by workload
  std::uint64_t m_nodes = 0;
  bool m_exhausted = false;
  Cost m_skipped;  ///< lowest bound of what the budget left out
};

}  // namespace wanwise::core
