// How observed latencies compare with those predicted: the drift of the model, of one workload at
// one place. One owner.
//
// A sample's latency is an order statistic: of n requests the ceil(quantile * n)-th fastest. Of ten
// requests that is the slowest, which stays far below the 99th percentile on average, so it is
// compared with what the forecast says of that order statistic and not with its p99.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/forecast.hpp"

namespace wanwise::core {

/// What the forecast expects of the `quantile`-th of `requests` latencies, by nearest rank;
/// nothing where it expects no answer at all.
[[nodiscard]] std::optional<Micros> expected_sample(const Forecast& forecast, Ppm quantile,
                                                    std::int64_t requests);

class PredictionDrift {
 public:
  void observe(const WorkloadSample& sample, const Forecast& predicted, Ppm quantile);
  void reset() { *this = {}; }

  /// Observed latency, of the predicted; nothing before enough requests were seen.
  [[nodiscard]] std::optional<Ppm> ratio() const;
  /// Outside of what a usable prediction is, for long.
  [[nodiscard]] bool off(Instant now) const;

 private:
  double m_ratio = 0;
  std::int64_t m_requests = 0;
  std::optional<Instant> m_off_since;
};

}  // namespace wanwise::core
