// A predicted latency as a distribution: what half, 95 % and 99 % of the requests stay below. Value
// type.
#pragma once

#include "engine/core/units.hpp"

namespace wanwise::core {

struct Forecast {
  Micros p50;
  Micros p95;
  Micros p99;
  bool operator==(const Forecast&) const = default;
};

}  // namespace wanwise::core
