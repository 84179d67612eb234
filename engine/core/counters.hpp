// Work done, in counted units: golden tests assert it, so that a change of complexity shows without
// a stopwatch. Value type.
#pragma once

#include <cstdint>

namespace wanwise::core {

struct Counters {
  std::uint64_t events = 0;
  std::uint64_t decisions = 0;
  std::uint64_t nodes_visited = 0;  ///< of the search tree
  std::uint64_t options_evaluated = 0;
  std::uint64_t paths_computed = 0;
  bool operator==(const Counters&) const = default;
};

}  // namespace wanwise::core
