// Temperature of an accelerator and what it does about it: first-order heating, and a governor with
// hysteresis that slows service between two thresholds. Value type; any thread.
#pragma once

#include "sim/world/compute/target_tuning.hpp"
#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

class HeatState {
 public:
  /// How often the temperature is looked at. With time constants of 10 s and more it moves by less
  /// than a hundredth of the rise in one step.
  static constexpr Nanos kStep = kNanosPerSecond / 10;

  explicit HeatState(const Heat& law);

  /// One step during which the accelerator drew this share of its full power.
  void step(double power_share);

  [[nodiscard]] double temperature() const { return m_temperature; }
  /// Service times are multiplied by this.
  [[nodiscard]] core::Ppm slowdown() const { return m_throttling ? m_law.slowdown : core::kWhole; }

 private:
  Heat m_law;
  double m_keeps;  ///< of the distance to where the temperature tends, over one step
  double m_temperature;
  bool m_throttling = false;
};

}  // namespace wanwise::sim
