// What a cluster looks like now: its nodes, its pods and the Deployments that wanwise places, kept
// by reflectors. Belongs to one executor's thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/kubernetes/api/budget.hpp"
#include "adapters/kubernetes/api/objects.hpp"
#include "adapters/kubernetes/fit/fit.hpp"
#include "adapters/kubernetes/watch/store.hpp"

namespace wanwise::kubernetes {

class ClusterView {
 public:
  explicit ClusterView(const std::function<void()>& changed)
      : nodes(read_node, changed),
        pods(read_pod, changed),
        deployments(read_deployment, changed),
        budgets(read_budget, changed) {}

  Store<NodeObject> nodes;
  Store<PodObject> pods;
  Store<DeploymentObject> deployments;
  Store<BudgetObject> budgets;  ///< not part of complete(): they may be forbidden to us

  /// All is known that was ever listed.
  [[nodiscard]] bool complete() const {
    return nodes.listed() && pods.listed() && deployments.listed();
  }
  [[nodiscard]] std::vector<const NodeObject*> nodes_with(const std::string& key,
                                                          const std::string& value) const;
  /// Its pods that neither finished nor are ending.
  [[nodiscard]] std::vector<const PodObject*> pods_of(const DeploymentObject& deployment) const;
  /// What stands on the node, ending pods too: they hold their share until they are gone.
  [[nodiscard]] NodeUse use_of(const NodeObject& node) const;
  /// The same by node's name, without the pods of these Deployments.
  [[nodiscard]] std::map<std::string, NodeUse> use_without(
      const std::vector<const DeploymentObject*>& others) const;
};

}  // namespace wanwise::kubernetes
