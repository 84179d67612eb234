#include "engine/core/observe/demand_estimate.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/observe/quantise.hpp"

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
/// Two samples in a row on the same side of the level, each beyond 2 sigma of its own noise (one
/// pair in 2,000 by chance), are a jump of the load: the average starts again from them instead of
/// creeping after it.
constexpr double kJumpSigmas = 2.0;

/// A try in vain costs two moves of the hour's budget and some twenty seconds of misses (until it
/// is measured, the policy's fall-back-after, the queue that built up, and the way back): 7 % of
/// five minutes, 1 % of forty. Half a minute and eight cost the harbour 12 points at 2.2 times its
/// demand.
constexpr Micros kFirstPatience = seconds(300);
constexpr Micros kMostPatience = seconds(2'400);

}  // namespace

DemandEstimate::DemandEstimate(MilliHz declared)
    : m_declared(declared),
      m_level(declared),
      m_average(static_cast<double>(declared.count)),
      m_last(m_average),
      m_patience(kFirstPatience) {}

void DemandEstimate::observe(const WorkloadSample& sample) {
  const auto window = static_cast<double>(sample.window.count);
  m_seen_at = sample.observed_at;
  if (window <= 0 || sample.arrived < 0) return;
  follow(static_cast<double>(sample.arrived) * 1e9 / window, window);
  settle_level(window);
}

std::optional<Instant> DemandEstimate::stale_at() const {
  if (!m_seen_at || m_level == m_declared) return std::nullopt;
  return *m_seen_at + m_patience;
}

void DemandEstimate::forget_stale(Instant now) {
  const auto due = stale_at();
  if (!due || now < *due) return;
  m_level = m_declared;
  m_average = m_last = static_cast<double>(m_declared.count);
  m_patience = std::min(m_patience * 2, kMostPatience);
  m_calm_from.reset();
}

void DemandEstimate::follow(double rate, double window_us) {
  const auto level = static_cast<double>(m_level.count);
  const double expected = level / 1e3 * window_us / 1e6;
  const double noise = kJumpSigmas / std::sqrt(std::max(expected, 1.0));
  const double band = std::max(kDeadBand, noise) * level;
  const bool jumped =
      std::min(rate, m_last) > level + band || std::max(rate, m_last) < level - band;
  // w/(w+tau) instead of 1-exp(-w/tau): no libm, the same bits on every platform.
  const double weight = window_us / (window_us + kTauUs);
  m_average = jumped ? (rate + m_last) / 2 : m_average + weight * (rate - m_average);
  m_last = rate;
}

void DemandEstimate::settle_level(double window_us) {
  const auto declared = static_cast<double>(m_declared.count);
  if (std::abs(m_average - declared) <= kDeadBand * declared) {
    m_level = m_declared;
    if (!m_calm_from) m_calm_from = m_seen_at;
    if (*m_seen_at - *m_calm_from >= m_patience) m_patience = kFirstPatience;
    return;
  }
  m_calm_from.reset();
  const auto level = static_cast<double>(m_level.count);
  const double averaged = std::max(level, m_average) / 1e3 * 2 * (kTauUs + window_us) / 1e6;
  const double band = std::max(kDeadBand, kSigmas / std::sqrt(std::max(averaged, 1.0)));
  if (std::abs(m_average - level) <= band * level) return;
  m_level = MilliHz{coarse_up(static_cast<std::int64_t>(std::ceil(m_average)))};
}

}  // namespace wanwise::core
