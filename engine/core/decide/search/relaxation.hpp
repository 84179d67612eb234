// A lower bound of the joint choice from prices (pricing.hpp) and branching.
//
// Goal by goal: the next goal is bounded among the assignments that are no worse than the incumbent
// in all earlier ones, which then count as resources themselves. Where a goal's bound stays below
// the incumbent, the problem is split and the part with the lowest bound is looked at next. It is
// split
//   - where money is open: by the set of priced targets in use, for their prices count once;
//   - where a target is loaded beyond what some that are put there bear (the rule that prices are
//     blindest to): by its measure, up to a limit, or beyond it, where those cannot hold; or by
//     how skewed the jobs there are, for the more they are, the less its guests bear;
//   - else by the target of the workload that wavers most.
//
// A bound is rounded down by more than doubles can err. One owner.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/core/decide/search/pricing.hpp"
#include "engine/core/decide/search/relaxed_problem.hpp"
#include "engine/core/decide/search/search_space.hpp"
#include "engine/core/decide/search/solver.hpp"

namespace wanwise::core {

class Relaxation {
 public:
  struct Work {
    /// Asked before work, in units of SolveLimits::nodes; false ends the work.
    Pricing::Spend spend;
    /// Shown an assignment of items to start from; returns the cost of the best one known.
    std::function<Cost(const std::vector<std::int32_t>&)> propose;
    /// What an assignment of items costs; kImpossible where it overruns a memory.
    std::function<Cost(const std::vector<std::int32_t>&)> cost;
  };

  /// Lower bound of every assignment that the root leaves open, at most the cost of the best one
  /// known in the end. The root's items are up to date.
  Cost bound(SearchSpace& space, SearchSpace::State& root, const Cost& incumbent, const Work& work);

 private:
  enum class By : std::uint8_t { nothing, workload, measure, skew };
  /// How a part is to be split.
  struct Split {
    By by = By::nothing;
    std::size_t workload = 0;
    Index target = kNone;  ///< taken or not; or whose measure
    double measure = 0;
    std::size_t level = 0;  ///< of the target's skew
  };
  /// A part of the problem: the variants left, and how far its goals are settled.
  struct Part {
    std::vector<char> removed;  ///< by variant
    std::vector<double> prices;
    std::vector<Pricing::Station> stations;  ///< by target
    bool opening_known = false;
    std::int64_t opened = 0;  ///< money for the targets in use
    std::size_t goal = 0;     ///< the first that does not reach the incumbent
    Cost bound;
    Split split;
    bool pending = false;      ///< its next goal has not been looked at
    std::uint64_t number = 0;  ///< the youngest has the largest
  };
  static bool later(const Part& a, const Part& b);
  struct Guest {
    double bears = 0;
    double share = 0;
  };
  struct Mixed {
    double measure = 0;
    double skew = 0;
  };
  enum class Outcome : std::uint8_t { excluded, reached, below };

  bool closed(const SearchSpace::Item& item, std::size_t open) const;
  void branch();
  void split_by_opening(const Part& part);
  void split_by_workload(const Part& part);
  void split_by_measure(const Part& part);
  void split_by_skew(const Part& part);
  void follow(Part child, std::size_t steps);
  void keep(Part part);

  Outcome settle(Part& part, std::size_t steps);
  /// `trivial`: nobody adds anything to the goal.
  Outcome settle_goal(Part& part, Goal goal, std::size_t steps, bool& trivial);
  bool drop_beyond(Part& part, Goal goal, std::int64_t most);
  [[nodiscard]] std::int64_t grain(const Part& part, Goal goal) const;
  void propose(const Part& part);
  void conclude(Part& part);
  [[nodiscard]] Split choose_split(const Part& part);
  [[nodiscard]] Split wavering_workload(const Part& part) const;
  [[nodiscard]] Split loaded_target(const Part& part);
  [[nodiscard]] Mixed mixed_on(const Part& part, std::size_t target) const;
  double list_guests(const Part& part, const std::vector<double>& borne, double measure);
  [[nodiscard]] Split half_of_guests(std::size_t target, double misplaced);
  bool spend(std::uint64_t units);

  SearchSpace* m_space = nullptr;
  Cost m_incumbent;
  const Work* m_work = nullptr;
  bool m_spent = false;
  RelaxedProblem m_problem;
  Pricing m_pricing;
  std::vector<Part> m_parts;  ///< a heap: the next one to look at in front
  std::uint64_t m_made = 0;
  std::size_t m_waiting = 0;          ///< of the parts: pending
  Cost m_lowest;                      ///< bound of what will not be split further
  std::vector<std::int64_t> m_least;  ///< scratch, by workload
  std::vector<Guest> m_guests;        ///< scratch
};

}  // namespace wanwise::core
