#include "sim/world/network/grant_clock.hpp"

namespace wanwise::sim {

// RateCursor::grants() leaves floor((i + 1) f) - floor(i f) grants at opportunity i, so grant g
// stands at the first opportunity with (i + 1) f >= g + 1; the pattern repeats after one million
// opportunities.
Nanos GrantClock::time_of(std::int64_t grant) const {
  const std::int64_t f = m_factor.count;
  if (m_cursor.empty() || f == 0) return kNever;
  if (f == core::kWhole.count) return m_cursor.time_of(grant);
  const std::int64_t lap = grant / f;  // f grants in a million opportunities
  const std::int64_t rest = grant % f;
  const std::int64_t within = ((rest + 1) * core::kWhole.count + f - 1) / f - 1;
  return m_cursor.time_of(lap * core::kWhole.count + within);
}

std::int64_t GrantClock::first_at_or_after(Nanos time, std::int64_t from) const {
  if (time_of(from) >= time) return from;
  std::int64_t before = from;
  std::int64_t step = 1;
  while (time_of(before + step) < time) {
    before += step;
    step *= 2;
  }
  std::int64_t after = before + step;
  while (after - before > 1) {
    const std::int64_t middle = before + (after - before) / 2;
    (time_of(middle) < time ? before : after) = middle;
  }
  return after;
}

}  // namespace wanwise::sim
