#include "adapters/kubernetes/fit/fit.hpp"

#include <algorithm>
#include <charconv>

namespace wanwise::kubernetes {
namespace {

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool compares(const Requirement& requirement, const std::string& value) {
  if (requirement.values.size() != 1) return false;
  const auto left = number_of(value), right = number_of(requirement.values.front());
  if (!left || !right) return false;
  return requirement.op == "Gt" ? *left > *right : *left < *right;
}

bool holds_all(const std::vector<Requirement>& requirements, const Labels& labels) {
  return std::all_of(requirements.begin(), requirements.end(),
                     [&](const Requirement& one) { return holds(one, labels); });
}

/// A term without requirements matches nothing.
bool matches(const NodeTerm& term, const NodeObject& node) {
  if (term.labels.empty() && term.fields.empty()) return false;
  const Labels fields{{"metadata.name", node.name}};
  return holds_all(term.labels, node.labels) && holds_all(term.fields, fields);
}

bool tolerates(const Toleration& toleration, const Taint& taint) {
  if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
  if (toleration.key.empty()) return toleration.op == "Exists";
  if (toleration.key != taint.key) return false;
  return toleration.op == "Exists" || toleration.value == taint.value;
}

/// An unschedulable node counts as tainted, as in kube-scheduler.
std::vector<Taint> hard_taints(const NodeObject& node) {
  std::vector<Taint> taints;
  for (const Taint& taint : node.taints) {
    if (taint.effect == "NoSchedule" || taint.effect == "NoExecute") taints.push_back(taint);
  }
  if (node.unschedulable) taints.push_back({"node.kubernetes.io/unschedulable", "", "NoSchedule"});
  return taints;
}

std::optional<std::string> lacking_resource(const Resources& requests, const NodeObject& node,
                                            const NodeUse& use) {
  Resources wanted = requests;
  wanted["pods"] = 1000;
  for (const auto& [name, amount] : wanted) {
    if (amount == 0) continue;
    const auto has = node.allocatable.find(name);
    const auto used = use.requested.find(name);
    const std::int64_t free = (has == node.allocatable.end() ? 0 : has->second) -
                              (used == use.requested.end() ? 0 : used->second);
    if (amount <= free) continue;
    return name == "pods" ? "too many pods" : "insufficient " + name;
  }
  return std::nullopt;
}

}  // namespace

bool holds(const Requirement& requirement, const Labels& labels) {
  const auto found = labels.find(requirement.key);
  const bool there = found != labels.end();
  const auto is_one = [&] {
    return std::find(requirement.values.begin(), requirement.values.end(), found->second) !=
           requirement.values.end();
  };
  if (requirement.op == "Exists") return there;
  if (requirement.op == "DoesNotExist") return !there;
  if (requirement.op == "In") return there && is_one();
  if (requirement.op == "NotIn") return !there || !is_one();
  if (requirement.op == "Gt" || requirement.op == "Lt") {
    return there && compares(requirement, found->second);
  }
  return false;
}

std::optional<std::string> misfit(const PodRules& rules, const NodeObject& node,
                                  const NodeUse& use) {
  for (const auto& [key, value] : rules.node_selector) {
    const auto found = node.labels.find(key);
    if (found == node.labels.end() || found->second != value) {
      return "node selector " + key + "=" + value + " does not match";
    }
  }
  if (rules.affinity && std::none_of(rules.affinity->begin(), rules.affinity->end(),
                                     [&](const NodeTerm& term) { return matches(term, node); })) {
    return "required node affinity does not match";
  }
  for (const Taint& taint : hard_taints(node)) {
    if (std::none_of(rules.tolerations.begin(), rules.tolerations.end(),
                     [&](const Toleration& one) { return tolerates(one, taint); })) {
      const std::string value = taint.value.empty() ? "" : "=" + taint.value;
      return "taint " + taint.key + value + ":" + taint.effect + " is not tolerated";
    }
  }
  return lacking_resource(rules.requests, node, use);
}

void add_pod(NodeUse& use, const Resources& requests) {
  for (const auto& [name, amount] : requests) use.requested[name] += amount;
  use.requested["pods"] += 1000;
}

}  // namespace wanwise::kubernetes
