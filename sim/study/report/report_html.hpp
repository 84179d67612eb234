// report.html: one file that answers the study's question to a person, offline, with and without
// JavaScript. Pure; any thread.
#pragma once

#include <string>

#include "sim/study/report/provenance.hpp"
#include "sim/study/statistics/analysis.hpp"

namespace wanwise::sim {

/// Cells that have their tables in the page; the CSV files have all.
inline constexpr std::size_t kReportCells = 24;

[[nodiscard]] std::string report_html(const Analysis& analysis, const Provenance& provenance);

}  // namespace wanwise::sim
