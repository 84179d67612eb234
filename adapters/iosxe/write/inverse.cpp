#include "adapters/iosxe/write/inverse.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kRemove = "nc:operation=\"remove\"";
constexpr std::string_view kReplace = "nc:operation=\"replace\"";

void print_children(XmlWriter& out, const XmlNode& node) {
  const auto children = node.children();
  if (children.empty()) out.raw(escape_xml(node.text()));
  for (const XmlNode& child : children) {
    out.open(child.name(), child.ns());
    print_children(out, child);
    out.close();
  }
}

std::string print(const XmlNode& node, std::string_view attributes) {
  XmlWriter out;
  out.open(node.name(), node.ns(), attributes);
  print_children(out, node);
  return out.close().take();
}

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
    if (at != current.end() && print(at->second, {}) == print(node, {})) continue;
    (names_child(node) ? late_back : back).push_back(print(node, kReplace));
  }
  Difference made;
  for (const auto* part : {&gone, &late_gone})
    for (const std::string& text : *part) made.removals += text;
  for (const auto* part : {&back, &late_back})
    for (const std::string& text : *part) made.returns += text;
  return made;
}

/// Kind and number of an interface, and the leaf "input" or "output" of its service-policy.
struct Place {
  std::string kind, number, leaf;
  auto operator<=>(const Place&) const = default;
};

std::map<Place, std::string> attachments_of(const Image& image) {
  std::map<Place, std::string> found;
  for (const XmlNode& port : image.data().child("native").child("interface").children()) {
    for (const char* leaf : {"input", "output"}) {
      const std::string policy{port.child("service-policy").child(leaf).text()};
      if (is_own(policy))
        found[{std::string{port.name()}, std::string{port.child("name").text()}, leaf}] = policy;
    }
  }
  return found;
}

void write_attachment(XmlWriter& out, const Place& place, const std::string& policy,
                      std::string_view operation) {
  out.open(place.kind).leaf("name", place.number).open("service-policy", ns::kPolicy);
  out.open(place.leaf, {}, operation).raw(escape_xml(policy));
  out.close().close().close();
}

Difference attachment_difference(const Image& before, const Image& now) {
  const auto old = attachments_of(before);
  const auto current = attachments_of(now);
  XmlWriter gone, back;
  for (const auto& [place, policy] : current)
    if (!old.contains(place)) write_attachment(gone, place, policy, kRemove);
  for (const auto& [place, policy] : old) {
    const auto at = current.find(place);
    if (at == current.end() || at->second != policy) write_attachment(back, place, policy, {});
  }
  return {gone.take(), back.take()};
}

std::string inside(std::string_view element, const std::string& content) {
  if (content.empty()) return {};
  return XmlWriter{}.open(element).raw(content).close().take();
}

}  // namespace

std::optional<std::string> inverse_edit(const Image& before, const Image& now) {
  const Difference ports = attachment_difference(before, now);
  const Difference policies = difference(before, now, kPolicyMaps);
  const Difference classes = difference(before, now, kClassMaps);
  const Difference lists = difference(before, now, kAccessLists);
  // Off the interface first, the lists last; what comes back goes the other way. One <native> may
  // name a container twice no more than once, so a side that has both keeps the order in which
  // nothing that is still used goes: take down, then build up.
  const std::string down = ports.removals + policies.removals + classes.removals + lists.removals;
  XmlWriter out;
  out.open("native", ns::kNative, std::string{"xmlns:nc=\""} + ns::kNetconf + "\"");
  const std::string port_part = inside("interface", ports.removals + ports.returns);
  const std::string policy_part =
      inside("policy", policies.removals + classes.removals + classes.returns + policies.returns);
  const std::string list_part = inside("ip", inside("access-list", lists.removals + lists.returns));
  if (port_part.empty() && policy_part.empty() && list_part.empty()) return std::nullopt;
  if (down.empty()) {
    out.raw(list_part).raw(policy_part).raw(port_part);
  } else {
    out.raw(port_part).raw(policy_part).raw(list_part);
  }
  return out.close().take();
}

}  // namespace wanwise::iosxe
