// The problem that search.hpp walks through: options as demands and prices, states (which workloads
// are decided, and the load that follows), and the lower bound of a state.
//
// Every workload has a set of options left (one, once it is decided); the cheapest of them under
// the load of the decided ones is a lower bound of what it adds to the cost, because load only ever
// raises latencies, and the bounds add up. A bound that is out of date is still a bound, so an
// option is computed again only when it looks cheapest and its station or link has changed. Two
// effects that single workloads do not see are added: the hourly price of a target that somebody
// has to open, and workloads that all look cheapest on a target too small for them together.
//
// Memory is kept from one prepare() to the next. One owner.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/core/counters.hpp"
#include "engine/core/decide/latency/queue_view.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/decide/situation.hpp"

namespace wanwise::core {

class SearchSpace {
 public:
  /// One option of one workload, or "not run".
  struct Item {
    Demand demand;
    std::int32_t spill = kNone;  ///< second leg, a position among the spills
    std::size_t workload = 0;
    Priority priority = Priority::normal;
    Index option = kNone;
    std::int32_t tolls = kNone;  ///< a position among the tolls above money
    std::int64_t money = 0;      ///< without its target's price, with its tolls in money
    std::int64_t rank = 0;
    std::int64_t switches = 0;
    std::int64_t floor = 0;  ///< unmet under no load at all
    Cost least;              ///< what it adds under no load, but for latency and quotas
  };
  struct Range {
    std::size_t first = 0;
    std::size_t last = 0;
  };
  /// What an item adds under the load of `stamp`: lower bounds under any more of it.
  struct Value {
    std::int64_t unmet = 0;
    std::int64_t quota = 0;  ///< above the links' quotas; settled when the item is decided
    std::int64_t latency = 0;
    std::uint32_t stamp = 0;  ///< sum of the versions of what it loads; 0: never computed
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
    std::int64_t quota_rate = 0;
    std::uint32_t version = 1;
    std::uint32_t view_version = 0;
    Queue view;
  };
  struct Lane {  ///< one class on one link
    UplinkView view;
    std::uint32_t view_version = 0;
  };
  /// A node of the search tree.
  struct State {
    std::vector<Station> stations;
    std::vector<LinkState> links;
    std::vector<Lane> lanes;
    std::vector<Flow> flows;            ///< by link, then class
    std::vector<Value> values;          ///< by item
    std::vector<std::int32_t> best;     ///< by workload: item with the lowest bound
    std::vector<std::int32_t> decided;  ///< by workload: item, or kNone
    Cost base;                          ///< sum of the cheapest keys and of the targets paid for
    Cost bound;  ///< and of an opening or the crowding; the cost, once everything is decided
  };

  /// Goals at which a toll above money can count.
  static constexpr std::size_t kTolledGoals = static_cast<std::size_t>(Goal::unmet_low) + 1;

  /// `situation` and `counters` must outlive what is asked until the next prepare().
  void prepare(const Situation& situation, Counters& counters);
  /// Only these options of each workload from now on; empty: all of them. "Not run" remains where
  /// none of them is a suspension.
  void restrict_to(std::span<const std::vector<Index>> options);

  [[nodiscard]] const Situation& situation() const { return *m_situation; }
  void clear(State& state) const;
  /// By priority, then position.
  [[nodiscard]] const std::vector<std::size_t>& order() const { return m_order; }
  [[nodiscard]] std::size_t workloads() const { return m_ranges.size(); }
  [[nodiscard]] const Range& range(std::size_t workload) const { return m_ranges[workload]; }
  [[nodiscard]] const Item& item(std::size_t index) const { return m_items[index]; }
  /// Second leg of an item that has one.
  [[nodiscard]] const Demand& spill(const Item& item) const {
    return m_spills[static_cast<std::size_t>(item.spill)];
  }
  [[nodiscard]] const Tail& tail(std::size_t workload) const { return m_tails[workload]; }
  /// Targets with a price per hour.
  [[nodiscard]] const std::vector<std::size_t>& priced() const { return m_priced; }
  /// What the item pays at a goal above money.
  [[nodiscard]] std::int64_t toll(const Item& item, Goal goal) const {
    return item.tolls == kNone ? 0 : m_tolls[static_cast<std::size_t>(item.tolls)][goal];
  }
  /// Most items of one workload.
  [[nodiscard]] std::size_t width() const { return m_width; }

