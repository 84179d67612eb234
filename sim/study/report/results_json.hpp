// results.json: everything the report shows, for programs. Equal runs, equal bytes. Pure; any
// thread.
#pragma once

#include <string>

#include "sim/study/report/provenance.hpp"
#include "sim/study/statistics/analysis.hpp"

namespace wanwise::sim {

/// A reader looks at this first. A member added keeps the number; anything else raises it.
inline constexpr const char* kResultsSchema = "wanwise-study-results/1";

[[nodiscard]] std::string results_json(const Analysis& analysis, const Provenance& provenance);

}  // namespace wanwise::sim
