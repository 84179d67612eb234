// How fast a shared server hands out bytes: a token bucket (parent shaper: its rate, its burst
// first), or the opportunities of a trace. Fluid: bytes are fractions. Owns its trace. One owner;
// not thread-safe.
#pragma once

#include <optional>

#include "sim/world/network/grant_clock.hpp"

namespace wanwise::sim {

class Pace {
 public:
  /// Full bucket at the start. `peak` is the rate at which a burst passes, >= rate.
  Pace(core::Bps rate, core::Bps peak, std::int64_t burst_bytes);
  explicit Pace(RateTrace trace) : m_trace(std::in_place, std::move(trace)) {}

  /// Bytes a server that is busy from `from` to `to` may send.
  [[nodiscard]] double between(Nanos from, Nanos to) const;
  /// When a server that is busy from `from` on has sent `bytes`, up to the nanosecond; or kNever.
  [[nodiscard]] Nanos when(Nanos from, double bytes) const;
  /// From `from` to `to` that many bytes were sent.
  void spend(Nanos from, Nanos to, double bytes);
  void set_factor(Nanos now, core::Ppm of_trace);
  /// New rate and burst; what is in the bucket stays, up to the burst.
  void change(core::Bps rate, core::Bps peak, std::int64_t burst_bytes);
  /// Bytes in the bucket: they pass at once.
  [[nodiscard]] double burst() const { return m_tokens; }

 private:
  std::optional<GrantClock> m_trace;
  std::int64_t m_grant = 0;       ///< none before is still of interest
  double m_rate = 0, m_peak = 0;  ///< bytes a nanosecond
  double m_depth = 0, m_tokens = 0;
};

}  // namespace wanwise::sim
