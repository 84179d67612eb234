#include "adapters/kubernetes/view/cluster_view.hpp"

#include <algorithm>

namespace wanwise::kubernetes {
namespace {

bool selects(const DeploymentObject& deployment, const PodObject& pod) {
  if (deployment.name.name_space != pod.name.name_space) return false;
  const bool labelled = std::all_of(
      deployment.match_labels.begin(), deployment.match_labels.end(), [&](const auto& label) {
        const auto found = pod.labels.find(label.first);
        return found != pod.labels.end() && found->second == label.second;
      });
  return labelled &&
         std::all_of(deployment.match_expressions.begin(), deployment.match_expressions.end(),
                     [&](const Requirement& one) { return holds(one, pod.labels); });
}

}  // namespace

std::vector<const NodeObject*> ClusterView::nodes_with(const std::string& key,
                                                       const std::string& value) const {
  std::vector<const NodeObject*> found;
  for (const auto& [name, node] : nodes.all()) {
    const auto label = node.labels.find(key);
    if (label != node.labels.end() && label->second == value) found.push_back(&node);
  }
  return found;
}

std::vector<const PodObject*> ClusterView::pods_of(const DeploymentObject& deployment) const {
  std::vector<const PodObject*> found;
  for (const auto& [name, pod] : pods.all()) {
    if (!pod.finished && !pod.terminating && selects(deployment, pod)) found.push_back(&pod);
  }
  return found;
}

NodeUse ClusterView::use_of(const NodeObject& node) const {
  NodeUse use;
  for (const auto& [name, pod] : pods.all()) {
    if (pod.node == node.name && !pod.finished) add_pod(use, pod.requests);
  }
  return use;
}

std::map<std::string, NodeUse> ClusterView::use_without(
    const std::vector<const DeploymentObject*>& others) const {
  std::map<std::string, NodeUse> use;
  for (const auto& [name, pod] : pods.all()) {
    if (pod.node.empty() || pod.finished) continue;
    const bool theirs = std::any_of(
        others.begin(), others.end(),
        [&pod = pod](const DeploymentObject* deployment) { return selects(*deployment, pod); });
    if (!theirs) add_pod(use[pod.node], pod.requests);
  }
  return use;
}

}  // namespace wanwise::kubernetes
