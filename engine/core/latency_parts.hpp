// Where a predicted latency comes from, at its quantile: shares that add up to it. Waits do not all
// reach their own quantile at once, so the part of each is what it adds to the sum (Euler's rule
// for the root of a sum of squares), less than its quantile by itself. Value type.
#pragma once

#include "engine/core/units.hpp"

namespace wanwise::core {

/// A part that is overloaded is "never" (decide/latency.hpp, kNever), and the others are 0.
struct LatencyParts {
  Micros path;         ///< LAN and propagation both ways, radio delay variation
  Micros uplink_wait;  ///< behind other messages, in the router or the modem
  Micros uplink_send;  ///< its own bits
  Micros downlink;     ///< wait and transmission of the response
  Micros target_wait;  ///< behind other requests of the accelerator
  Micros service;      ///< its own inference
  bool operator==(const LatencyParts&) const = default;
};

}  // namespace wanwise::core
