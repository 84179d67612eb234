#include "engine/core/uplink/windowed_min.hpp"

#include "engine/core/check.hpp"

namespace wanwise::core {

WindowedMin::WindowedMin(Micros window, std::size_t limit) : m_window(window), m_limit(limit) {
  WANWISE_CHECK(limit >= 2 && window.count > 0);
}

void WindowedMin::add(Instant at, Micros value) {
  while (!m_candidates.empty() && m_candidates.back().value >= value) m_candidates.pop_back();
  if (m_candidates.size() >= m_limit) {
    // The youngest candidate is the smaller one's successor: it only matters once that expires.
    m_candidates.back().at = at;
  } else {
    m_candidates.push_back({at, value});
  }
  while (m_candidates.front().at < at - m_window) m_candidates.pop_front();
}

std::optional<Micros> WindowedMin::value() const {
  if (m_candidates.empty()) return std::nullopt;
  return m_candidates.front().value;
}

}  // namespace wanwise::core
