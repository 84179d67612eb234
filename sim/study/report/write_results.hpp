// The back half of `wanwise study`: runs in, files out. Pure but for the files it writes; any
// thread, one for a directory.
#pragma once

#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/report/provenance.hpp"
#include "sim/study/study.hpp"

namespace wanwise::sim {

/// Writes results.json, runs.csv, summary.csv, per_class.csv, cdf.csv, timeline.csv and report.html
/// into `dir`, which is made if it is not there. Each file is whole or not there. Runs may be
/// missing (the report says so); fails, and writes nothing, on what Samples::arrange() and
/// weigh_claims() refuse.
core::Expected<void> write_results(const Study& study, const std::vector<RunRecord>& runs,
                                   const std::string& dir,
                                   const Provenance& provenance = this_build());

}  // namespace wanwise::sim
