#include "engine/core/demand_estimate.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/quantise.hpp"

namespace wanwise::core {
namespace {

/// Time constant of the average. Two seconds see a jump of the load within a sample or two, and
/// still average 2 * tau * rate arrivals.
constexpr double kTauUs = 2e6;
/// Departures below a fifth are left alone: no decision of ours is that finely balanced.
constexpr double kDeadBand = 0.20;
/// A departure must also stand out of Poisson noise, whose deviation is 1/sqrt(arrivals averaged):
/// 3 sigma.
constexpr double kSigmas = 3.0;

}  // namespace

DemandEstimate::DemandEstimate(MilliHz declared) : m_declared(declared), m_level(declared) {}

void DemandEstimate::observe(const WorkloadSample& sample) {
  const auto window = static_cast<double>(sample.window.count);
  if (window <= 0 || sample.arrived < 0) return;
  const double rate = static_cast<double>(sample.arrived) * 1e9 / window;
  // w/(w+tau) instead of 1-exp(-w/tau): no libm, the same bits on every platform.
  const double weight = window / (window + kTauUs);
  m_average = m_primed ? m_average + weight * (rate - m_average) : rate;
  m_primed = true;

  const auto level = static_cast<double>(m_level.count);
  const double averaged = std::max(level, m_average) / 1e3 * 2 * (kTauUs + window) / 1e6;
  const double band = std::max(kDeadBand, kSigmas / std::sqrt(std::max(averaged, 1.0)));
  if (std::abs(m_average - level) <= band * level) return;
  const auto declared = static_cast<double>(m_declared.count);
  const bool as_declared = std::abs(m_average - declared) <= kDeadBand * declared;
  m_level = as_declared ? m_declared
                        : MilliHz{coarse_up(static_cast<std::int64_t>(std::ceil(m_average)))};
}

}  // namespace wanwise::core
