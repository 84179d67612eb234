#include "adapters/iosxe/write/inverse.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/write/inverse_parts.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/print.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kRemove = "nc:operation=\"remove\"";
constexpr std::string_view kReplace = "nc:operation=\"replace\"";

/// A list whose entries are ours by their name.
struct OwnList {
  const char* parent;  ///< child of <native>, or of <ip>
  const char* entry;
};
constexpr OwnList kAccessLists{"access-list", "extended"};
constexpr OwnList kClassMaps{"policy", "class-map"};
constexpr OwnList kPolicyMaps{"policy", "policy-map"};

using Entries = std::map<std::string, XmlNode>;

Entries entries_of(const Image& image, const OwnList& list) {
  const XmlNode native = image.data().child("native");
  const XmlNode at = native.child("ip").child(list.parent);
  Entries found;
  for (const XmlNode& entry : (at ? at : native.child(list.parent)).children(list.entry)) {
    const std::string name{entry.child("name").text()};
    if (is_own(name)) found[name] = entry;
  }
  return found;
}

bool names_child(const XmlNode& policy_map) {
  const auto classes = policy_map.children("class");
  return std::any_of(classes.begin(), classes.end(), [](const XmlNode& entry) {
    const auto actions = entry.children("action-list");
    return std::any_of(actions.begin(), actions.end(), [](const XmlNode& action) {
      return action.child("action-type").text() == "service-policy";
    });
  });
}

/// What one list needs: entries to take away, and entries to put back as they were. Policy maps
/// that name others leave first and come last.
struct Difference {
  std::string removals;
  std::string returns;
};

Difference difference(const Image& before, const Image& now, const OwnList& list) {
  const Entries old = entries_of(before, list);
  const Entries current = entries_of(now, list);
  std::vector<std::string> gone, late_gone, back, late_back;
  for (const auto& [name, node] : current) {
    if (old.contains(name)) continue;
    XmlWriter out;
    out.open(node.name(), node.ns(), kRemove).leaf("name", name).close();
    (names_child(node) ? gone : late_gone).push_back(out.take());
  }
  for (const auto& [name, node] : old) {
    const auto at = current.find(name);
    if (at != current.end() && print_xml(at->second, {}) == print_xml(node, {})) continue;
    (names_child(node) ? late_back : back).push_back(print_xml(node, kReplace));
  }
  Difference made;
  for (const auto* part : {&gone, &late_gone})
    for (const std::string& text : *part) made.removals += text;
  for (const auto* part : {&back, &late_back})
    for (const std::string& text : *part) made.returns += text;
  return made;
}

std::string inside(std::string_view element, const std::string& content) {
  if (content.empty()) return {};
  return XmlWriter{}.open(element).raw(content).close().take();
}

}  // namespace

std::optional<std::string> inverse_edit(const Version& before, const Version& now) {
  const Difference policies = difference(before.image, now.image, kPolicyMaps);
  const Difference classes = difference(before.image, now.image, kClassMaps);
  const Difference lists = difference(before.image, now.image, kAccessLists);
  const std::string route_map = inverse_route_map(before.image, now.image);
  const PortInverse ports = inverse_ports(before.image, now.image);
  const std::string acls = inside("access-list", lists.removals + lists.returns);
  const std::string ip = inside("ip", acls + inverse_sla(before.image, now.image));
  const std::string track = inside("track", inverse_tracks(before.image, now.image));
  const std::string policy =
      inside("policy", policies.removals + classes.removals + classes.returns + policies.returns);
  const std::string interface = inside("interface", ports.content);
  XmlWriter out;
  // The order of edit_native(), and its reason.
  if (ports.detaches) out.raw(interface).raw(policy).raw(route_map).raw(track).raw(ip);
  if (!ports.detaches) out.raw(ip).raw(track).raw(route_map).raw(policy).raw(interface);
  const std::string content = out.take();
  if (content.empty()) return std::nullopt;
  out.open("native", ns::kNative, std::string{"xmlns:nc=\""} + ns::kNetconf + "\"");
  return out.raw(content).close().take();
}

}  // namespace wanwise::iosxe
