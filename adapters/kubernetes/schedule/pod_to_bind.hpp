// What a scheduler keeps of a pod. Pure; any thread.
// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
#pragma once

#include <boost/json/value.hpp>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/kubernetes/api/objects.hpp"

namespace wanwise::kubernetes {

struct PreferredTerm {
  std::int64_t weight = 0;
  NodeTerm term;
};

/// All that decides on which nodes a pod may stand and which it likes: the same for the pods of one
/// ReplicaSet.
struct PodKind {
  PodRules rules;
  std::vector<PreferredTerm> preferred;
  /// A hard rule that wanwise does not judge, in words; empty: none. Such a pod is never bound.
  std::string beyond;

  /// Equal for kinds that are equal.
  [[nodiscard]] std::string key() const;
};

struct PodToBind {
  ObjectName name;
  std::string uid;
  std::string version;    ///< metadata.resourceVersion
  std::string scheduler;  ///< spec.schedulerName
  std::string node;       ///< empty: not bound
  bool ended = false;     ///< finished, or not bound and being deleted: nothing to do with it
  std::int64_t priority = 0;
  std::string created;  ///< RFC 3339 in UTC: sorts by age
  std::string told;     ///< message of its condition PodScheduled=False; empty: none
  PodKind kind;
};

[[nodiscard]] PodToBind read_pod_to_bind(const boost::json::value& object);

}  // namespace wanwise::kubernetes
