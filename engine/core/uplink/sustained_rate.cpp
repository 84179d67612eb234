#include "engine/core/uplink/sustained_rate.hpp"

namespace wanwise::core {

void SustainedRate::observe(Instant at, Bps carried) {
  if (!m_peaks.empty() && at < m_peaks.back().at) return;
  if (carried.count <= 0) m_peaks.clear();
  while (!m_peaks.empty() && m_peaks.back().carried <= carried) m_peaks.pop_back();
  m_peaks.push_back({at, carried});
  while (m_peaks.size() > 1 &&
         (m_peaks.front().at + m_window < at || m_peaks.size() > kMostPeaks)) {
    m_peaks.pop_front();
  }
}

}  // namespace wanwise::core
