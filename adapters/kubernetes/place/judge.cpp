#include "adapters/kubernetes/place/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <utility>

namespace wanwise::kubernetes {
namespace {

using Group = std::pair<std::string, std::int32_t>;  ///< target and rung

struct GroupState {
  int ready = 0;
  int bound = 0;
};

std::int32_t rung_of(const PodObject& pod) {
  const auto found = pod.annotations.find(kRungKey);
  std::int32_t rung = 0;
  if (found == pod.annotations.end()) return rung;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), rung);
  return rung;
}

const ClusterTarget* target_of(const ClusterView& view, const ClusterConfig& config,
                               const std::string& node_name) {
  const NodeObject* node = view.nodes.find({"", node_name});
  if (node == nullptr) return nullptr;
  for (const ClusterTarget& target : config.targets) {
    const auto label = node->labels.find(target.label_key);
    if (label != node->labels.end() && label->second == target.label_value) return &target;
  }
  return nullptr;
}

std::map<Group, GroupState> groups_of(const ClusterView& view, const ClusterConfig& config,
                                      const DeploymentObject& deployment) {
  std::map<Group, GroupState> groups;
  for (const PodObject* pod : view.pods_of(deployment)) {
    const ClusterTarget* target = target_of(view, config, pod->node);
    if (target == nullptr) continue;
    GroupState& group = groups[{target->name.text, rung_of(*pod)}];
    ++group.bound;
    if (pod->ready && view.nodes.find({"", pod->node})->ready) ++group.ready;
  }
  return groups;
}

/// Ready pods that the template as wished made, and that stand there. One of a former template may
/// stand there too, and is about to end.
std::int32_t ready_as(const ClusterView& view, const ClusterConfig& config,
                      const DeploymentObject& deployment, const Standing& wish) {
  std::int32_t ready = 0;
  for (const PodObject* pod : view.pods_of(deployment)) {
    const auto mark = pod->annotations.find(kTargetKey);
    const std::string meant = mark == pod->annotations.end() ? std::string{} : mark->second;
    if (!pod->ready || meant != wish.target || rung_of(*pod) != wish.rung) continue;
    const ClusterTarget* target = target_of(view, config, pod->node);
    if (target == nullptr || !view.nodes.find({"", pod->node})->ready) continue;
    if (wish.target.empty() || target->name.text == wish.target) ++ready;
  }
  return ready;
}

}  // namespace

core::PlacementObserved observe(const ClusterView& view, const ClusterConfig& config,
                                const ClusterWorkload& workload, core::Instant now) {
  core::PlacementObserved seen;
  seen.workload = workload.name;
  seen.observed_at = now;
  const DeploymentObject* deployment = view.deployments.find(workload.deployment);
  if (deployment == nullptr || deployment->replicas == 0) return seen;
  const auto groups = groups_of(view, config, *deployment);
  const Standing standing = standing_of(*deployment);
  const Group wished{standing.target, standing.rung};
  // Until a move is whole, pods that happen to stand at its target do not make it so.
  const auto from = moving_from(*deployment);
  const Group favoured = from && !from->target.empty() ? Group{from->target, from->rung} : wished;
  const auto rank = [&](const auto& entry) {
    const bool whole = entry.first == wished &&
                       ready_as(view, config, *deployment, standing) >= deployment->replicas;
    return std::tuple{whole, entry.second.ready, entry.second.bound, entry.first == favoured};
  };
  const auto best =
      std::max_element(groups.begin(), groups.end(),
                       [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  if (best == groups.end()) return seen;
  seen.target = core::TargetName{best->first.first};
  seen.rung = best->first.second;
  seen.ready = best->second.ready > 0;
  return seen;
}

Progress progress_of(const ClusterView& view, const ClusterConfig& config,
                     const ClusterWorkload& workload, const Standing& wish) {
  Progress progress;
  const DeploymentObject* deployment = view.deployments.find(workload.deployment);
  if (deployment == nullptr) return progress;
  const bool current =
      deployment->observed_generation >= deployment->generation && standing_of(*deployment) == wish;
  if (wish.suspended) {
    progress.reached = current && deployment->replicas == 0 && view.pods_of(*deployment).empty();
    return progress;
  }
  const ClusterTarget* target = find_target(config, wish.target);
  progress.lost = target != nullptr && !has_ready_node(view, *target);
  const std::int32_t ready = ready_as(view, config, *deployment, wish);
  progress.reached = current && deployment->replicas > 0 && ready >= deployment->replicas;
  for (const PodObject* pod : view.pods_of(*deployment)) {
    if (!pod->ready && !pod->trouble.empty()) {
      progress.trouble = fmt::format("{}: {}", pod->name.name, pod->trouble);
    }
  }
  return progress;
}

std::optional<core::Error> refusal(const ClusterView& view, const ClusterConfig& config,
                                   const ClusterWorkload& workload,
                                   const core::PlaceWorkload& action) {
  if (action.split) return core::Error{"split-not-possible", "one Deployment serves as a whole"};
  if (action.rung < 0 || action.rung >= workload.rungs) {
    return core::Error{"unknown-rung",
                       fmt::format("rung {} (allowed: 0 to {})", action.rung, workload.rungs - 1)};
  }
  const DeploymentObject* deployment = view.deployments.find(workload.deployment);
  if (deployment == nullptr) {
    return core::Error{"workload-missing",
                       fmt::format("no Deployment {}/{}", workload.deployment.name_space,
                                   workload.deployment.name)};
  }
  if (deployment->paused) return core::Error{"workload-paused", "its rollout is paused"};
  if (!action.to) {
    if (auto pinned = pin_of(*deployment, "nothing else", "")) return pinned;
    return broken_budget(view, *deployment, deployment->replicas);
  }
  const ClusterTarget* target = find_target(config, action.to->text);
  if (target == nullptr) return core::Error{"unknown-target", "no target " + action.to->text};
  const core::PlacementObserved now = observe(view, config, workload, {});
  const std::string runs_at = now.target ? now.target->text : "";
  if (auto pinned = pin_of(*deployment, runs_at, target->name.text)) return pinned;
  if (!has_ready_node(view, *target)) {
    return core::Error{"target-not-ready", fmt::format("no ready node has {}={}", target->label_key,
                                                       target->label_value)};
  }
  if (runs_at == target->name.text && now.ready && now.rung == action.rung) return std::nullopt;
  if (auto interrupts = interruption(view, *deployment)) return interrupts;
  // On another target all replicas find room; on the same one the rollout goes on surge.
  const std::int32_t wanted = runs_at == target->name.text ? std::min(1, deployment->max_surge)
                                                           : std::max(deployment->replicas, 1);
  const auto use_of = [&](const NodeObject& node) { return view.use_of(node); };
  const auto room = room_for(view, *target, rules_on(*deployment, config), wanted, use_of);
  if (!room) {
    return core::Error{"does-not-fit", room.error()};
  }
  return std::nullopt;
}

}  // namespace wanwise::kubernetes
