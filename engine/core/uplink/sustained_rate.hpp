// What a link carries over the time that a decision lasts: the largest of the recent estimates, so
// that a fade shorter than the window is waited out and not planned for. The shaper follows the
// estimate itself. Value type; one owner.
#pragma once

#include <cstddef>
#include <deque>

#include "engine/core/units.hpp"

namespace wanwise::core {

/// A fade shorter than this is waited out: recorded LTE uplinks lose their rate for one to five
/// seconds several times a minute, and what is given up for one comes back later than it is over.
inline constexpr Micros kLongestFade = seconds(8);

class SustainedRate {
 public:
  explicit SustainedRate(Micros window) : m_window(window) {}

  /// An estimate; later ones than the newest only. Nothing carried is no fade: it counts at once.
  void observe(Instant at, Bps carried);
  /// Largest of the window before the newest estimate; nothing before there is one.
  [[nodiscard]] Bps value() const { return m_peaks.empty() ? Bps{0} : m_peaks.front().carried; }

 private:
  // Falling peaks only: one a telemetry period; more come from a misbehaving clock.
  static constexpr std::size_t kMostPeaks = 64;
  struct Peak {
    Instant at;
    Bps carried;
  };
  Micros m_window;
  std::deque<Peak> m_peaks;  ///< falling
};

}  // namespace wanwise::core
