// What wanwise says about where a Deployment stands, as the fields it applies. Pure; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/kubernetes/config.hpp"

namespace wanwise::kubernetes {

/// Empty target: nothing is said, and the Deployment is as its owner wrote it.
struct Standing {
  std::string target;
  std::int32_t rung = 0;
  std::optional<std::int32_t> suspended;  ///< set: scaled to 0, and how many replicas come back
  bool operator==(const Standing&) const = default;
};

[[nodiscard]] Standing standing_of(const DeploymentObject& deployment);
/// What a move that has not ended yet came from.
[[nodiscard]] std::optional<Standing> moving_from(const DeploymentObject& deployment);

struct Wish {
  Standing standing;
  std::string reason;            ///< one line for people
  std::optional<Standing> from;  ///< a move is under way
};

/// The whole of what server-side apply is to make wanwise's. Placement is a node selector in the
/// pod template: a map, so that it adds to the owner's selector, affinity and tolerations and takes
/// nothing of theirs (required node affinity is one atomic list, which two can not share).
[[nodiscard]] boost::json::value apply_body(const DeploymentObject& deployment, const Wish& wish,
                                            const ClusterConfig& config);
/// Replicas the Deployment is to have when `wish` holds after `before`; absent: as it has.
[[nodiscard]] std::optional<std::int32_t> replicas_of(const Standing& before, const Standing& wish);

}  // namespace wanwise::kubernetes
