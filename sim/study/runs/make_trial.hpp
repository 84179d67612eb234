// From a study to one of its runs: the cell's levels applied, links of the seed, the story on its
// way. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/language/read_study.hpp"

namespace wanwise::sim {

/// Which level makes no sense in which company.
struct CellProblem {
  std::size_t factor = 0;  ///< Study::factors' size: the study as a whole
  std::size_t level = 0;
  std::string path;  ///< of the study's YAML, where it is the study as a whole
  std::string message;
};

[[nodiscard]] core::Expected<Draft, CellProblem> draft_of(const LoadedStudy& loaded,
                                                          const Cell& cell);
/// The story with demand, uplink factor and slowdown of the cell's levels in it.
[[nodiscard]] core::Expected<std::vector<TimedDisturbance>> story_of(const Draft& draft,
                                                                     core::Micros horizon);

/// Needs a study that read_study() gave. The same seed gives every policy and every cell the same
/// drive, or the same beginning in a recording.
[[nodiscard]] TrialConfig make_trial(const LoadedStudy& loaded, const Cell& cell,
                                     const PolicySpec& policy, std::uint64_t seed);

/// The recording as it goes on from `offset`, and then from its beginning.
[[nodiscard]] RateTrace begin_at(const RateTrace& trace, core::Micros offset);
[[nodiscard]] RadioTrace begin_at(const RadioTrace& trace, core::Micros offset);

}  // namespace wanwise::sim
