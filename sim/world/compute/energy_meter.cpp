#include "sim/world/compute/energy_meter.hpp"

namespace wanwise::sim {

void EnergyMeter::account(Nanos now, Nanos busy_time, core::Ppm slowdown, bool on) {
  if (on) {
    m_picojoules += Wide{m_power.idle_mw} * (now - m_since);
    // A million squared, for the square of power_divisor(); 10^5 mW for ten years still fit.
    constexpr Wide kWholeSquared = Wide{1'000'000} * 1'000'000;
    const Wide work = Wide{m_power.busy_mw} * (busy_time - m_busy_then);
    m_picojoules += work * kWholeSquared / (Wide{slowdown.count} * slowdown.count);
  }
  m_since = now;
  m_busy_then = busy_time;
}

std::int64_t EnergyMeter::millijoules() const {
  constexpr std::int64_t kPicojoules = 1'000'000'000;  // a millijoule
  return static_cast<std::int64_t>(m_picojoules / kPicojoules);
}

}  // namespace wanwise::sim
