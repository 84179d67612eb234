// The delivery opportunities of a RateTrace on the endless time line: the trace repeats. Owns its
// trace. One owner; not thread-safe.
#pragma once

#include "sim/world/air/trace.hpp"
#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

class RateCursor {
 public:
  explicit RateCursor(RateTrace trace);

  [[nodiscard]] bool empty() const { return m_trace.opportunities.empty(); }
  /// When opportunity `index` (0, 1, 2 … over all repetitions) comes.
  [[nodiscard]] Nanos time_of(std::int64_t index) const;
  /// The first at or after `time`, not before `from`.
  [[nodiscard]] std::int64_t first_at_or_after(Nanos time, std::int64_t from) const;
  /// How many opportunities stand at `index` when the trace is scaled: the difference of two floors
  /// spreads them evenly, without a state that could depend on which ones were used.
  [[nodiscard]] std::int64_t grants(std::int64_t index, core::Ppm factor) const;

 private:
  RateTrace m_trace;
  std::int64_t m_count;
  mutable std::int64_t m_lap = 0;  ///< repetition last asked for: saves two divisions
};

}  // namespace wanwise::sim
