// Service times of a device profile: lognormal, fitted to the profile's mean and 99th percentile.
// Pure functions; any thread.
#pragma once

#include "engine/core/model.hpp"

namespace wanwise::sim {

class ServiceLaw {
 public:
  ServiceLaw() = default;
  /// Lognormal with this mean and p99. A p99 not above the mean gives a constant; one above 14.97
  /// times the mean cannot be met by any lognormal and gives the widest that keeps the mean.
  explicit ServiceLaw(core::ServiceTime time);

  /// Microseconds, for a standard normal draw.
  [[nodiscard]] double at(double normal) const;

 private:
  double m_mu = 0;  ///< of the logarithm
  double m_sigma = 0;
};

}  // namespace wanwise::sim
