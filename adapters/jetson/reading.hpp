// What one page tells about a node, in the core's units, and how numbers become that. A value
// outside its range is absent, never bent into it. Values; any thread.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/jetson/exposition.hpp"
#include "engine/core/units.hpp"

namespace wanwise::jetson {

/// Series under a name that is read whose value or labels made no sense.
struct NotUnderstood {
  std::uint64_t count = 0;
  std::string first;  ///< name of the first metric concerned

  void add(const Series& series) {
    if (count++ == 0) first = series.name;
  }
};

/// Where a page tells of several accelerators, the worst of them.
struct NodeReading {
  std::optional<std::string> power_mode;      ///< as the node calls it: "MAXN"
  std::optional<core::Ppm> load;              ///< busy share, 0 to 1'000'000
  std::optional<std::int32_t> temperature_c;  ///< -40 to 150
  std::optional<core::Bytes> memory_free;
  std::optional<bool> throttled;            ///< the device's own word on its clocks
  std::optional<core::Ppm> least_slowdown;  ///< what a throttled device loses at the least
  std::optional<core::Ppm> clock_ratio;     ///< full clock over the present one, at least the whole
  NotUnderstood not_understood;

  /// What `other` knows and this does not.
  void fill_from(const NodeReading& other);
};

/// A device that cooled down to -40 or heated up to 150 °C tells of a broken sensor.
inline constexpr double kColdest = -40;
inline constexpr double kHottest = 150;
/// More memory than any node has, in bytes: 64 TiB.
inline constexpr double kMostMemory = 70'368'744'177'664.0;
/// A clock twenty times below the full one is that of an idle device.
inline constexpr std::int64_t kLargestClockRatio = 20'000'000;

/// `value * scale`, rounded, when the value is between `least` and `most`.
[[nodiscard]] inline std::optional<std::int64_t> scaled(double value, double least, double most,
                                                        double scale) {
  if (!(value >= least && value <= most)) return std::nullopt;
  return std::llround(value * scale);
}

/// Keeps the largest of what it is given.
template <class T>
void keep_largest(std::optional<T>& kept, T value) {
  if (!kept || value > *kept) kept = value;
}
template <class T>
void keep_smallest(std::optional<T>& kept, T value) {
  if (!kept || value < *kept) kept = value;
}

/// Full clock over present clock, whatever their unit; absent when either is, or when idle.
[[nodiscard]] inline std::optional<core::Ppm> clock_ratio(std::optional<double> present,
                                                          std::optional<double> full) {
  if (!present || !full || !(*present > 0) || !(*full >= *present)) return std::nullopt;
  const double ratio = *full / *present * 1e6;
  if (!(ratio <= static_cast<double>(kLargestClockRatio))) return std::nullopt;
  return core::Ppm{std::llround(ratio)};
}

}  // namespace wanwise::jetson
