// The request rate a workload is decided on: the declared one while what arrives is consistent with
// it, the measured one where it clearly departs. One owner.
#pragma once

#include "engine/core/event.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

class DemandEstimate {
 public:
  explicit DemandEstimate(MilliHz declared);

  /// Arrivals on the full demand. Samples from a lower rung tell nothing about it: do not feed
  /// them.
  void observe(const WorkloadSample& sample);

  [[nodiscard]] MilliHz rate() const { return m_level; }

 private:
  void follow(double rate, double window_us);
  void settle_level(double window_us);

  MilliHz m_declared;
  MilliHz m_level;
  double m_average;  ///< of the measured rate, mHz; exponentially weighted
  double m_last;     ///< the rate of the last sample, mHz
};

}  // namespace wanwise::core
