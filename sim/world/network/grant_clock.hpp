// The delivery opportunities of a trace, scaled by a factor, as one numbered sequence of grants of
// 1500 bytes: when grant g comes, and which is the first at or after a time, without stepping
// through them. Owns its trace. One owner; not thread-safe.
#pragma once

#include "sim/world/network/rate_cursor.hpp"

namespace wanwise::sim {

/// Later than any run: what never happens.
inline constexpr Nanos kNever = std::int64_t{1} << 62;

class GrantClock {
 public:
  explicit GrantClock(RateTrace trace) : m_cursor(std::move(trace)) {}

  /// Numbers all grants anew.
  void set_factor(core::Ppm of_trace) { m_factor = of_trace; }
  /// kNever: the trace is empty or its factor 0.
  [[nodiscard]] Nanos time_of(std::int64_t grant) const;
  /// The first grant at or after `time`, not before `from`. O(log of the distance).
  [[nodiscard]] std::int64_t first_at_or_after(Nanos time, std::int64_t from) const;

 private:
  RateCursor m_cursor;
  core::Ppm m_factor = core::kWhole;
};

}  // namespace wanwise::sim
