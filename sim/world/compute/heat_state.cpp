#include "sim/world/compute/heat_state.hpp"

#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {

HeatState::HeatState(const Heat& law)
    : m_law(law),
      m_keeps(portable_exp(-static_cast<double>(kStep) /
                           static_cast<double>(to_nanos(law.time_constant)))),
      m_temperature(law.ambient_c) {}

void HeatState::step(double power_share) {
  const double tends_to = m_law.ambient_c + m_law.rise_c * power_share;
  m_temperature = tends_to + (m_temperature - tends_to) * m_keeps;
  if (m_throttling) {
    m_throttling = m_temperature >= m_law.release_at_c;
  } else {
    m_throttling = m_temperature > m_law.throttle_at_c;
  }
}

}  // namespace wanwise::sim
