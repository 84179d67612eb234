// Studies whose runs are made up, so that what is reported of them is known beforehand.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/study/study.hpp"

namespace wanwise::test {

struct MadeStudy {
  sim::Study study;
  std::vector<sim::RunRecord> runs;
};

/// Two policies, two seeds, one cell, one class, round numbers: for goldens and hand examples.
[[nodiscard]] MadeStudy tiny_study();

/// Fifteen policies on five uplinks: classes that queue behind each other, an outage in every time
/// line, claims of every verdict.
[[nodiscard]] MadeStudy drive_study(std::size_t seeds, std::size_t policies = 15);

/// A run with one workload of class "realtime": `late` of `generated` are late, all complete on
/// site.
[[nodiscard]] sim::TrialResult plain_run(std::int64_t generated, std::int64_t late);

}  // namespace wanwise::test
