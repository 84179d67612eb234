#include "adapters/kubernetes/place/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/kubernetes/place/standing.hpp"

namespace wanwise::kubernetes {

const ClusterTarget* find_target(const ClusterConfig& config, const std::string& name) {
  for (const ClusterTarget& target : config.targets) {
    if (target.name.text == name) return &target;
  }
  return nullptr;
}

bool has_ready_node(const ClusterView& view, const ClusterTarget& target) {
  const auto nodes = view.nodes_with(target.label_key, target.label_value);
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const NodeObject* node) { return node->ready; });
}

core::Expected<void, std::string> room_for(const ClusterView& view, const ClusterTarget& target,
                                           const PodRules& rules, std::int32_t wanted,
                                           const UseOf& use_of) {
  std::string reasons;
  for (const NodeObject* node : view.nodes_with(target.label_key, target.label_value)) {
    NodeUse use = use_of(*node);
    auto why = misfit(rules, *node, use);
    while (!why && wanted > 0) {
      --wanted;
      add_pod(use, rules.requests);
      why = misfit(rules, *node, use);
    }
    if (wanted <= 0) return {};
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", node->name, *why);
  }
  return core::Unexpected<std::string>{reasons};
}

/// The rules on the new target: what wanwise itself selected before no longer counts.
PodRules rules_on(const DeploymentObject& deployment, const ClusterConfig& config) {
  PodRules rules = deployment.rules;
  const Standing now = standing_of(deployment);
  if (const ClusterTarget* own = find_target(config, now.target)) {
    rules.node_selector.erase(own->label_key);
  }
  return rules;
}

std::optional<core::Error> broken_budget(const ClusterView& view,
                                         const DeploymentObject& deployment, std::int32_t away) {
  if (away <= 0) return std::nullopt;
  for (const auto& [name, budget] : view.budgets.all()) {
    if (!covers(budget, deployment.name.name_space, deployment.template_labels)) continue;
    const std::int32_t allowed = std::max(allowed_away(budget, deployment.replicas), 0);
    if (away <= allowed) continue;
    return core::Error{"disruption-budget",
                       fmt::format("PodDisruptionBudget {} lets {} of {} pods be away, not {}",
                                   name.name, allowed, deployment.replicas, away)};
  }
  return std::nullopt;
}

std::optional<core::Error> interruption(const ClusterView& view,
                                        const DeploymentObject& deployment) {
  const auto pods = view.pods_of(deployment);
  if (std::none_of(pods.begin(), pods.end(), [](const PodObject* pod) { return pod->ready; })) {
    return std::nullopt;
  }
  if (deployment.recreate) {
    return core::Error{"would-interrupt",
                       "its strategy is Recreate (allowed: RollingUpdate), and it serves now"};
  }
  if (deployment.max_unavailable >= deployment.replicas) {
    return core::Error{"would-interrupt",
                       fmt::format("maxUnavailable is {} of {} replicas (allowed: fewer)",
                                   deployment.max_unavailable, deployment.replicas)};
  }
  return broken_budget(view, deployment, deployment.max_unavailable);
}

std::optional<core::Error> pin_of(const DeploymentObject& deployment, const std::string& runs_at,
                                  const std::string& to) {
  const auto pin = deployment.annotations.find(kPinnedKey);
  if (pin == deployment.annotations.end() || pin->second == "false") return std::nullopt;
  const std::string& only = pin->second == "true" ? runs_at : pin->second;
  if (only == to) return std::nullopt;
  return core::Error{"pinned", fmt::format("{}: {} (allowed: {})", kPinnedKey, pin->second, only)};
}

}  // namespace wanwise::kubernetes
