// A day's wave as a change of time: how much own time passes between two moments when the rate is
// multiplied by 1 + amplitude * cos(2 pi (t - peak) / period), and when so much will have passed.
// Exact for every arrival law, where thinning would suit Poisson arrivals only. Value type; any
// thread.
#pragma once

#include "sim/world/kernel/time.hpp"
#include "sim/world/traffic/arrival_law.hpp"

namespace wanwise::sim {

class DiurnalWave {
 public:
  explicit DiurnalWave(const Diurnal& law);

  /// Own time from `begin` to `end`, in nanoseconds.
  [[nodiscard]] double passed(Nanos begin, Nanos end) const;
  /// Nanoseconds from `begin` until `own` nanoseconds of own time have passed.
  [[nodiscard]] double wait(Nanos begin, double own) const;

 private:
  /// Sine of the wave's angle `after` nanoseconds after `begin`.
  [[nodiscard]] double sine(Nanos begin, double after) const;

  Nanos m_period;
  Nanos m_peak;
  double m_amplitude;
  double m_swing;  ///< amplitude * period / 2 pi: the integral's deviation from time, at most
};

}  // namespace wanwise::sim
