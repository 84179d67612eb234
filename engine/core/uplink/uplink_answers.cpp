// What an UplinkEstimator answers: its beliefs as integers, and the shaper's rate with its dead
// band.
#include <algorithm>
#include <cmath>

#include "engine/core/uplink/uplink_estimate.hpp"

namespace wanwise::core {
namespace {

// Writes to the router: up only beyond ten percent, down beyond five, because a shaper above the
// link hurts and one below it only waits.
constexpr double kDeadBandUp = 1.10;
constexpr double kDeadBandDown = 0.95;
// A queue already draining is not drained better by a tenth.
constexpr double kDeadBandDrain = 0.85;
// In a fade the rate is another one each second, and none is worth a write that its end undoes.
constexpr double kDeadBandFade = 1.25;
// `shape average` takes bit/s; a kilobit is finer than any estimate.
constexpr std::int64_t kRateGrain = 1'000;

// Requests that a fade caught come back, or are given up, up to a second or two after it; misses
// are counted over the last two.
constexpr Micros kSettled = seconds(4);

Bps whole(double bps) {
  return Bps{static_cast<std::int64_t>(std::llround(std::max(bps, 0.0)))};
}

}  // namespace

UplinkInterval UplinkEstimator::interval() const {
  const double high = std::max(m_high, m_low);
  return {whole(m_low), whole(std::min(high, std::max(m_ceiling, m_low))), m_observed_at};
}

Bps UplinkEstimator::shaper() const {
  const std::int64_t grain = whole(m_control.rate()).count / kRateGrain * kRateGrain;
  const Bps wanted{std::clamp(grain, whole(m_floor).count, whole(m_ceiling).count)};
  if (!m_in_force || *m_in_force < m_floor || *m_in_force > m_ceiling) return wanted;
  const double ratio = static_cast<double>(wanted.count) / *m_in_force;
  const bool draining = m_control.in_episode() && *m_in_force < m_control.capacity().value_or(0);
  const double down = draining || m_control.in_fade() ? kDeadBandDrain : kDeadBandDown;
  const double up = m_control.in_fade() ? kDeadBandFade : kDeadBandUp;
  return ratio > up || ratio < down ? wanted : whole(*m_in_force);
}

std::optional<Instant> UplinkEstimator::disturbed_since() const {
  return m_disturbed_since && m_now - m_disturbed_at <= kSettled ? m_disturbed_since : std::nullopt;
}

std::optional<Micros> UplinkEstimator::rtt() const {
  return m_probes.last();
}

std::optional<Micros> UplinkEstimator::rtt_base() const {
  return m_probes.base();
}

Micros UplinkEstimator::jitter() const {
  return m_probes.jitter();
}

Bps UplinkEstimator::tx_rate() const {
  return whole(m_tx.rate());
}

}  // namespace wanwise::core
