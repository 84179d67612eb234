#include "sim/baselines/sla_meter.hpp"

#include <cmath>
#include <utility>

namespace wanwise::sim {

void SlaMeter::hello(std::optional<core::Micros> rtt) {
  ++m_open.hellos;
  if (!rtt) {
    ++m_open.lost;
    ++m_lost_in_a_row;
    m_answered_in_a_row = 0;
    return;
  }
  m_lost_in_a_row = 0;
  ++m_answered_in_a_row;
  m_open.rtt_sum += static_cast<double>(rtt->count);
  if (m_last_rtt) {
    m_open.jitter_sum += std::abs(static_cast<double>((*rtt - *m_last_rtt).count));
    ++m_open.jitters;
  }
  m_last_rtt = rtt;
}

void SlaMeter::end_interval() {
  const Interval it = std::exchange(m_open, Interval{});
  if (it.hellos == 0) return;
  PathQuality quality;
  quality.loss = static_cast<double>(it.lost) / static_cast<double>(it.hellos);
  const auto came_back = static_cast<double>(it.hellos - it.lost);
  if (came_back > 0) quality.latency_us = it.rtt_sum / came_back;
  if (it.jitters > 0) quality.jitter_us = it.jitter_sum / static_cast<double>(it.jitters);
  m_intervals.push_back(quality);
  if (m_intervals.size() > m_multiplier) m_intervals.pop_front();
}

std::optional<PathQuality> SlaMeter::mean() const {
  if (m_intervals.empty()) return std::nullopt;
  PathQuality mean;
  for (const PathQuality& interval : m_intervals) {
    mean.loss += interval.loss;
    mean.latency_us += interval.latency_us;
    mean.jitter_us += interval.jitter_us;
  }
  const auto n = static_cast<double>(m_intervals.size());
  return PathQuality{mean.loss / n, mean.latency_us / n, mean.jitter_us / n};
}

}  // namespace wanwise::sim
