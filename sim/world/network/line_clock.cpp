#include "sim/world/network/line_clock.hpp"

#include <algorithm>

namespace wanwise::sim {

LineClock::LineClock(core::Bps rate) : m_rate(rate) {
  WANWISE_CHECK(rate.count > 0);
}

Nanos LineClock::send(Nanos from, std::int64_t bytes) {
  if (!m_trace) {
    m_mark.free_at = std::max(from, m_mark.free_at) + transmission(bytes, m_rate);
    return m_mark.free_at;
  }
  // mm-link: what is left of a grant whose time has passed is lost.
  const std::int64_t first = m_trace->first_at_or_after(from, m_mark.grant);
  if (first != m_mark.grant) m_mark = {first, 0, 0};
  const std::int64_t end = m_mark.used + bytes;
  const std::int64_t further = (end - 1) / kMtu;
  const Nanos left = m_trace->time_of(first + further);
  m_mark = {first + further, end - further * kMtu, 0};
  if (m_mark.used == kMtu) m_mark = {m_mark.grant + 1, 0, 0};
  return left;
}

std::int64_t LineClock::room(Nanos from, Nanos until) const {
  if (!m_trace) {
    const Nanos time = until - std::max(from, m_mark.free_at);
    if (time <= 0) return 0;
    return static_cast<std::int64_t>(static_cast<double>(time) * static_cast<double>(m_rate.count) /
                                     8e9);
  }
  const std::int64_t first = m_trace->first_at_or_after(from, m_mark.grant);
  const std::int64_t end = m_trace->first_at_or_after(until + 1, first);
  const std::int64_t used = first == m_mark.grant ? m_mark.used : 0;
  return std::max<std::int64_t>(0, (end - first) * kMtu - used);
}

void LineClock::set_factor(Nanos now, core::Ppm of_trace) {
  if (m_trace) m_trace->set_factor(of_trace);
  clear(now);
}

void LineClock::clear(Nanos now) {
  m_mark = {m_trace ? m_trace->first_at_or_after(now, 0) : 0, 0, now};
}

}  // namespace wanwise::sim
