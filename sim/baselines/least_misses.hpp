// The assignment under which the fewest requests are late, left out or never served, by the core's
// own latency model: a greedy search from several starts, one workload at a time. Deterministic; no
// proof that nothing is better. Pure; any thread.
#pragma once

#include <vector>

#include "engine/core/decide/situation.hpp"

namespace wanwise::sim {

/// Requests a second that would miss under this assignment, of `demand` (by workload); infinite
/// where a memory is overrun. Times are taken as exponential above the predicted quantile.
[[nodiscard]] double misses_per_second(const core::Situation& situation,
                                       const std::vector<core::MilliHz>& demand,
                                       const core::Assignment& assignment);

/// From `solved` and from what runs now, whichever ends better; `solved` itself where nothing saves
/// more than a request over the time a move has to pay back in.
[[nodiscard]] core::Assignment least_misses(const core::Situation& situation,
                                            const std::vector<core::MilliHz>& demand,
                                            const core::Assignment& solved);

}  // namespace wanwise::sim
