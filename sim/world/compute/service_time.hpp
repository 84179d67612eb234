// Service times of a device profile: lognormal, fitted to the profile's mean and 99th percentile,
// or another shape with its mean. Pure functions; any thread.
#pragma once

#include "engine/core/model.hpp"
#include "sim/world/compute/target_tuning.hpp"

namespace wanwise::sim {

class ServiceLaw {
 public:
  ServiceLaw() = default;
  /// Lognormal with this mean and p99. A p99 not above the mean gives a constant; one above 14.97
  /// times the mean cannot be met by any lognormal and gives the widest that keeps the mean.
  explicit ServiceLaw(core::ServiceTime time, ServiceShape shape = ServiceShape::lognormal);

  /// Microseconds, for a uniform draw from (0, 1): a larger draw is a longer service in every
  /// shape, so a request that is hard in one is hard in all.
  [[nodiscard]] double of(double uniform) const;
  /// Microseconds of the lognormal, for a standard normal draw.
  [[nodiscard]] double at(double normal) const;

 private:
  ServiceShape m_shape = ServiceShape::lognormal;
  double m_mean = 1;
  double m_mu = 0;  ///< of the logarithm
  double m_sigma = 0;
};

}  // namespace wanwise::sim
