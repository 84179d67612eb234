// The tolls that are ever asked, from none to the dearest.
//
// Costs are compared member by member, and that order respects addition, so the usual argument of
// Lagrange multipliers holds for tolls at any level: no joint choice that keeps within the capacity
// costs less than the sum of the sites' cheapest choices at a toll, less toll times capacity (weak
// duality in an ordered vector space). Pure; any thread.
#pragma once

#include <cstdint>

#include "engine/core/toll.hpp"

namespace wanwise::core {

/// Steps of a quarter in each level, 1.25^62 being a million; money first, then the objectives of
/// low, normal, high and critical workloads.
inline constexpr std::int32_t kTollSteps = 62;
inline constexpr std::int32_t kDearestToll = 5 * kTollSteps;

/// `rung`: 0 (no toll) .. kDearestToll.
[[nodiscard]] Toll toll_at(std::int32_t rung);

}  // namespace wanwise::core
