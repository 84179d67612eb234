// When bytes leave a line that serves first come, first served: a serial line of fixed rate or a
// trace line. Answers at once what SerialLine and TraceLine find out packet by packet. Owns its
// trace. One owner; not thread-safe.
#pragma once

#include <optional>

#include "sim/world/network/grant_clock.hpp"
#include "sim/world/network/packet.hpp"

namespace wanwise::sim {

class LineClock {
 public:
  /// What is taken up to now: the line's position in time.
  struct Mark {
    std::int64_t grant = 0;  ///< trace: the next that has room
    std::int64_t used = 0;   ///< of it, bytes
    Nanos free_at = 0;       ///< serial line
  };

  explicit LineClock(RateTrace trace) : m_trace(std::in_place, std::move(trace)) {}
  explicit LineClock(core::Bps rate);

  /// Sends `bytes` that are there from `from` on, after all that was sent before; returns when the
  /// last of them has left, or kNever.
  Nanos send(Nanos from, std::int64_t bytes);
  /// Bytes, of those there from `from` on, that could leave until `until` from this position on.
  [[nodiscard]] std::int64_t room(Nanos from, Nanos until) const;

  [[nodiscard]] const Mark& mark() const { return m_mark; }
  void back_to(const Mark& mark) { m_mark = mark; }
  /// From `now` on the trace has this factor, and nothing is taken yet.
  void set_factor(Nanos now, core::Ppm of_trace);
  /// Forgets what was to leave after `now`.
  void clear(Nanos now);

 private:
  std::optional<GrantClock> m_trace;
  core::Bps m_rate;
  Mark m_mark;
};

}  // namespace wanwise::sim
