// A lower bound of the joint choice from prices: every shared resource (accelerator time, memory,
// the links' rates, their data plans) gets a price, each workload takes what is cheapest for it at
// these prices, and what the resources are worth is taken off: no assignment costs less (Lagrangian
// relaxation; Held and Karp 1970, Geoffrion 1974). The prices are raised where too much is taken
// and lowered elsewhere (subgradient steps after Polyak 1969).
//
// Goal by goal: the next goal is bounded among the assignments that are no worse than the incumbent
// in all earlier ones, which then count as resources themselves. Where a goal's bound stays below
// the incumbent, the problem is split by the target of the workload that wavers most, and the part
// with the lowest bound is looked at next. Targets with a price per hour are split first: which of
// them are used.
//
// What "a workload's objective holds" asks of a target is found with the latency model itself: the
// most work beside which it still holds. Doubles with + - * / only; a bound is rounded down by more
// than they can err. One owner.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/core/decide/search/search_space.hpp"
#include "engine/core/decide/search/solver.hpp"

namespace wanwise::core {

class Relaxation {
 public:
  struct Work {
    /// Asked before work, in units of SolveLimits::nodes; false ends the work.
    std::function<bool(std::uint64_t)> spend;
    /// Shown an assignment of items to start from; returns the cost of the best one known.
    std::function<Cost(const std::vector<std::int32_t>&)> propose;
  };

  /// Lower bound of every assignment that the root leaves open, at most the cost of the best one
  /// known in the end. The root's items are up to date.
  Cost bound(SearchSpace& space, SearchSpace::State& root, const Cost& incumbent, const Work& work);

 private:
  /// A workload on an item holds its objective, or is late, or as good as never answered.
  enum class Fate : std::uint8_t { held, late, lost };
  struct Variant {
    std::int32_t item = kNone;
    std::size_t workload = 0;
    Index target = kNone;  ///< of the first leg
    Fate fate = Fate::held;
    std::int64_t unmet = 0;
    std::int64_t latency = 0;
    std::size_t first_use = 0;  ///< in m_uses
    std::size_t last_use = 0;
  };
  struct Use {
    std::size_t resource = 0;
    double amount = 0;  ///< in parts of the resource
  };
  /// A part of the problem: the variants left, and how far its goals are settled.
  struct Part {
    std::vector<char> removed;  ///< by variant
    std::vector<double> prices;
    bool opening_known = false;
    std::int64_t opened = 0;  ///< money for the targets in use
    std::size_t goal = 0;     ///< the first that does not reach the incumbent
    Cost bound;
    std::size_t wavering = 0;  ///< workload to split by
    Index favourite = kNone;   ///< its target that is looked at first
    bool final = false;        ///< nothing left to split by
  };
  enum class Outcome : std::uint8_t { excluded, reached, below };

  void prepare();
  void add_variants(std::size_t workload);
  void add_variant(std::int32_t item, Fate fate, std::int64_t unmet, std::int64_t latency);
  void add_uses(Variant& variant);
  void add_leg(const Variant& variant, const Demand& demand);
  void use(std::size_t resource, double amount, double capacity);
  void find_leanest();
  void find_rooms();
  void find_room(std::size_t target);
  [[nodiscard]] double room_beside(std::size_t item, double& wait) const;
  [[nodiscard]] Micros latency_beside(std::size_t item, double work, double& wait) const;

  void split_by_opening(const Part& part);
  void propose(const Part& part);
  bool closed(const SearchSpace::Item& item, std::size_t open) const;
  void branch();
  void split(const Part& part);
  void keep(Part part);
  Outcome settle(Part& part, std::size_t steps);
  Outcome settle_goal(Part& part, Goal goal, std::size_t steps);
  [[nodiscard]] std::int64_t share(const Variant& variant, Goal goal) const;
  bool drop_beyond(Part& part, Goal goal, std::int64_t most);
  void open_goal(const Part& part, Goal goal);
  double raise_prices(Part& part, double target, std::size_t steps);
  double take_cheapest(const std::vector<double>& prices);
  [[nodiscard]] double price_of(std::size_t place) const;
  [[nodiscard]] bool nothing_short() const;
  void step_prices(std::vector<double>& prices, double length) const;
  void drop_dear(Part& part, double value, double limit);
  void find_wavering(Part& part) const;
  [[nodiscard]] Index favourite(const Part& part, std::size_t workload, Index often,
                                Index else_this) const;
  [[nodiscard]] std::int64_t grain(Goal goal) const;

  // Resources by number.
  [[nodiscard]] std::size_t work(std::size_t target) const { return target; }
  [[nodiscard]] std::size_t second(std::size_t target) const { return m_targets + target; }
  [[nodiscard]] std::size_t tight(std::size_t target, std::size_t workload) const {
    return 2 * m_targets + target * m_workloads + workload;
  }
  [[nodiscard]] std::size_t power(std::size_t target) const {
    return m_targets * (2 + m_workloads) + target;
  }
  [[nodiscard]] std::size_t memory(std::size_t target) const { return power(m_targets) + target; }
  [[nodiscard]] std::size_t up(std::size_t link) const { return memory(m_targets) + link; }
  [[nodiscard]] std::size_t down(std::size_t link) const { return up(m_links) + link; }
  [[nodiscard]] std::size_t quota(std::size_t link) const { return down(m_links) + link; }
  [[nodiscard]] std::size_t police(std::size_t link, std::size_t slot) const {
    return quota(m_links) + link * m_slots + slot;
  }
  [[nodiscard]] std::size_t earlier(std::size_t goal) const { return police(m_links, 0) + goal; }
  [[nodiscard]] std::size_t resources() const { return earlier(kGoals); }

  SearchSpace* m_space = nullptr;
  SearchSpace::State* m_root = nullptr;
  Cost m_incumbent;
  const Work* m_work = nullptr;
  bool m_spent = false;
  std::size_t m_targets = 0;
  std::size_t m_links = 0;
  std::size_t m_slots = 0;
  std::size_t m_workloads = 0;
  std::vector<Variant> m_variants;
  std::vector<Use> m_uses;
  /// What a workload's objective asks of a target, for all that hold theirs there:
  /// by_work * sum of work + by_second * sum of second moments + own, if it is there, at most 1.
  struct Room {
    double by_work = 0;
    double by_second = 0;
    double own = 0;
  };
  std::vector<Room> m_rooms;        ///< by target, then workload
  std::vector<double> m_leanest;    ///< by target: least second moment per work there
  std::vector<double> m_most_work;  ///< by target and workload: beside which its objective holds
  std::vector<double> m_longest;    ///< by target and workload: mean wait at which it does
  std::vector<Part> m_parts;
  Cost m_lowest;  ///< bound of what will not be split further

  // The goal in question.
  std::int64_t m_grain = 1;
  std::vector<std::size_t> m_active;     ///< variants, by workload
  std::vector<double> m_cost;            ///< by place in m_active
  std::vector<std::size_t> m_limited;    ///< earlier goals that limit
  std::vector<double> m_limited_shares;  ///< by place in m_active, then m_limited
  std::vector<double> m_capacity;        ///< by resource
  std::vector<double> m_dearest;         ///< highest price by resource
  std::vector<double>
      m_in_force;  ///< prices, those of work and second moments from all that is tight
  std::vector<double> m_usage;
  std::vector<std::int32_t> m_taking;  ///< by workload: item that is cheapest
  std::vector<double> m_taken;  ///< by workload and target: how often, while prices were raised
};

}  // namespace wanwise::core
