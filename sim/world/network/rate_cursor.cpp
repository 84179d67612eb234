#include "sim/world/network/rate_cursor.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/check.hpp"

namespace wanwise::sim {

RateCursor::RateCursor(RateTrace trace)
    : m_trace(std::move(trace)), m_count(static_cast<std::int64_t>(m_trace.opportunities.size())) {
  const auto& all = m_trace.opportunities;
  WANWISE_CHECK(m_trace.period.count > 0);
  WANWISE_CHECK(std::is_sorted(all.begin(), all.end()));
  WANWISE_CHECK(all.empty() || (all.front().count >= 0 && all.back() <= m_trace.period));
}

Nanos RateCursor::time_of(std::int64_t index) const {
  std::int64_t within = index - m_lap * m_count;
  if (within < 0 || within >= m_count) {
    m_lap = index / m_count;
    within = index % m_count;
  }
  return to_nanos(m_trace.period * m_lap + m_trace.opportunities[static_cast<std::size_t>(within)]);
}

std::int64_t RateCursor::first_at_or_after(Nanos time, std::int64_t from) const {
  if (time_of(from) >= time) return from;
  const Nanos period = to_nanos(m_trace.period);
  // An offset may equal the period, so the answer can stand in the repetition before.
  const std::int64_t lap = std::max<std::int64_t>(0, (time - 1) / period);
  const core::Micros rest{(time - lap * period + 999) / 1'000};
  const auto& all = m_trace.opportunities;
  const auto at = std::lower_bound(all.begin(), all.end(), rest);
  return std::max(from, lap * m_count + (at - all.begin()));
}

std::int64_t RateCursor::grants(std::int64_t index, core::Ppm factor) const {
  if (factor == core::kWhole) return 1;
  // Counted within one million opportunities, after which the pattern repeats.
  const std::int64_t i = index % core::kWhole.count;
  return (i + 1) * factor.count / core::kWhole.count - i * factor.count / core::kWhole.count;
}

}  // namespace wanwise::sim
