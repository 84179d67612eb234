// Seeded random decision problems: the same seed gives the same problem on every platform (own
// generator, integers only). For property tests and benchmarks.
#pragma once

#include <cstdint>

#include "engine/core/decide/situation.hpp"

namespace wanwise::test {

/// SplitMix64 (Steele, Lea, Flood, 2014): small, seedable, the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : m_state(seed) {}
  std::uint64_t next();
  /// Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high);
  bool percent(std::int64_t chance) { return between(1, 100) <= chance; }

 private:
  std::uint64_t m_state;
};

struct Shape {
  std::int64_t workloads_min = 1;
  std::int64_t workloads_max = 8;
  std::int64_t options_max = 6;     ///< of one workload; INT64_MAX: every target, link and rung
  std::int64_t load_percent = 100;  ///< scales every request rate
};

/// Small problems of every kind: overload, ladders, memory limits, several priorities, pins,
/// present assignments, priced clouds, data plans, split options, links whose shaper stands above
/// or below the uplink, twins.
core::Situation random_situation(std::uint64_t seed, const Shape& shape);

}  // namespace wanwise::test
