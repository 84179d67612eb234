// The assignment under which the fewest requests are late, left out or never served, by the core's
// own latency model: a greedy search from several starts, one workload at a time. Deterministic; no
// proof that nothing is better. Pure; any thread.
#pragma once

#include <vector>

#include "engine/core/decide/situation.hpp"

namespace wanwise::sim {

/// What the search is asked.
struct MissQuestion {
  const core::Situation& situation;
  std::vector<core::MilliHz> demand;  ///< by workload
  std::vector<double> cold;           ///< by target: the first inference takes so many times longer
};

/// Requests a second that would miss under this assignment; infinite where a memory is overrun.
/// Times are taken as exponential above the predicted quantile.
[[nodiscard]] double misses_per_second(const MissQuestion& question,
                                       const core::Assignment& assignment);

/// Requests that miss because workloads start cold where this assignment moves them: their first
/// inferences hold up everybody there until the accelerator has caught up.
[[nodiscard]] double misses_by_moving(const MissQuestion& question,
                                      const core::Assignment& assignment);

/// From `solved` and from what runs now, whichever ends better; `solved` itself where nothing saves
/// more than a request over the time a move has to pay back in.
[[nodiscard]] core::Assignment least_misses(const MissQuestion& question,
                                            const core::Assignment& solved);

}  // namespace wanwise::sim
