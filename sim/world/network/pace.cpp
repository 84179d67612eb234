#include "sim/world/network/pace.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/check.hpp"
#include "sim/world/network/packet.hpp"

namespace wanwise::sim {
namespace {

constexpr double kBitsPerByteSecond = 8e9;  // bits/s to bytes/ns

}  // namespace

Pace::Pace(core::Bps rate, core::Bps peak, std::int64_t burst_bytes) {
  change(rate, peak, burst_bytes);
  m_tokens = m_depth;
}

void Pace::change(core::Bps rate, core::Bps peak, std::int64_t burst_bytes) {
  WANWISE_CHECK(rate.count > 0 && burst_bytes >= 0);
  m_rate = static_cast<double>(rate.count) / kBitsPerByteSecond;
  m_peak = std::max(m_rate, static_cast<double>(peak.count) / kBitsPerByteSecond);
  m_depth = static_cast<double>(burst_bytes);
  m_tokens = std::min(m_tokens, m_depth);
}

double Pace::between(Nanos from, Nanos to) const {
  if (m_trace) {
    const std::int64_t first = m_trace->first_at_or_after(from + 1, m_grant);
    return static_cast<double>((m_trace->first_at_or_after(to + 1, first) - first) * kMtu);
  }
  const auto time = static_cast<double>(to - from);
  return std::min(m_peak * time, m_tokens + m_rate * time);
}

Nanos Pace::when(Nanos from, double bytes) const {
  if (m_trace) {
    const std::int64_t first = m_trace->first_at_or_after(from + 1, m_grant);
    const auto more = static_cast<std::int64_t>(std::ceil(bytes / kMtu)) - 1;
    return m_trace->time_of(first + std::max<std::int64_t>(0, more));
  }
  const double time = std::max(bytes / m_peak, (bytes - m_tokens) / m_rate);
  return from + static_cast<Nanos>(std::ceil(time));
}

void Pace::spend(Nanos from, Nanos to, double bytes) {
  if (m_trace) {
    m_grant = m_trace->first_at_or_after(to + 1, m_grant);
    return;
  }
  m_tokens = std::min(m_depth, m_tokens + m_rate * static_cast<double>(to - from) - bytes);
  m_tokens = std::max(0.0, m_tokens);
}

void Pace::set_factor(Nanos now, core::Ppm of_trace) {
  if (!m_trace) return;
  m_trace->set_factor(of_trace);
  m_grant = m_trace->first_at_or_after(now + 1, 0);
}

}  // namespace wanwise::sim
