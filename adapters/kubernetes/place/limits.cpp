#include "adapters/kubernetes/place/limits.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "adapters/kubernetes/place/judge.hpp"
#include "adapters/kubernetes/place/rules.hpp"

namespace wanwise::kubernetes {
namespace {

class Survey {
 public:
  Survey(const ClusterView& view, const ClusterConfig& config) : m_view(view), m_config(config) {
    std::vector<const DeploymentObject*> ours;
    for (const ClusterWorkload& workload : config.workloads) {
      const DeploymentObject* deployment = view.deployments.find(workload.deployment);
      if (deployment != nullptr) ours.push_back(deployment);
    }
    m_use = view.use_without(ours);
  }

  [[nodiscard]] core::PlacementLimits of(const ClusterWorkload& workload, core::Instant now) const {
    core::PlacementLimits limits;
    limits.workload = workload.name;
    limits.observed_at = now;
    limits.may_split = false;
    const auto place = observe(m_view, m_config, workload, now);
    const std::string runs_at = place.target ? place.target->text : "";
    for (const ClusterTarget& target : m_config.targets) {
      if (const auto why = closed(workload, runs_at, target)) {
        limits.closed.push_back({target.name, why->code, why->message});
      }
    }
    if (const auto why = closed_to_suspension(workload)) {
      limits.closed.push_back({std::nullopt, why->code, why->message});
    }
    return limits;
  }

 private:
  [[nodiscard]] std::optional<core::Error> closed(const ClusterWorkload& workload,
                                                  const std::string& runs_at,
                                                  const ClusterTarget& target) const {
    const DeploymentObject* deployment = m_view.deployments.find(workload.deployment);
    if (deployment == nullptr) return missing(workload);
    const std::string& name = target.name.text;
    if (auto pinned = pin_of(*deployment, runs_at, name)) return pinned;
    if (name == runs_at) return std::nullopt;
    if (deployment->paused) return core::Error{"workload-paused", "its rollout is paused"};
    if (auto interrupts = interruption(m_view, *deployment)) return interrupts;
    // A target without a ready node is dead, which is told by NodeObserved.
    if (!has_ready_node(m_view, target)) return std::nullopt;
    const auto use_of = [this](const NodeObject& node) {
      const auto found = m_use.find(node.name);
      return found == m_use.end() ? NodeUse{} : found->second;
    };
    const auto room = room_for(m_view, target, rules_on(*deployment, m_config),
                               std::max(deployment->replicas, 1), use_of);
    if (room) return std::nullopt;
    return core::Error{"does-not-fit", room.error()};
  }

  [[nodiscard]] std::optional<core::Error> closed_to_suspension(
      const ClusterWorkload& workload) const {
    const DeploymentObject* deployment = m_view.deployments.find(workload.deployment);
    if (deployment == nullptr) return missing(workload);
    if (deployment->replicas == 0) return std::nullopt;
    if (auto pinned = pin_of(*deployment, "nothing else", "")) return pinned;
    return broken_budget(m_view, *deployment, deployment->replicas);
  }

  [[nodiscard]] static core::Error missing(const ClusterWorkload& workload) {
    return {"workload-missing",
            "no Deployment " + workload.deployment.name_space + "/" + workload.deployment.name};
  }

  const ClusterView& m_view;
  const ClusterConfig& m_config;
  std::map<std::string, NodeUse> m_use;  ///< by node, of pods that wanwise does not place
};

}  // namespace

std::vector<core::PlacementLimits> limits_of(const ClusterView& view, const ClusterConfig& config,
                                             core::Instant now) {
  const Survey survey(view, config);
  std::vector<core::PlacementLimits> all;
  for (const ClusterWorkload& workload : config.workloads) all.push_back(survey.of(workload, now));
  return all;
}

}  // namespace wanwise::kubernetes
