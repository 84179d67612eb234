// The results of a study as files. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/study.hpp"

namespace wanwise::sim {

[[nodiscard]] core::Expected<void> write_results(const Study& study,
                                                 const std::vector<RunRecord>& records,
                                                 const std::string& dir);

}  // namespace wanwise::sim
