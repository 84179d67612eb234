// The simulator's own time: integer nanoseconds since the world began. Nanoseconds, not the model's
// microseconds, because 1500 bytes at 1 Gb/s last 12 microseconds and 64 bytes 512 ns: rounding
// each to a microsecond would shift rates by per cents. Value type; any thread.
#pragma once

#include <cstdint>

#include "engine/core/units.hpp"

namespace wanwise::sim {

using Nanos = std::int64_t;

inline constexpr Nanos kNanosPerSecond = 1'000'000'000;

constexpr Nanos to_nanos(core::Micros d) {
  return d.count * 1'000;
}
constexpr Nanos to_nanos(core::Instant t) {
  return t.micros * 1'000;
}
/// Down to the microsecond.
constexpr core::Micros to_micros(Nanos d) {
  return core::Micros{d / 1'000};
}
constexpr core::Instant to_instant(Nanos t) {
  return core::Instant{t / 1'000};
}

/// Time `bytes` occupy a line of this rate, up to the next nanosecond.
constexpr Nanos transmission(std::int64_t bytes, core::Bps rate) {
  return (bytes * 8 * kNanosPerSecond + rate.count - 1) / rate.count;
}

}  // namespace wanwise::sim
