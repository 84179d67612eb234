// Where and how a workload runs. Value type.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/names.hpp"

namespace wanwise::core {

/// No target: suspended.
struct Place {
  std::optional<TargetName> target;
  std::int32_t rung = 0;  ///< of Workload::ladder
  bool operator==(const Place&) const = default;
};

}  // namespace wanwise::core
