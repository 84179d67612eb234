#include "sim/world/compute/service_time.hpp"

#include <algorithm>
#include <cmath>

#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {
constexpr double kZ99 = 2.3263478740408408;  // 0.99 quantile of the standard normal
}

// mean = exp(mu + s^2/2) and p99 = exp(mu + z s) give s^2/2 - z s + ln(p99/mean) = 0.
ServiceLaw::ServiceLaw(core::ServiceTime time, ServiceShape shape) : m_shape(shape) {
  const auto mean = static_cast<double>(std::max<std::int64_t>(1, time.mean.count));
  m_mean = mean;
  const auto p99 = static_cast<double>(time.p99.count);
  if (p99 > mean) {
    const double under = kZ99 * kZ99 - 2 * portable_log(p99 / mean);
    m_sigma = kZ99 - std::sqrt(std::max(0.0, under));
  }
  m_mu = portable_log(mean) - m_sigma * m_sigma / 2;
}

double ServiceLaw::of(double uniform) const {
  double result = m_mean;
  switch (m_shape) {
    case ServiceShape::lognormal:
      result = at(normal_quantile(uniform));
      break;
    case ServiceShape::exponential:
      result = -portable_log(1 - uniform) * m_mean;
      break;
    case ServiceShape::constant:
      break;
  }
  return result;
}

double ServiceLaw::at(double normal) const {
  return portable_exp(m_mu + m_sigma * normal);
}

}  // namespace wanwise::sim
