#include "sim/world/traffic/meter.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {

void Meter::sent() {
  ++m_window.arrived;
  ++m_totals.in_flight;
}

void Meter::completed(Nanos latency) {
  const core::Micros micros = to_micros(latency);
  ++m_window.completed;
  m_sum += micros;
  ++m_totals.completed;
  --m_totals.in_flight;
  if (micros > m_objective.latency) {
    ++m_window.missed;
    ++m_totals.late;
  }
  keep(micros.count);
}

void Meter::keep(std::int64_t micros) {
  if (m_values.size() < kMaxValues) {
    m_values.push_back(micros);
    return;
  }
  ++m_overflows;
  m_values[m_oldest] = micros;
  m_oldest = (m_oldest + 1) % kMaxValues;
}

void Meter::absorb(Meter& other) {
  m_window.arrived += other.m_window.arrived;
  m_window.completed += other.m_window.completed;
  m_window.missed += other.m_window.missed;
  m_sum += std::exchange(other.m_sum, core::Micros{0});
  for (const std::int64_t value : other.m_values) keep(value);
  other.m_window = {};
  other.m_values.clear();
  other.m_oldest = 0;
}

void Meter::lost() {
  ++m_window.missed;
  ++m_totals.lost;
  --m_totals.in_flight;
}

Meter::Window Meter::take(Nanos now) {
  Window window = std::exchange(m_window, Window{});
  window.length = to_micros(now) - to_micros(m_since);
  m_since = now;
  const core::Micros sum = std::exchange(m_sum, core::Micros{0});
  if (window.completed > 0) window.mean = sum / window.completed;
  if (!m_values.empty()) {
    const auto n = static_cast<std::int64_t>(m_values.size());
    const std::int64_t rank =
        (n * m_objective.quantile.count + core::kWhole.count - 1) / core::kWhole.count;
    const auto at = m_values.begin() + std::clamp<std::int64_t>(rank - 1, 0, n - 1);
    std::nth_element(m_values.begin(), at, m_values.end());
    window.latency = core::Micros{*at};
  }
  m_values.clear();
  m_oldest = 0;
  return window;
}

}  // namespace wanwise::sim
