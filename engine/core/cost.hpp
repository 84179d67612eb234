// What a joint choice costs, goal by goal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/core/model.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

/// What the joint choice minimises, the first goal first. The objectives of critical and high
/// workloads may overdraw a data plan, those of the others may not. Money comes before every
/// preference: what leaves the site is then what loads the uplink least. With the preferred places
/// of critical and high workloads before money, heavier flows left in their stead, and the study
/// blind-router missed 16.8 % of its deadlines instead of 0.4 %.
enum class Goal : std::uint8_t {
  unmet_critical,  ///< see unmet_cost() in solver.hpp
  unmet_high,
  over_quota,  ///< bits per second above the links' quotas, both directions
  unmet_normal,
  unmet_low,
  money,       ///< NanoUsd per hour, LTE and cloud
  preference,  ///< sum of ranks
  switches,    ///< workloads that change option
  latency,     ///< sum of predicted latencies, µs: ties go to the faster
};
inline constexpr std::size_t kGoals = 9;

inline constexpr Priority kAllPriorities[kPriorities] = {Priority::critical, Priority::high,
                                                         Priority::normal, Priority::low};
/// Where a workload's unmet objective counts.
[[nodiscard]] constexpr Goal unmet_goal(Priority priority) {
  constexpr Goal kOf[kPriorities] = {Goal::unmet_critical, Goal::unmet_high, Goal::unmet_normal,
                                     Goal::unmet_low};
  return kOf[static_cast<std::size_t>(priority)];
}

/// Lexicographic: smaller is better, first goal first.
struct Cost {
  std::array<std::int64_t, kGoals> goals{};

  constexpr std::int64_t& operator[](Goal goal) { return goals[static_cast<std::size_t>(goal)]; }
  constexpr std::int64_t operator[](Goal goal) const {
    return goals[static_cast<std::size_t>(goal)];
  }
  [[nodiscard]] constexpr std::int64_t unmet(Priority p) const { return (*this)[unmet_goal(p)]; }
  [[nodiscard]] constexpr NanoUsd per_hour() const { return NanoUsd{(*this)[Goal::money]}; }

  constexpr Cost& operator+=(const Cost& other) {
    for (std::size_t g = 0; g < kGoals; ++g) goals[g] += other.goals[g];
    return *this;
  }
  constexpr Cost& operator-=(const Cost& other) {
    for (std::size_t g = 0; g < kGoals; ++g) goals[g] -= other.goals[g];
    return *this;
  }
  /// Anything counts before ranks and money.
  [[nodiscard]] bool above_money() const {
    for (std::size_t g = 0; g <= static_cast<std::size_t>(Goal::unmet_low); ++g) {
      if (goals[g] != 0) return true;
    }
    return false;
  }
  auto operator<=>(const Cost&) const = default;
};

}  // namespace wanwise::core
