// The energy a target has drawn, exactly: integer picojoules (milliwatts times nanoseconds). Value
// type; any thread.
#pragma once

#include <cstdint>

#include "sim/world/compute/target_tuning.hpp"
#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

/// What the busy power is divided by when service is `slowdown` times slower because of lower
/// clocks: its square. Dynamic power is proportional to f V^2, and V falls with f, so the exponent
/// lies between 1 and 3; NVIDIA's budgets for the TX2 (7.5 W at a GPU clock of 0.85 GHz, 15 W at
/// 1.12 GHz) give 2.5 for the whole module.
[[nodiscard]] constexpr double power_divisor(core::Ppm slowdown) {
  const double factor = static_cast<double>(slowdown.count) / 1e6;
  return factor * factor;
}

class EnergyMeter {
 public:
  explicit EnergyMeter(Power power) : m_power(power) {}

  /// Adds what was drawn since the last call. To be called before the slowdown changes and before
  /// the target is switched on or off, with what held until now. A target that is off draws
  /// nothing.
  void account(Nanos now, Nanos busy_time, core::Ppm slowdown, bool on);

  [[nodiscard]] std::int64_t millijoules() const;

 private:
  __extension__ using Wide = __int128;

  Power m_power;
  Wide m_picojoules = 0;
  Nanos m_since = 0;
  Nanos m_busy_then = 0;
};

}  // namespace wanwise::sim
