// A PodDisruptionBudget: how many of the pods it selects may be away at once. Pure; any thread.
// Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/kubernetes/api/objects.hpp"

namespace wanwise::kubernetes {

struct BudgetObject {
  ObjectName name;
  /// An empty selector selects every pod of the namespace, as policy/v1 has it; with
  /// policy/v1beta1, where it selects none, a move is refused that might have gone.
  bool selects_some = false;
  Labels match_labels;
  std::vector<Requirement> match_expressions;
  boost::json::value min_available;    ///< number, "50%", or null
  boost::json::value max_unavailable;  ///< likewise
};

[[nodiscard]] BudgetObject read_budget(const boost::json::value& object);
[[nodiscard]] bool covers(const BudgetObject& budget, const std::string& name_space,
                          const Labels& labels);
/// How many of so many pods may be away; a share is rounded as the disruption controller does, up.
[[nodiscard]] std::int32_t allowed_away(const BudgetObject& budget, std::int32_t replicas);

}  // namespace wanwise::kubernetes