  /// Takes the item out of every state's choice.
  void remove(std::size_t item) { m_removed[item] = 1; }
  [[nodiscard]] bool removed(std::size_t item) const { return m_removed[item] != 0; }
  /// Whether equal workloads take rising options only. In the tree, which visits them in their
  /// order; elsewhere an assignment may have them in any.
  void order_twins(bool on) { m_twins_ordered = on; }
  /// Left to choose, also in view of what an equal workload has taken.
  [[nodiscard]] bool allowed(const State& state, std::size_t item) const;

  void decide(State& state, std::size_t item);
  /// Brings the item's value up to date, unless it is.
  void update(State& state, std::size_t item);
  [[nodiscard]] bool fits_memory(const State& state, std::size_t item) const;
  /// Gives up early, with a smaller bound, once it is above `limit` (null: never); such a state is
  /// good for nothing else.
  void compute_bound(State& state, const Cost* limit);
  /// Lower bound of the state with its (undecided) workload taking this item. The item must be up
  /// to date for a good one, `state.base` for a right one.
  [[nodiscard]] Cost bound_with(const State& state, std::size_t item) const;
  /// The same with the price of opening the item's target.
  [[nodiscard]] Cost price_of(const State& state, std::size_t item) const;

 private:
  /// What looks cheapest on one target.
  struct Crowd {
    std::int64_t memory = 0;
    std::int64_t work = 0;
    std::int32_t users = 0;
  };
  struct Guest {
    Cost regret;  ///< of taking its second choice
    Cost broken;  ///< of staying on an overloaded station
    std::int64_t memory = 0;
    std::int64_t work = 0;
  };

  void charge(Item& item, const Cost& tolls);
  void add_items(std::size_t workload);
  void sum_least(Item& item) const;
  void order_workloads();
  void find_twins();
  std::uint32_t version_of(const State& state, const Item& item) const;
  std::uint32_t version_of(const State& state, const Demand& demand) const;
  Micros latency_inside(State& state, const Item& item);
  Micros leg_inside(State& state, const Demand& demand, const Tail& tail);
  Micros latency_if_added(State& state, const Item& item);
  Micros split_if_added(State& state, const Item& item);
  Micros leg_unseen(const State& state, const Demand& demand, const Tail& tail) const;
  std::int64_t quota_if_added(const State& state, const Item& item) const;
  void place_leg(State& state, const Demand& demand);
  bool leg_fits(const State& state, const Demand& demand) const;
  void refresh(State& state, std::size_t item);
  void compute_value(State& state, std::size_t item);
  static void exchange(State& state, const Cost& out, const Cost& in);
  std::size_t cheapest(State& state, std::size_t workload);
  /// What the workload adds by this item, to be known by its last update().
  Cost key_of(const State& state, std::size_t item) const;
  std::int64_t opening_price(const State& state, const Item& item) const;
  std::int64_t opening_price(const State& state, const Demand& demand) const;
  Cost opening_bound(const State& state, std::size_t workload) const;
  Cost crowding_bound(const State& state);
  void list_guests(const State& state, std::size_t target);
  Cost leaving_bound(std::int64_t excess, std::int64_t Guest::*size);
  Cost staying_bound(const State& state, std::size_t target) const;

  const Situation* m_situation = nullptr;
  Counters* m_counters = nullptr;
  std::size_t m_slots = 0;
  std::vector<std::size_t> m_priced;
  std::vector<Item> m_items;
  std::vector<Demand> m_spills;  ///< second legs of items
  std::vector<Range> m_ranges;   ///< items of each workload
  std::vector<std::size_t> m_order;
  std::vector<Tail> m_tails;         ///< by workload
  std::vector<std::int32_t> m_twin;  ///< nearest earlier workload that is the same in everything
  bool m_twins_ordered = false;
  std::vector<Cost> m_tolls;    ///< of the items that pay any above money
  std::vector<char> m_removed;  ///< by item: in no assignment that could still win
  std::size_t m_width = 0;
  std::vector<Crowd> m_crowds;  ///< by target; scratch of compute_bound()
  std::vector<Guest> m_guests;  ///< scratch of crowding_bound()
  std::vector<Cost> m_regrets;
  std::vector<std::int64_t> m_sizes;
};

}  // namespace wanwise::core
