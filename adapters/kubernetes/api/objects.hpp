// What wanwise keeps of nodes, pods and Deployments: as little as its decisions need. Pure; any
// thread. Sources: https://kubernetes.io/docs/reference/kubernetes-api/ (core/v1, apps/v1).
#pragma once

#include <boost/json/value.hpp>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/kubernetes/api/quantity.hpp"

namespace wanwise::kubernetes {

using Labels = std::map<std::string, std::string, std::less<>>;

/// Metadata that wanwise writes. On the Deployment: where it is to run, why, and while a move is
/// under way what it comes from. On the pod template: the target, and the rung where it is not 0.
inline constexpr const char* kTargetKey = "wanwise.io/target";
inline constexpr const char* kRungKey = "wanwise.io/rung";
inline constexpr const char* kReasonKey = "wanwise.io/reason";
inline constexpr const char* kMovingFromKey = "wanwise.io/moving-from";
inline constexpr const char* kReplicasKey = "wanwise.io/replicas";  ///< before a suspension
/// Written by people: "true", or the name of the one target allowed.
inline constexpr const char* kPinnedKey = "wanwise.io/pinned";

struct ObjectName {
  std::string name_space;
  std::string name;
  auto operator<=>(const ObjectName&) const = default;
};

struct Taint {
  std::string key, value, effect;
};

/// `key` empty with Exists: every taint; `effect` empty: each effect.
struct Toleration {
  std::string key, op, value, effect;
};

/// core/v1 NodeSelectorRequirement, also a label selector's.
struct Requirement {
  std::string key, op;
  std::vector<std::string> values;
};

struct NodeTerm {
  std::vector<Requirement> labels;
  std::vector<Requirement> fields;  ///< only metadata.name exists
};

/// The hard rules of a pod that say on which node it may stand.
struct PodRules {
  Labels node_selector;
  std::optional<std::vector<NodeTerm>> affinity;  ///< required; one of the terms must hold
  std::vector<Toleration> tolerations;
  Resources requests;
};

struct NodeObject {
  std::string name;
  Labels labels;
  std::vector<Taint> taints;
  bool unschedulable = false;
  bool ready = false;
  Resources allocatable;
};

struct PodObject {
  ObjectName name;
  Labels labels;
  Labels annotations;
  std::string node;  ///< empty: not bound
  bool ready = false;
  bool finished = false;  ///< Succeeded or Failed
  bool terminating = false;
  std::string trouble;  ///< why it is not ready, in Kubernetes' words; may be empty
  Resources requests;
};

struct DeploymentObject {
  ObjectName name;
  std::string uid;
  Labels annotations;
  std::int64_t generation = 0;
  std::int64_t observed_generation = 0;
  std::int32_t replicas = 1;
  bool paused = false;
  bool recreate = false;  ///< strategy Recreate: all old pods end before the first new one
  std::int32_t max_unavailable = 0;
  std::int32_t max_surge = 1;
  Labels match_labels;
  std::vector<Requirement> match_expressions;
  Labels template_annotations;
  Labels template_labels;
  PodRules rules;
};

[[nodiscard]] ObjectName name_of(const boost::json::value& object);
[[nodiscard]] NodeObject read_node(const boost::json::value& object);
[[nodiscard]] PodObject read_pod(const boost::json::value& object);
/// Of a pod's spec, or a template's.
[[nodiscard]] PodRules read_rules(const boost::json::value& spec);
[[nodiscard]] DeploymentObject read_deployment(const boost::json::value& object);

}  // namespace wanwise::kubernetes
