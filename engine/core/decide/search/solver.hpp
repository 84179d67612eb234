// The joint choice of DESIGN: one option for each workload so that the lexicographic Cost is
// smallest. Exact by branch and bound within a budget of visited nodes (counted work, never time);
// beyond the budget the best found so far with a bound. Deterministic: ties end in the lower option
// index of the earlier workload. Pure; any thread.
//
// Memory is a hard constraint: an assignment that overruns a target's memory is never chosen. A
// workload for which no memory is left on any option, and which lists no suspended one, is not run:
// its place in the Assignment is kNone and it counts kNotRun, more than any number of late
// neighbours of the same priority.
//
// A split option loads both of its targets with their shares of the rate, needs the workload's
// whole memory on each, and is as late as the later of its legs.
//
// Money per hour: price of the bytes that requests and responses put on priced links, plus the
// hourly price of each target that serves at least one workload, once.
//
// A data plan is overdrawn for objectives of critical and high workloads only: another one that has
// nothing but a link whose quota is used up is suspended, or not run.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/counters.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/forecast.hpp"

namespace wanwise::core {

struct SolveLimits {
  /// Changes whose cost is computed, a state of the tree counting as three; then the answer is
  /// "best so far, with a bound". One takes about half a microsecond with 20 workloads, so that the
  /// default keeps such a decision, with its second choice after the gates, below 200 µs. Beyond
  /// some hundreds only the proof gets better where something runs already; a first placement
  /// gains up to some thousands.
  std::uint64_t nodes = 200;
};

/// Budgets from here on are for studies and for validation: most of one goes to the proof, by
/// prices (relaxation.hpp), and an eighth to leaving local optima.
inline constexpr std::uint64_t kProofFrom = 4'000;

/// Unmet cost of a workload that runs nowhere and was not allowed to be suspended: above the sum of
/// 500 broken objectives.
inline constexpr std::int64_t kNotRun = 1'000'000'000;
/// Every unmet goal of an assignment that overruns a memory.
inline constexpr std::int64_t kImpossible = INT64_MAX;
/// A latency counts at most this much in Cost::latency (11 days), so that sums stay exact.
inline constexpr std::int64_t kLatencyLimit = 1'000'000'000'000;

/// What one workload adds to the unmet goal of its priority: 0 when its objective holds on the full
/// demand; rung * 1000 on a lower rung; and 1'000'000 plus the excess in ppm of the objective (at
/// most 999'999) when the objective is broken, by prediction or, discredited, by measurement.
/// Suspended on rung 0, that is without the ladder's leave, counts as broken by the most.
[[nodiscard]] std::int64_t unmet_cost(const WorkloadInput& workload, const Option& option,
                                      Micros latency);

/// Cost of a complete assignment: the definition that solve() minimises and that brute force
/// checks. kNone is "not run".
[[nodiscard]] Cost evaluate(const Situation& situation, const Assignment& assignment);

/// Predicted latency of each workload under a complete assignment; kNever where it is not run.
[[nodiscard]] std::vector<Micros> predict(const Situation& situation, const Assignment& assignment);

/// The same as a distribution.
[[nodiscard]] std::vector<Forecast> forecast(const Situation& situation,
                                             const Assignment& assignment);

/// How far the cost can be above the optimum: the relative difference between cost and bound in the
/// first goal in which they differ, in parts of the cost; 0 when proved, 1'000'000 when nothing of
/// that goal is proved. Goals after that one are not compared: they count for less than any of it.
/// Goal::latency is none that a policy states, it only breaks ties: there a difference is no gap.
[[nodiscard]] Ppm gap(const Solution& solution);

class Search;

struct Measured {
  Cost cost;
  std::vector<Micros> latencies;  ///< kNever where it is not run
};

/// Solves one problem after the other in the same memory. One owner.
class Solver {
 public:
  Solver();
  ~Solver();
  Solver(Solver&&) noexcept;
  Solver& operator=(Solver&&) noexcept;

  /// The problem that the rest is about. Both must outlive that.
  void prepare(const Situation& situation, Counters& counters);
  /// The best joint choice. `allowed`: these options of each workload only; empty: all. Where none
  /// of them is a suspension, "not run" stays allowed.
  [[nodiscard]] Solution choose(SolveLimits limits,
                                std::span<const std::vector<Index>> allowed = {});
  /// evaluate() and predict() at once, of any assignment.
  [[nodiscard]] Measured measure(const Assignment& assignment);

 private:
  std::unique_ptr<Search> m_search;
};

/// Once.
[[nodiscard]] Solution solve(const Situation& situation, SolveLimits limits, Counters& counters);

}  // namespace wanwise::core
