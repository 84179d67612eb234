// What one cluster's port is told: the API server, the targets as labels of nodes, the Deployments.
// Value types.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/kubernetes/api/objects.hpp"
#include "adapters/kubernetes/auth/access.hpp"
#include "adapters/kubernetes/client/limits.hpp"
#include "engine/core/names.hpp"

namespace wanwise::kubernetes {

/// The nodes that carry the label are the target: kubernetes.io/hostname for one node.
struct ClusterTarget {
  core::TargetName name;
  std::string label_key;
  std::string label_value;
};

struct ClusterWorkload {
  core::WorkloadName name;
  ObjectName deployment;
  std::int32_t rungs = 1;  ///< length of Workload::ladder
};

struct ClusterConfig {
  Access access;
  std::string instance = "wanwise";  ///< which wanwise it is, in Events: a host's or pod's name
  Limits limits;
  std::vector<ClusterTarget> targets;      ///< in the site's order
  std::vector<ClusterWorkload> workloads;  ///< by name
  bool binds_pods = false;                 ///< whose spec.schedulerName is "wanwise"
};

}  // namespace wanwise::kubernetes
