// The tables of a study's results, for other programs: one row a run, a summary, classes, CDFs and
// a time line. Rows are in the order of cells, policies, seeds; equal runs, equal bytes. Pure; any
// thread.
#pragma once

#include <string>

#include "sim/study/statistics/analysis.hpp"

namespace wanwise::sim {

[[nodiscard]] std::string runs_csv(const Analysis& analysis);
[[nodiscard]] std::string summary_csv(const Analysis& analysis);
[[nodiscard]] std::string per_class_csv(const Analysis& analysis);  ///< and per workload
[[nodiscard]] std::string cdf_csv(const Analysis& analysis);
/// Of the first seed that kept a time line, of each cell and policy.
[[nodiscard]] std::string timeline_csv(const Analysis& analysis);

/// That run; null: none kept one.
[[nodiscard]] const RunRecord* timeline_run(const Samples& samples, std::size_t cell,
                                            std::size_t policy);

}  // namespace wanwise::sim
