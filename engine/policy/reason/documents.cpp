// What is wrong with policies whatever the site.
#include <algorithm>
#include <string>

#include "engine/core/decide/latency/demand.hpp"
#include "engine/policy/reason/checks.hpp"

namespace wanwise::policy {
namespace {

/// Largest `burst` of a priority queue's policer (Cisco-IOS-XE-policy: 32..2000000 bytes).
constexpr std::int64_t kLargestBurst = 2'000'000;

void check_classes_used(const Document& policy, const core::Policy& model, Notes& notes) {
  for (const core::ServiceClass& service_class : model.classes) {
    const bool used =
        std::any_of(model.workloads.begin(), model.workloads.end(),
                    [&](const auto& w) { return w.service_class == service_class.name; });
    if (used) continue;
    notes.warn(policy, deepest(entry(policy.root, "classes", service_class.name.text), "name", ""),
               "no workload is in this class");
  }
}

void check_bursts(const Document& policy, const core::Policy& model, Notes& notes) {
  for (const core::Workload& workload : model.workloads) {
    const bool priority =
        std::any_of(model.classes.begin(), model.classes.end(), [&](const auto& c) {
          return c.name == workload.service_class && c.queue == core::QueueKind::priority;
        });
    const std::int64_t bytes = core::wire_bytes(workload.request);
    if (!priority || bytes <= kLargestBurst) continue;
    notes.warn(policy,
               deepest(entry(policy.root, "workloads", workload.name.text), "demand", "request"),
               "is " + text_of(core::Bytes{bytes}) +
                   " with its headers: the policer of a priority class lets at most " +
                   text_of(core::Bytes{kLargestBurst}) +
                   " through at once, and drops the rest of each request while there is congestion",
               "a class with a guarantee, or a smaller request");
  }
}

using Labels = std::vector<Value>;

bool has(const Labels& labels, const Value& label) {
  return std::any_of(labels.begin(), labels.end(), [&](const Value& other) {
    return other.key == label.key && other.text == label.text;
  });
}

std::string labels_text(const Labels& labels) {
  std::vector<std::string> texts;
  for (const Value& label : labels) texts.push_back(label.key + ": " + label.text);
  return texts.empty() ? "every site" : '{' + listed(texts) + '}';
}

}  // namespace

void check_policy_alone(const Document& policy, const core::Policy& model, Notes& notes) {
  check_classes_used(policy, model, notes);
  check_bursts(policy, model, notes);
  check_move_budget(policy, model.stability, notes);
}

void check_selectors(const Library& library, Notes& notes) {
  const auto& policies = library.policies;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const Labels& narrow = policies[i].root.items_of("applies-to");
    for (std::size_t j = 0; j < policies.size(); ++j) {
      const Labels& wide = policies[j].root.items_of("applies-to");
      const bool claims = std::all_of(wide.begin(), wide.end(),
                                      [&](const Value& label) { return has(narrow, label); });
      // Of two that claim the same sites the later one is told.
      const bool same = narrow.size() == wide.size();
      if (i == j || !claims || (same && i < j)) continue;
      const Value& root = policies[i].root;
      const Value* place = root.get("applies-to");
      notes.warn(policies[i], place != nullptr ? *place : deepest(root, "name", ""),
                 "can never apply: policy " + in_quotes(policies[j].root.text_of("name")) +
                     " applies to " + labels_text(wide) +
                     ", so to every such site as well, and a site has one policy");
      break;
    }
  }
}

}  // namespace wanwise::policy
