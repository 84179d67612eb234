// The rules that close a place to a Deployment: what people pinned, what would interrupt service,
// what does not fit. Pure; any thread that holds the view.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "adapters/kubernetes/config.hpp"
#include "adapters/kubernetes/view/cluster_view.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::kubernetes {

[[nodiscard]] const ClusterTarget* find_target(const ClusterConfig& config,
                                               const std::string& name);
[[nodiscard]] bool has_ready_node(const ClusterView& view, const ClusterTarget& target);

/// `pinned`, unless `to` is the place that its annotation allows; "" is to be suspended.
[[nodiscard]] std::optional<core::Error> pin_of(const DeploymentObject& deployment,
                                                const std::string& runs_at, const std::string& to);

/// `disruption-budget`: so many of its pods may not be away at once.
[[nodiscard]] std::optional<core::Error> broken_budget(const ClusterView& view,
                                                       const DeploymentObject& deployment,
                                                       std::int32_t away);

/// `would-interrupt`, or `disruption-budget`: its own rolling update would leave too few pods.
[[nodiscard]] std::optional<core::Error> interruption(const ClusterView& view,
                                                      const DeploymentObject& deployment);

/// The pod's rules on another target: what wanwise itself selected before no longer counts.
[[nodiscard]] PodRules rules_on(const DeploymentObject& deployment, const ClusterConfig& config);

using UseOf = std::function<NodeUse(const NodeObject&)>;
/// Whether the target's nodes take `wanted` such pods more; else why not, node by node.
[[nodiscard]] core::Expected<void, std::string> room_for(const ClusterView& view,
                                                         const ClusterTarget& target,
                                                         const PodRules& rules, std::int32_t wanted,
                                                         const UseOf& use_of);

}  // namespace wanwise::kubernetes
