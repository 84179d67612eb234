// The line that `wanwise run --timeline` prints now and then, so that a quiet site does not look
// like a hung one. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/cli/timeline.hpp"
#include "engine/core/status.hpp"

namespace wanwise::cli {

/// `total`: how long the run shall last; absent: until it is stopped.
[[nodiscard]] TimelineLine progress_line(const core::Status& status, core::Micros since_start,
                                         std::optional<core::Micros> total);

}  // namespace wanwise::cli
