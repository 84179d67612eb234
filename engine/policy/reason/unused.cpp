// What is there and never used.
#include <algorithm>
#include <set>
#include <string>

#include "engine/policy/reason/checks.hpp"

namespace wanwise::policy {
namespace {

using core::at;
using core::count;
using core::Index;

bool names_target(const core::Model& model, const core::TargetName& name) {
  const auto& workloads = model.policy.workloads;
  return std::any_of(workloads.begin(), workloads.end(), [&](const core::Workload& w) {
    return std::find(w.targets.begin(), w.targets.end(), name) != w.targets.end();
  });
}

bool may_leave(const core::Model& model, const core::Workload& workload) {
  return std::any_of(workload.targets.begin(), workload.targets.end(), [&](const auto& name) {
    return core::is_cloud(model, core::target_index(model, name));
  });
}

void check_targets(Case& c) {
  const core::Model& model = c.subject.model;
  const std::string unused =
      "no workload of policy " + in_quotes(model.policy.name.text) + " may run here";
  const auto tell = [&](const char* list, const core::TargetName& name) {
    if (names_target(model, name)) return;
    const Value& target = entry(c.subject.site.root, list, name.text);
    c.notes.warn(c.subject.site, deepest(target, "name", ""), unused);
  };
  for (const core::Node& node : model.site.nodes) tell("nodes", node.name);
  for (const core::Cloud& cloud : model.site.clouds) tell("clouds", cloud.name);
}

/// A link of a router behind which no source of what may leave stands. Trunks lead traffic to any
/// router; a site whose policy leaves nothing at all is told about its clouds.
void check_links_used(Case& c) {
  const core::Model& model = c.subject.model;
  if (!model.site.trunks.empty()) return;
  std::set<core::RouterName> sending;
  for (const core::Workload& workload : model.policy.workloads) {
    if (!may_leave(model, workload)) continue;
    for (const core::SourceName& name : workload.sources) {
      sending.insert(at(model.site.sources, core::index_of(model.site.sources, name)).router);
    }
  }
  if (sending.empty()) return;
  for (const core::Link& link : model.site.links) {
    if (sending.contains(link.router)) continue;
    c.notes.warn(
        c.subject.site, deepest(entry(c.subject.site.root, "links", link.name.text), "name", ""),
        "no request ever takes this link: what may leave the site has no source at router " +
            in_quotes(link.router.text));
  }
}

/// A class has a queue on WAN links only.
void check_classes_leave(Case& c) {
  const core::Model& model = c.subject.model;
  for (const core::ServiceClass& service_class : model.policy.classes) {
    bool used = false;
    bool leaves = false;
    for (const core::Workload& workload : model.policy.workloads) {
      if (workload.service_class != service_class.name) continue;
      used = true;
      leaves = leaves || may_leave(model, workload);
    }
    if (!used || leaves) continue;
    const Value& value = entry(c.subject.policy.root, "classes", service_class.name.text);
    c.notes.warn(c.subject.policy, deepest(value, "queue", ""),
                 "the queue is never used: no workload of this class may leave the site");
  }
}

}  // namespace

void check_unused(Case& c) {
  check_targets(c);
  check_links_used(c);
  check_classes_leave(c);
}

}  // namespace wanwise::policy
