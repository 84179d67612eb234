// The points at which a distribution of latencies is kept in files and drawn. Pure; any thread.
#pragma once

#include <vector>

#include "sim/study/statistics/metrics.hpp"

namespace wanwise::sim {

/// Every half percent, and closer in the tail: 206 shares of the completed requests.
[[nodiscard]] const std::vector<core::Ppm>& cdf_shares();

struct CdfPoint {
  double of_completed = 0;  ///< percent
  double of_generated = 0;  ///< percent: lost and skipped requests never complete
  double latency_ms = 0;
};
/// Empty where nothing completed.
[[nodiscard]] std::vector<CdfPoint> cdf(const Measured& part);

}  // namespace wanwise::sim
