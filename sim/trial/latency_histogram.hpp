// Counts of latencies in buckets of constant relative width (1/64 of an octave's start, at most 1.6
// % off), so that quantiles of merged runs are those of the union, and memory does not grow with
// the run. Value type; not thread-safe.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/core/units.hpp"

namespace wanwise::sim {

class LatencyHistogram {
 public:
  void add(core::Micros value, std::int64_t count = 1);
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::int64_t count() const { return m_count; }
  [[nodiscard]] core::Micros sum() const { return m_sum; }  ///< exact
  [[nodiscard]] core::Micros max() const { return m_max; }  ///< exact
  /// Upper edge of the bucket that holds the quantile by nearest rank; nothing counted: zero.
  [[nodiscard]] core::Micros quantile(core::Ppm share) const;
  /// Values at or below `limit`, to the bucket's resolution.
  [[nodiscard]] std::int64_t at_most(core::Micros limit) const;

  /// Upper edge and count of every bucket that is not empty, ascending.
  [[nodiscard]] std::vector<std::pair<core::Micros, std::int64_t>> buckets() const;
  /// From what buckets(), sum() and max() gave.
  static LatencyHistogram restore(const std::vector<std::pair<core::Micros, std::int64_t>>& buckets,
                                  core::Micros sum, core::Micros max);

  bool operator==(const LatencyHistogram&) const = default;

 private:
  std::vector<std::int64_t> m_counts;  ///< grows to the largest value seen; at most 64 * 58
  std::int64_t m_count = 0;
  core::Micros m_sum, m_max;
};

}  // namespace wanwise::sim
