// The parts of the report, each HTML text or the JSON of its charts. Pure; any thread.
#pragma once

#include <string>

#include "sim/study/report/provenance.hpp"
#include "sim/study/statistics/analysis.hpp"

namespace wanwise::sim {

[[nodiscard]] std::string report_answer(const Analysis& analysis);   ///< verdicts in plain words
[[nodiscard]] std::string report_results(const Analysis& analysis);  ///< tables of every cell
[[nodiscard]] std::string report_charts(const Analysis& analysis);   ///< figures without their data
[[nodiscard]] std::string report_effects(
    const Analysis& analysis);  ///< sensitivity, ablation: tables
[[nodiscard]] std::string report_evidence(const Analysis& analysis);
[[nodiscard]] std::string report_methods(const Analysis& analysis, const Provenance& provenance);

/// For the scripts.
[[nodiscard]] std::string report_data(const Analysis& analysis);

/// "−4.10 [−5.00, −3.20] better": a difference as text and sign, with a class for its colour.
[[nodiscard]] std::string difference_html(const Metric& metric, const Estimate& difference);

}  // namespace wanwise::sim
