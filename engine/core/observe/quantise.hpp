// Estimates as the decision sees them: coarse and sticky, so that noise never reaches the solver or
// the router. Pure.
#pragma once

#include <bit>
#include <cstdint>

namespace wanwise::core {

/// Keeps the five leading bits: steps of 3 to 6 %, far below the error of any estimate here.
constexpr std::int64_t coarse_down(std::int64_t value) {
  if (value < 32) return value;
  const int dropped = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value))) - 5;
  return value >> dropped << dropped;
}

constexpr std::int64_t coarse_up(std::int64_t value) {
  const std::int64_t down = coarse_down(value);
  if (down == value) return value;
  const int dropped = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value))) - 5;
  return down + (std::int64_t{1} << dropped);
}

/// `seen` as long as `fresh` stays within 1/16 (one to two coarse steps) of it: a value on the edge
/// of two steps does not toggle.
constexpr bool within_step(std::int64_t seen, std::int64_t fresh) {
  const std::int64_t gap = seen > fresh ? seen - fresh : fresh - seen;
  return gap <= seen / 16;
}

constexpr std::int64_t sticky_down(std::int64_t seen, std::int64_t fresh) {
  return within_step(seen, fresh) ? seen : coarse_down(fresh);
}
constexpr std::int64_t sticky_up(std::int64_t seen, std::int64_t fresh) {
  return within_step(seen, fresh) ? seen : coarse_up(fresh);
}

}  // namespace wanwise::core
