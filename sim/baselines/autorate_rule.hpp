// cake-autorate's rule for the rate of one direction: down by a factor that grows with the delay
// when delays pile up, up while loaded and prompt, back to the base rate while idle. Told what was
// measured, never measures. Value type; one owner.
#pragma once

#include <deque>
#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::sim {

/// Names and values of cake-autorate's defaults.sh.
struct AutorateSettings {
  double base = 0, least = 0, most = 0;                       ///< bits per second; the operator's
  core::Micros delay_threshold = core::milliseconds(30);      ///< ul_owd_delta_delay_thr_ms
  core::Micros most_up_below = core::milliseconds(10);        ///< …_max_adjust_up_thr_ms
  core::Micros most_down_above = core::milliseconds(60);      ///< …_max_adjust_down_thr_ms
  std::size_t window = 6;                                     ///< bufferbloat_detection_window
  std::size_t delayed = 3;                                    ///< bufferbloat_detection_thr
  double least_down = 0.99, most_down = 0.75;                 ///< shaper_rate_…_adjust_down_…
  double least_up = 1.0, most_up = 1.04;                      ///< shaper_rate_…_adjust_up_…
  double idle_down = 0.99, idle_up = 1.01;                    ///< shaper_rate_adjust_…_load_low
  double high_load = 0.75;                                    ///< high_load_thr
  core::Micros bloat_refractory = core::milliseconds(300);    ///< bufferbloat_refractory_period_ms
  core::Micros decay_refractory = core::milliseconds(1'000);  ///< decay_refractory_period_ms
  double baseline_rise = 0.001, baseline_fall = 0.9;          ///< alpha_baseline_…
};

class AutorateRule {
 public:
  explicit AutorateRule(AutorateSettings settings);

  /// What left the interface lately, bits per second.
  void sent(double rate);
  /// A probe came back: half of its round trip counts for this direction, as with fping.
  void answered(core::Micros rtt, core::Instant now);
  /// A probe is so late that it was given up: at least this round trip.
  void overdue(core::Micros at_least, core::Instant now);

  [[nodiscard]] double rate() const { return m_rate; }

 private:
  void delay(double owd_delta_us, core::Instant now);
  void adjust(core::Instant now);
  void cut(double average, double threshold, core::Instant now);
  void raise(double average, double threshold, core::Instant now);
  void decay(core::Instant now);
  [[nodiscard]] double threshold_us() const;

  AutorateSettings m_settings;
  double m_rate;
  std::optional<double> m_baseline_us;
  std::deque<double> m_deltas;  ///< microseconds, at most `window`, oldest first
  double m_sent = 0;
  bool m_sent_is_new = false;
  std::optional<core::Instant> m_last_cut;
  std::optional<core::Instant> m_last_change;
};

}  // namespace wanwise::sim
