// Everything the engine can want done. Each action gets exactly one ActionDone with its id, at the
// latest at its deadline. The action table with who carries out what stands in
// engine/ARCHITECTURE.md.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "engine/core/event.hpp"

namespace wanwise::core {

/// Make the router's wanwise configuration equal to `desired`, whole or not at all.
struct ApplyQos {
  RouterQos desired;
  bool operator==(const ApplyQos&) const = default;
};

/// Run the workload on `to` at the given rung; make before break. Absent `to` suspends it.
struct PlaceWorkload {
  WorkloadName workload;
  std::optional<TargetName> from;
  std::optional<TargetName> to;
  std::int32_t rung = 0;
  std::optional<Split> split{};  ///< absent: `to` serves all
  bool operator==(const PlaceWorkload&) const = default;
};

struct Action {
  ActionId id = 0;
  Instant deadline;
  std::string why;  ///< one line for people
  std::variant<ApplyQos, PlaceWorkload> body;
  bool operator==(const Action&) const = default;
};

}  // namespace wanwise::core
