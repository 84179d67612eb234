#include "adapters/iosxe/mqc/change_cli.hpp"

#include <algorithm>

#include "adapters/iosxe/mqc/mqc_edit.hpp"

namespace wanwise::iosxe {
namespace {

std::string on_interface(const std::string& interface, const std::string& command) {
  return "interface " + interface + "\n " + command + "\n";
}

/// IOS keeps what is in use: what names a map leaves before the map.
std::string detachments(const Mqc& observed, const Mqc& desired) {
  std::string out;
  for (const auto& [where, policy] : observed.attachments) {
    if (desired.attachments.contains(where)) continue;
    const char* side = where.second == Side::input ? "input " : "output ";
    out += on_interface(where.first, std::string{"no service-policy "} + side + policy);
  }
  for (const std::string& interface : observed.steering.interfaces) {
    if (!desired.steering.interfaces.contains(interface))
      out += on_interface(interface, "no ip policy route-map " + std::string{kRouteMap});
  }
  for (const auto& [interface, seconds] : observed.load_intervals) {
    if (!desired.load_intervals.contains(interface))
      out += on_interface(interface, "no load-interval");
  }
  return out;
}

template <class Map>
std::string gone(const Map& observed, const Map& desired, const std::string& command) {
  std::string out;
  for (const auto& [name, object] : observed) {
    if (desired.contains(name)) continue;
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(name)>>) {
      out += command + std::to_string(name) + "\n";
    } else {
      out += command + name + "\n";
    }
  }
  return out;
}

std::string lost_alerts(const Probes& observed, const Probes& desired) {
  const bool lost = observed.alerts && !desired.alerts && !observed.others_react;
  return lost ? "no ip sla enable reaction-alerts\n" : "";
}

std::string removals(const Mqc& observed, const Mqc& desired) {
  return gone(observed.steering.route_map, desired.steering.route_map,
              "no route-map " + std::string{kRouteMap} + " permit ") +
         gone(observed.steering.tracks, desired.steering.tracks, "no track ") +
         gone(observed.probes.entries, desired.probes.entries, "no ip sla ") +
         lost_alerts(observed.probes, desired.probes) +
         // Parents sort before their children ("X" < "X-CHILD"), and leave before them.
         gone(observed.policy_maps, desired.policy_maps, "no policy-map ") +
         gone(observed.class_maps, desired.class_maps, "no class-map match-any ") +
         gone(observed.acls, desired.acls, "no ip access-list extended ");
}

/// Parts of objects that stay.
std::string lost_parts(const Mqc& observed, const Mqc& desired) {
  std::string out;
  for (const auto& [name, acl] : observed.acls) {
    const auto now = desired.acls.find(name);
    if (now == desired.acls.end() || now->second == acl) continue;
    for (const auto& [sequence, rule] : acl.rules) {
      const bool stays =
          std::any_of(now->second.rules.begin(), now->second.rules.end(),
                      [&rule = rule](const auto& entry) { return entry.second == rule; });
      if (!stays) {
        out += "ip access-list extended " + name + "\n no " + std::to_string(sequence) + "\n";
      }
    }
  }
  for (const auto& [name, map] : observed.policy_maps) {
    const auto now = desired.policy_maps.find(name);
    if (now == desired.policy_maps.end()) continue;
    if (!map.description.empty() && now->second.description.empty())
      out += "policy-map " + name + "\n no description\n";
    for (const PolicyClass& one : map.classes) {
      const auto& classes = now->second.classes;
      const bool stays = std::any_of(classes.begin(), classes.end(),
                                     [&](const auto& other) { return other.name == one.name; });
      if (!stays) out += "policy-map " + name + "\n no class " + one.name + "\n";
    }
  }
  return out;
}

template <class Map>
void keep_changed(Map& desired, const Map& observed) {
  std::erase_if(desired, [&](const auto& entry) {
    const auto at = observed.find(entry.first);
    return at != observed.end() && at->second == entry.second;
  });
}

/// The objects of `desired` that are new or not as observed.
Mqc changed(const Mqc& observed, Mqc desired) {
  keep_changed(desired.acls, observed.acls);
  keep_changed(desired.class_maps, observed.class_maps);
  keep_changed(desired.policy_maps, observed.policy_maps);
  keep_changed(desired.attachments, observed.attachments);
  keep_changed(desired.load_intervals, observed.load_intervals);
  keep_changed(desired.probes.entries, observed.probes.entries);
  keep_changed(desired.steering.tracks, observed.steering.tracks);
  keep_changed(desired.steering.route_map, observed.steering.route_map);
  std::erase_if(desired.steering.interfaces, [&](const std::string& interface) {
    return observed.steering.interfaces.contains(interface);
  });
  desired.probes.alerts = desired.probes.alerts && !observed.probes.alerts;
  return desired;
}

}  // namespace

std::string render_change_cli(const Mqc& observed, const Mqc& desired) {
  return detachments(observed, desired) + removals(observed, desired) +
         lost_parts(observed, desired) + render_cli(changed(observed, desired));
}

}  // namespace wanwise::iosxe
