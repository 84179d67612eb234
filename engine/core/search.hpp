// The branch and bound behind solve(). Every workload has a set of options left (one, once it is
// decided); the cheapest of them under the load of the decided ones is a lower bound of what it
// adds to the cost, because load only ever raises latencies, and the bounds add up. A bound that is
// out of date is still a bound, so an option is computed again only when it looks cheapest and the
// station or link it uses has changed. All memory is allocated at construction. One owner.
#pragma once

#include <vector>

#include "engine/core/demand.hpp"
#include "engine/core/situation.hpp"
#include "engine/core/solver.hpp"

namespace wanwise::core {

class Search {
 public:
  Search(const Situation& situation, SolveLimits limits, Counters& counters);

  Solution run();

 private:
  /// One option of one workload, or "not run".
  struct Item {
    Demand demand;
    Index workload = 0;
    Index option = kNone;
    std::int64_t money = 0;  ///< without its target's price
    std::int64_t rank = 0;
    std::int64_t switches = 0;
  };
  struct Range {
    std::size_t first = 0;
    std::size_t last = 0;
  };
  struct Station {
    Flow sum;
    std::int64_t memory = 0;
    std::int32_t users = 0;
    std::uint32_t version = 1;
    std::uint32_t view_version = 0;
    Queue view;
  };
  struct LinkState {
    Flow down;
    std::uint32_t version = 1;
    std::uint32_t view_version = 0;
    Queue view;
  };
  struct Lane {  ///< one class on one link
    UplinkView view;
    std::uint32_t view_version = 0;
  };
  /// What an item adds under the load of `stamp`: lower bounds under any more of it.
  struct Value {
    std::int64_t unmet = 0;
    std::int64_t latency = 0;
    std::uint32_t stamp = 0;  ///< sum of the versions of its station and link; 0: never computed
  };
  /// A node of the search tree: copied from parent to child, one for each depth.
  struct State {
    std::vector<Station> stations;
    std::vector<LinkState> links;
    std::vector<Lane> lanes;
    std::vector<Flow> flows;            ///< by link, then class
    std::vector<Value> values;          ///< by item
    std::vector<std::int32_t> best;     ///< by workload: item with the lowest bound
    std::vector<std::int32_t> decided;  ///< by workload: item, or kNone
    Cost base;                          ///< sum of the cheapest keys and of the targets paid for
    Cost bound;                         ///< base and one opening
  };
  struct Child {
    Cost bound;
    std::int32_t item = kNone;
  };
  /// What a workload adds, in the order of Cost; `unmet` is of its own priority.
  struct Key {
    std::int64_t unmet = 0;
    std::int64_t money = 0;
    std::int64_t preference = 0;
    std::int64_t switches = 0;
    std::int64_t latency = 0;
    auto operator<=>(const Key&) const = default;
  };

  void add_items(std::size_t workload);
  void find_twins();
  void order_workloads();
  State empty_state() const;

  std::uint32_t version_of(const State& state, const Item& item) const;
  void refresh(State& state, std::size_t item);
  Micros latency_inside(State& state, const Item& item);
  Micros latency_if_added(State& state, const Item& item);
  Key key_of(const State& state, std::size_t item) const;
  std::int64_t opening_price(const State& state, const Item& item) const;
  bool allowed(const State& state, std::size_t item) const;
  std::size_t cheapest(State& state, std::size_t workload);
  void decide(State& state, std::size_t item);
  void compute_bound(State& state);
  Key opening_bound(const State& state, std::size_t workload) const;

  void greedy();
  void try_current();
  void improve();
  bool improve_one(std::size_t workload);
  void fix_root();
  bool remove_hopeless(State& root);
  void descend(std::size_t depth);
  std::size_t list_children(std::size_t depth);
  bool hopeless(const State& state) const;
  void offer(const State& complete);
  Solution answer() const;

  const Situation& m_situation;
  SolveLimits m_limits;
  Counters& m_counters;
  std::size_t m_slots;
  std::vector<Item> m_items;
  std::vector<Range> m_ranges;       ///< items of each workload
  std::vector<Tail> m_tails;         ///< by workload
  std::vector<std::int32_t> m_twin;  ///< nearest earlier workload that is the same in everything
  std::vector<std::size_t> m_order;  ///< workloads by priority, then position
  std::vector<std::size_t> m_open;   ///< of them, those that are not decided at the root
  std::vector<char> m_removed;       ///< by item: in no assignment that could still win
  std::size_t m_width = 0;           ///< most items of a workload
  std::vector<State> m_states;       ///< by depth
  State m_others;                    ///< of improve_one()
  State m_trial;
  std::vector<Child> m_children;  ///< m_width by depth
  bool m_have = false;
  Cost m_best;
  std::vector<std::int32_t> m_best_items;  ///< by workload
  std::uint64_t m_nodes = 0;
  bool m_exhausted = false;
  Cost m_skipped;  ///< lowest bound of what the budget left out
};

}  // namespace wanwise::core
