// What SD-WAN's application-aware routing knows of one tunnel: loss, latency and jitter averaged
// over poll intervals, and over the last few of those. Value type; one owner.
#pragma once

#include <deque>
#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::sim {

struct PathQuality {
  double loss = 0;  ///< share
  double latency_us = 0;
  double jitter_us = 0;
};

class SlaMeter {
 public:
  explicit SlaMeter(std::int64_t multiplier) : m_multiplier(static_cast<std::size_t>(multiplier)) {}

  /// One hello: its round trip, or nothing when it was lost.
  void hello(std::optional<core::Micros> rtt);
  /// A poll interval ended. An interval without any hello is not kept.
  void end_interval();
  /// The mean over the last `multiplier` intervals; nothing before the first.
  [[nodiscard]] std::optional<PathQuality> mean() const;
  [[nodiscard]] std::int64_t lost_in_a_row() const { return m_lost_in_a_row; }
  [[nodiscard]] std::int64_t answered_in_a_row() const { return m_answered_in_a_row; }

 private:
  struct Interval {
    std::int64_t hellos = 0, lost = 0, jitters = 0;
    double rtt_sum = 0, jitter_sum = 0;
  };

  std::size_t m_multiplier;
  Interval m_open;
  std::deque<PathQuality> m_intervals;  ///< at most `multiplier`
  std::optional<core::Micros> m_last_rtt;
  std::int64_t m_lost_in_a_row = 0;
  std::int64_t m_answered_in_a_row = 0;
};

}  // namespace wanwise::sim
