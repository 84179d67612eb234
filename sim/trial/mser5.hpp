// MSER-5: how much of a run's beginning should be left out so that the mean of the rest is known
// best (White, Cobb, Spratt, "A comparison of five steady-state truncation heuristics for
// simulation", WSC 2000). Here on the mean latency of the requests that completed in each second,
// in batches of five. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/units.hpp"

namespace wanwise::sim {

class Mser5 {
 public:
  /// A request completed at this moment of the run.
  void add(core::Micros at, core::Micros latency);
  /// Multiple of five seconds, at most half of the run; seconds without requests do not count.
  [[nodiscard]] core::Micros truncation() const;

 private:
  struct Second {
    double sum = 0;
    std::int64_t count = 0;
  };
  std::vector<Second> m_seconds;
};

}  // namespace wanwise::sim
