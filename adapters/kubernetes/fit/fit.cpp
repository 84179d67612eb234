#include "adapters/kubernetes/fit/fit.hpp"

#include <algorithm>
#include <charconv>

namespace wanwise::kubernetes {
namespace {

constexpr std::int64_t kOnePod = 1000;  // in thousandths, as all resources

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

bool tolerates(const Toleration& toleration, const Taint& taint) {
  if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
  if (toleration.key.empty()) return toleration.op == "Exists";
  if (toleration.key != taint.key) return false;
  return toleration.op == "Exists" || toleration.value == taint.value;
}

bool lacks(const std::string& resource, std::int64_t amount, const NodeObject& node,
           const NodeUse& use) {
  if (amount == 0) return false;
  const auto has = node.allocatable.find(resource);
  const auto used = use.requested.find(resource);
  return amount > (has == node.allocatable.end() ? 0 : has->second) -
                      (used == use.requested.end() ? 0 : used->second);
}

const Taint& cordon() {
  static const Taint taint{"node.kubernetes.io/unschedulable", "", "NoSchedule"};
  return taint;
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

bool matches(const NodeTerm& term, const NodeObject& node) {
  if (term.labels.empty() && term.fields.empty()) return false;
  if (!holds_all(term.labels, node.labels)) return false;
  return term.fields.empty() || holds_all(term.fields, {{"metadata.name", node.name}});
}

bool tolerated(const PodRules& rules, const Taint& taint) {
  return std::any_of(rules.tolerations.begin(), rules.tolerations.end(),
                     [&](const Toleration& one) { return tolerates(one, taint); });
}

const Taint* hard_taint(const PodRules& rules, const NodeObject& node) {
  for (const Taint& taint : node.taints) {
    const bool hard = taint.effect == "NoSchedule" || taint.effect == "NoExecute";
    if (hard && !tolerated(rules, taint)) return &taint;
  }
  return node.unschedulable && !tolerated(rules, cordon()) ? &cordon() : nullptr;
}

bool affinity_holds(const PodRules& rules, const NodeObject& node) {
  return !rules.affinity || std::any_of(rules.affinity->begin(), rules.affinity->end(),
                                        [&](const NodeTerm& term) { return matches(term, node); });
}

std::vector<std::string> lacking(const Resources& requests, const NodeObject& node,
                                 const NodeUse& use) {
  std::vector<std::string> names;
  for (const auto& [name, amount] : requests) {
    if (lacks(name, amount, node, use)) names.push_back(name);
  }
  if (lacks("pods", kOnePod, node, use)) names.emplace_back("pods");
  return names;
}

bool has_room(const Resources& requests, const NodeObject& node, const NodeUse& use) {
  return !lacks("pods", kOnePod, node, use) &&
         std::none_of(requests.begin(), requests.end(), [&](const auto& request) {
           return lacks(request.first, request.second, node, use);
         });
}

bool fits(const PodRules& rules, const NodeObject& node, const NodeUse& use) {
  return selector_holds(rules, node) && affinity_holds(rules, node) &&
         hard_taint(rules, node) == nullptr && has_room(rules.requests, node, use);
}

bool selector_holds(const PodRules& rules, const NodeObject& node) {
  return std::all_of(rules.node_selector.begin(), rules.node_selector.end(),
                     [&](const auto& wanted) {
                       const auto found = node.labels.find(wanted.first);
                       return found != node.labels.end() && found->second == wanted.second;
                     });
}

std::optional<std::string> misfit(const PodRules& rules, const NodeObject& node,
                                  const NodeUse& use) {
  for (const auto& [key, value] : rules.node_selector) {
    const auto found = node.labels.find(key);
    if (found == node.labels.end() || found->second != value) {
      return "node selector " + key + "=" + value + " does not match";
    }
  }
  if (!affinity_holds(rules, node)) return "required node affinity does not match";
  if (const Taint* taint = hard_taint(rules, node)) {
    const std::string value = taint->value.empty() ? "" : "=" + taint->value;
    return "taint " + taint->key + value + ":" + taint->effect + " is not tolerated";
  }
  const auto names = lacking(rules.requests, node, use);
  if (names.empty()) return std::nullopt;
  return names.front() == "pods" ? "too many pods" : "insufficient " + names.front();
}

void add_pod(NodeUse& use, const Resources& requests) {
  for (const auto& [name, amount] : requests) use.requested[name] += amount;
  use.requested["pods"] += kOnePod;
}

void remove_pod(NodeUse& use, const Resources& requests) {
  for (const auto& [name, amount] : requests) use.requested[name] -= amount;
  use.requested["pods"] -= kOnePod;
}

}  // namespace wanwise::kubernetes
