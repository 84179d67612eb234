// May a pod stand on a node: the hard rules that kube-scheduler's filters apply, with its answers'
// reasons. Left out: inter-pod affinity, topology spread, volumes and host ports; where a pod has
// such rules the scheduler's own word comes later, as a pod that stays Pending. Pure; any thread.
// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/
#pragma once

#include <optional>
#include <string>
#include <vector>

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

/// The same in one word, without the reason.
[[nodiscard]] bool fits(const PodRules& rules, const NodeObject& node, const NodeUse& use);

// Its parts. A term without requirements matches nothing.
[[nodiscard]] bool matches(const NodeTerm& term, const NodeObject& node);
[[nodiscard]] bool selector_holds(const PodRules& rules, const NodeObject& node);
[[nodiscard]] bool affinity_holds(const PodRules& rules, const NodeObject& node);
[[nodiscard]] bool tolerated(const PodRules& rules, const Taint& taint);
/// The first taint that keeps the pod away; null: none. An unschedulable node counts as tainted, as
/// in kube-scheduler. Lives as long as the node.
[[nodiscard]] const Taint* hard_taint(const PodRules& rules, const NodeObject& node);
[[nodiscard]] bool has_room(const Resources& requests, const NodeObject& node, const NodeUse& use);
/// Resources of which too little is free, "pods" last.
[[nodiscard]] std::vector<std::string> lacking(const Resources& requests, const NodeObject& node,
                                               const NodeUse& use);

/// One more, or one less, such pod stands on the node.
void add_pod(NodeUse& use, const Resources& requests);
void remove_pod(NodeUse& use, const Resources& requests);

}  // namespace wanwise::kubernetes
