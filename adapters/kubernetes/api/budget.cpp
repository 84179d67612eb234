#include "adapters/kubernetes/api/budget.hpp"

#include <algorithm>

#include "adapters/kubernetes/api/fields.hpp"
#include "adapters/kubernetes/fit/fit.hpp"

namespace wanwise::kubernetes {
namespace {

boost::json::value value_at(const boost::json::value& object, JsonPath path) {
  const boost::json::value* found = find_at(object, path);
  return found == nullptr ? boost::json::value(nullptr) : *found;
}

}  // namespace

BudgetObject read_budget(const boost::json::value& object) {
  BudgetObject budget;
  budget.name = name_of(object);
  budget.selects_some = find_at(object, {"spec", "selector"}) != nullptr;
  budget.match_labels = labels_at(object, {"spec", "selector", "matchLabels"});
  budget.match_expressions = requirements_at(object, {"spec", "selector", "matchExpressions"});
  budget.min_available = value_at(object, {"spec", "minAvailable"});
  budget.max_unavailable = value_at(object, {"spec", "maxUnavailable"});
  return budget;
}

bool covers(const BudgetObject& budget, const std::string& name_space, const Labels& labels) {
  if (!budget.selects_some || budget.name.name_space != name_space) return false;
  return std::all_of(budget.match_labels.begin(), budget.match_labels.end(),
                     [&](const auto& label) {
                       const auto found = labels.find(label.first);
                       return found != labels.end() && found->second == label.second;
                     }) &&
         std::all_of(budget.match_expressions.begin(), budget.match_expressions.end(),
                     [&](const Requirement& one) { return holds(one, labels); });
}

std::int32_t allowed_away(const BudgetObject& budget, std::int32_t replicas) {
  if (!budget.max_unavailable.is_null()) {
    return int_or_percent(&budget.max_unavailable, replicas, true, 0);
  }
  // The controller's default where neither is given: one must be there.
  return replicas - int_or_percent(&budget.min_available, replicas, true, 1);
}

}  // namespace wanwise::kubernetes
