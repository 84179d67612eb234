// When the window of a sample began. Nobody counts for longer than a day, and no moment is earlier
// than there are: what a broken sample says does not overflow. Pure; any thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/core/event.hpp"

namespace wanwise::core {

[[nodiscard]] inline Instant window_start(const WorkloadSample& sample) {
  const std::int64_t window =
      std::clamp<std::int64_t>(sample.window.count, 0, seconds(86'400).count);
  return Instant{std::max(sample.observed_at.micros, INT64_MIN + window) - window};
}

}  // namespace wanwise::core
