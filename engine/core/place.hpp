// Where and how a workload runs. Value type.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

/// The part of a replicated workload's requests that a second target serves.
struct Split {
  TargetName target;
  Ppm share;  ///< of the requests, 1 .. 999'999; the rest stays with Place::target
  bool operator==(const Split&) const = default;
};

/// No target: suspended.
struct Place {
  std::optional<TargetName> target;
  std::int32_t rung = 0;         ///< of Workload::ladder
  std::optional<Split> split{};  ///< absent: `target` serves all
  bool operator==(const Place&) const = default;
};

/// The same targets with the same shares, whatever the rung.
[[nodiscard]] inline bool same_targets(const Place& a, const Place& b) {
  return a.target == b.target && a.split == b.split;
}

}  // namespace wanwise::core
