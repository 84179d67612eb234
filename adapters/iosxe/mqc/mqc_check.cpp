#include "adapters/iosxe/mqc/mqc_check.hpp"

#include <algorithm>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/mqc/names.hpp"

namespace wanwise::iosxe {
namespace {

/// "hierarchical policies: at most three levels" (IOS QoS guide); it also ends a policy that stands
/// in itself.
constexpr int kMaxLevels = 3;

core::Unexpected<core::Error> wrong(std::string what) {
  return core::fail(errors::kInvalidQos, std::move(what));
}

core::Expected<void> check_class_maps(const Mqc& mqc) {
  for (const auto& [name, map] : mqc.class_maps) {
    for (const std::string& acl : map.acls) {
      if (!mqc.acls.contains(acl))
        return wrong("class-map " + name + ": access-list " + acl + " is not there");
    }
  }
  return {};
}

/// How deep the policies below this one go, counted to one more than is allowed.
int levels(const Mqc& mqc, const std::string& name, int left) {
  const auto map = mqc.policy_maps.find(name);
  if (left == 0 || map == mqc.policy_maps.end()) return 0;
  int deepest = 0;
  for (const PolicyClass& entry : map->second.classes) {
    for (const PolicyAction& action : entry.actions) {
      if (action.kind == ActionKind::child_policy)
        deepest = std::max(deepest, levels(mqc, action.text, left - 1));
    }
  }
  return deepest + 1;
}

core::Expected<void> check_policy_map(const Mqc& mqc, const std::string& name,
                                      const PolicyMap& map) {
  for (const PolicyClass& entry : map.classes) {
    const std::string where = "policy-map " + name + " class " + entry.name;
    if (entry.name != kClassDefault && !mqc.class_maps.contains(entry.name))
      return wrong(where + ": the class-map is not there");
    for (const PolicyAction& action : entry.actions) {
      if (action.kind == ActionKind::child_policy && !mqc.policy_maps.contains(action.text))
        return wrong(where + ": policy-map " + action.text + " is not there");
    }
  }
  if (levels(mqc, name, kMaxLevels + 1) > kMaxLevels)
    return wrong("policy-map " + name + ": more than three levels, or inside itself");
  return {};
}

bool queues(const PolicyMap& map) {
  return std::any_of(map.classes.begin(), map.classes.end(), [](const PolicyClass& entry) {
    return std::any_of(entry.actions.begin(), entry.actions.end(), [](const auto& action) {
      return action.kind != ActionKind::set_dscp && action.kind != ActionKind::other;
    });
  });
}

/// The operation a tracked object follows may be the site's own, so it is not looked for here.
core::Expected<void> check_route_map(const Mqc& mqc) {
  for (const auto& [sequence, entry] : mqc.steering.route_map) {
    const std::string where =
        "route-map " + std::string{kRouteMap} + " permit " + std::to_string(sequence) + ": ";
    if (!mqc.acls.contains(entry.acl))
      return wrong(where + "access-list " + entry.acl + " is not there");
    for (const NextHop& hop : entry.next_hops) {
      if (!mqc.steering.tracks.contains(hop.track))
        return wrong(where + "track " + std::to_string(hop.track) + " is not there");
    }
  }
  if (!mqc.steering.interfaces.empty() && mqc.steering.route_map.empty())
    return wrong("ip policy route-map " + std::string{kRouteMap} + ": it is not there");
  return {};
}

}  // namespace

core::Expected<void> check_references(const Mqc& mqc) {
  if (auto checked = check_class_maps(mqc); !checked) return checked;
  for (const auto& [name, map] : mqc.policy_maps) {
    if (auto checked = check_policy_map(mqc, name, map); !checked) return checked;
  }
  if (auto checked = check_route_map(mqc); !checked) return checked;
  for (const auto& [place, policy] : mqc.attachments) {
    const auto map = mqc.policy_maps.find(policy);
    const std::string where = "interface " + place.first + ": ";
    if (map == mqc.policy_maps.end())
      return wrong(where + "policy-map " + policy + " is not there");
    if (place.second == Side::input && queues(map->second))
      return wrong(where + "queueing is not possible at the input");
  }
  return {};
}

}  // namespace wanwise::iosxe
