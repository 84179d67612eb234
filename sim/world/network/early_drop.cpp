#include "sim/world/network/early_drop.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

// IOS accepts exponents 1 to 16.
constexpr std::uint32_t kMaxExponent = 16;

/// By squaring: the same bits on every machine, which std::pow does not promise.
double power(double base, std::int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base)
    if ((exponent & 1) != 0) result *= base;
  return result;
}

}  // namespace

EarlyDrop::EarlyDrop(Wred settings, Nanos slot)
    : m_settings(settings),
      m_slot(std::max<Nanos>(1, slot)),
      m_weight(1.0 / static_cast<double>(std::uint64_t{1} << settings.weight_exponent)) {
  WANWISE_CHECK(settings.weight_exponent <= kMaxExponent && settings.mark_denominator > 0);
  WANWISE_CHECK(settings.least <= settings.most);
}

double EarlyDrop::chance_at(double average) const {
  const double least = m_settings.least;
  const double most = m_settings.most;
  if (average < least) return 0;
  if (average >= most) return 1;
  return (average - least) / (most - least) / m_settings.mark_denominator;
}

double EarlyDrop::meet(Nanos now, std::size_t waiting) {
  if (waiting == 0) {
    // As if m small packets had met an empty queue meanwhile.
    const std::int64_t m = (now - m_idle_since) / m_slot;
    m_average *= power(1 - m_weight, m);
    m_idle_since += m * m_slot;
  } else {
    m_average += m_weight * (static_cast<double>(waiting) - m_average);
  }
  return chance_at(m_average);
}

}  // namespace wanwise::sim
