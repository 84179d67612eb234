// Integers that carry their unit in their type. What wanwise compares, stores or emits is one of
// these; doubles live only inside estimators. Value types, no invariants beyond the unit; safe from
// any thread.
#pragma once

#include <compare>
#include <cstdint>

namespace wanwise::core {

/// One integer with a unit. Same-unit sums and integer scaling only: anything else names its
/// conversion.
template <class Tag>
struct Quantity {
  std::int64_t count = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t n) : count(n) {}

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) { return count += other.count, *this; }
  constexpr Quantity& operator-=(Quantity other) { return count -= other.count, *this; }
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity{a.count + b.count};
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity{a.count - b.count};
  }
  friend constexpr Quantity operator*(Quantity a, std::int64_t n) { return Quantity{a.count * n}; }
  friend constexpr Quantity operator/(Quantity a, std::int64_t n) { return Quantity{a.count / n}; }
};

using Micros = Quantity<struct MicrosTag>;    ///< duration, microseconds
using Bps = Quantity<struct BpsTag>;          ///< rate, bits per second
using Bytes = Quantity<struct BytesTag>;      ///< size, bytes
using Ppm = Quantity<struct PpmTag>;          ///< share, parts per million: 1'000'000 is the whole
using MilliHz = Quantity<struct MilliHzTag>;  ///< request rate, requests per 1000 s
using NanoUsd = Quantity<struct NanoUsdTag>;  ///< money, 1e-9 US dollar
using MilliDb =
    Quantity<struct MilliDbTag>;  ///< dB or dBm times 1000; which one stands at the field

inline constexpr Ppm kWhole{1'000'000};

constexpr Micros milliseconds(std::int64_t n) {
  return Micros{n * 1'000};
}
constexpr Micros seconds(std::int64_t n) {
  return Micros{n * 1'000'000};
}

/// A point on the engine's own time line: microseconds since an origin that the runtime chooses.
/// Never the wall clock.
struct Instant {
  std::int64_t micros = 0;

  constexpr auto operator<=>(const Instant&) const = default;
  friend constexpr Instant operator+(Instant t, Micros d) { return Instant{t.micros + d.count}; }
  friend constexpr Instant operator-(Instant t, Micros d) { return Instant{t.micros - d.count}; }
  friend constexpr Micros operator-(Instant a, Instant b) { return Micros{a.micros - b.micros}; }
};

}  // namespace wanwise::core
