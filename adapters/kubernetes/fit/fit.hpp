// May a pod stand on a node: the hard rules that kube-scheduler's filters apply, with its answers'
// reasons. Left out: inter-pod affinity, topology spread, volumes and host ports; where a pod has
// such rules the scheduler's own word comes later, as a pod that stays Pending. Pure; any thread.
// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/
#pragma once

#include <optional>
#include <string>

#include "adapters/kubernetes/api/objects.hpp"

namespace wanwise::kubernetes {

/// A node selector's or label selector's requirement; an operator that is not known never holds.
[[nodiscard]] bool holds(const Requirement& requirement, const Labels& labels);

/// What the pods on the node ask for, and how many they are ("pods").
struct NodeUse {
  Resources requested;
};

/// Why the pod may not stand there; nothing: it may. `rules.node_selector` is taken as it stands.
[[nodiscard]] std::optional<std::string> misfit(const PodRules& rules, const NodeObject& node,
                                                const NodeUse& use);

/// One more such pod stands on the node.
void add_pod(NodeUse& use, const Resources& requests);

}  // namespace wanwise::kubernetes
