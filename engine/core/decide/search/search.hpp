// The search behind Solver: incumbents (greedy, what runs now), changes of one and of two workloads
// while they lower the cost, then branch and bound, depth first over the workloads by priority and
// position, cheapest option first. Memory is kept from one problem to the next. One owner.
#pragma once

#include <span>
#include <vector>

#include "engine/core/counters.hpp"
#include "engine/core/decide/search/arrangement.hpp"
#include "engine/core/decide/search/relaxation.hpp"
#include "engine/core/decide/search/search_space.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/decide/situation.hpp"

namespace wanwise::core {

class Search {
 public:
  /// Both must outlive what is asked until the next prepare().
  void prepare(const Situation& situation, Counters& counters);
  /// `allowed`: options of each workload; empty: all.
  Solution run(SolveLimits limits, std::span<const std::vector<Index>> allowed);
  /// Cost and latencies of any assignment.
  void measure(const Assignment& assignment, Cost& cost, std::vector<Micros>& latencies);

 private:
  using State = SearchSpace::State;
  using Change = Arrangement::Change;

  struct Child {
    Cost bound;
    std::int32_t item = kNone;
  };

  void start(SolveLimits limits, std::span<const std::vector<Index>> allowed);
  void complete_greedily(State& state);
  bool start_from_current();
  bool spend(std::uint64_t units, std::uint64_t budget);

  // Changes: search_moves.cpp.
  void improve(std::span<const std::int32_t> from);
  void shake();
  bool improve_singly();
  bool improve_one(std::size_t workload);
  bool improve_pairs();
  bool improve_guest(std::size_t guest, std::int32_t wish);
  [[nodiscard]] bool moves_spent() const { return m_nodes >= m_moves_budget; }
  bool try_changes(std::span<const Change> changes);
  bool meet(const SearchSpace::Item& guest, const SearchSpace::Item& host) const;

  // The tree.
  void fix_root();
  bool remove_hopeless(State& root);
  bool decide_if_single(State& root, std::size_t workload);
  void walk_tree();
  void prove();
  [[nodiscard]] Cost cost_of_arrangement() const;
  void try_start(const std::vector<std::int32_t>& items);
  void descend(std::size_t depth);
  std::size_t list_children(std::size_t depth);
  [[nodiscard]] bool hopeless(const State& state) const;
  void offer(const Cost& cost, std::span<const std::int32_t> items);
  [[nodiscard]] Solution answer() const;

  const Situation* m_situation = nullptr;
  Counters* m_counters = nullptr;
  SolveLimits m_limits;
  SearchSpace m_space;
  Arrangement m_arrangement;
  std::vector<std::int32_t> m_items;  ///< scratch
  std::vector<std::size_t> m_open;    ///< workloads not decided at the root, in the tree's order
  std::vector<State> m_states;        ///< by depth
  State m_trial;
  std::vector<Child> m_children;  ///< SearchSpace::width() by depth
  bool m_have = false;
  Cost m_best;
  std::vector<std::int32_t> m_best_items;  ///< by workload
  std::uint64_t m_nodes = 0;
  std::uint64_t m_glances = 0;
  bool m_exhausted = false;
  std::uint64_t m_tree_budget = 0;
  std::uint64_t m_moves_budget = 0;
  Relaxation m_relaxation;
  Cost m_skipped;  ///< lowest bound of what the budget left out
};

}  // namespace wanwise::core
