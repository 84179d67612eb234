// The request rate a workload is decided on: the declared one while what arrives is consistent with
// it, the measured one where it clearly departs. One owner.
#pragma once

#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

class DemandEstimate {
 public:
  explicit DemandEstimate(MilliHz declared);

  /// Arrivals on the full demand. Samples from a rung that cuts them tell nothing about it: do not
  /// feed them.
  void observe(const WorkloadSample& sample);
  /// On a rung that cuts the demand nobody can see that it fell. What was measured before is given
  /// up after a while, so that the declared demand is tried again: later each time it was in vain.
  void forget_stale(Instant now);
  /// When forget_stale() would change something, should nothing be observed until then.
  [[nodiscard]] std::optional<Instant> stale_at() const;

  [[nodiscard]] MilliHz rate() const { return m_level; }

 private:
  void follow(double rate, double window_us);
  void settle_level(double window_us);

  MilliHz m_declared;
  MilliHz m_level;
  double m_average;  ///< of the measured rate, mHz; exponentially weighted
  double m_last;     ///< the rate of the last sample, mHz
  std::optional<Instant> m_seen_at;
  std::optional<Instant> m_calm_from;  ///< as declared since then
  Micros m_patience;
};

}  // namespace wanwise::core
