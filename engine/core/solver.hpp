// The joint choice of DESIGN: one option for each workload so that the lexicographic Cost is
// smallest. Exact by branch and bound within a budget of visited nodes (counted work, never time);
// beyond the budget the best found so far with a bound. Deterministic: ties end in the lower option
// index of the earlier workload. Pure; any thread.
#pragma once

#include <cstdint>

#include "engine/core/situation.hpp"

namespace wanwise::core {

struct SolveLimits {
  /// Visited nodes of the search tree after which the answer is "best so far, with a bound".
  std::uint64_t nodes = 20'000;
};

/// What one workload adds to Cost::unmet of its priority: 0 when its objective holds on the full
/// demand; rung * 1000 on a lower rung; and 1'000'000 plus the excess in ppm of the objective (at
/// most 999'999) when the objective is broken.
[[nodiscard]] std::int64_t unmet_cost(const WorkloadInput& workload, const Option& option,
                                      Micros latency);

/// Cost of a complete assignment: the definition that solve() minimises and that brute force
/// checks.
[[nodiscard]] Cost evaluate(const Situation& situation, const Assignment& assignment);

/// Predicted latency of each workload under a complete assignment.
[[nodiscard]] std::vector<Micros> predict(const Situation& situation, const Assignment& assignment);

[[nodiscard]] Solution solve(const Situation& situation, SolveLimits limits, Counters& counters);

}  // namespace wanwise::core
