#include "adapters/iosxe/write/inverse_parts.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/provision/provision.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/print.hpp"
#include "adapters/iosxe/xml/values.hpp"
#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kRemove = "nc:operation=\"remove\"";
constexpr std::string_view kReplace = "nc:operation=\"replace\"";

XmlNode native_of(const Image& image) {
  return image.data().child("native");
}

// ---- lists whose entries have numbers

using Numbered = std::map<std::uint32_t, XmlNode>;

Numbered numbered(const XmlNode& parent, std::string_view list, std::string_view key) {
  Numbered found;
  for (const XmlNode& node : parent.children(list)) {
    if (const auto entry = number<std::uint32_t>(node.child(key).text())) found[*entry] = node;
  }
  return found;
}

/// Entries that are gone from `before` leave; those that are not as they were come back.
void invert(XmlWriter& out, const Numbered& before, const Numbered& now, std::string_view key) {
  for (const auto& [entry, node] : now) {
    if (before.contains(entry)) continue;
    out.open(node.name(), node.ns(), kRemove).leaf(key, std::to_string(entry)).close();
  }
  for (const auto& [entry, node] : before) {
    const auto at = now.find(entry);
    if (at == now.end() || print_xml(at->second, {}) != print_xml(node, {}))
      out.raw(print_xml(node, kReplace));
  }
}

template <class Keep>
Numbered only(Numbered entries, Keep keep) {
  std::erase_if(entries, [&](const auto& entry) { return !keep(entry.first, entry.second); });
  return entries;
}

bool is_own_operation(std::uint32_t entry, const XmlNode& node) {
  if (!core::is_reserved_probe(entry)) return false;
  for (const char* kind : {"icmp-echo", "udp-jitter"}) {
    if (tokens_of_tag(node.child(kind).child("tag").text())) return true;
  }
  return false;
}

XmlNode sla_of(const Image& image) {
  return native_of(image).child("ip").child("sla");
}

XmlNode route_map_of(const Image& image) {
  for (const XmlNode& map : native_of(image).children("route-map")) {
    if (map.child("name").text() == kRouteMap) return map;
  }
  return {};
}

// ---- interfaces

/// Leaves of one interface that wanwise writes.
struct PortLeaves {
  std::string load_interval;
  std::string route_map;  ///< wanwise's only
  std::string input;
  std::string output;
  bool operator==(const PortLeaves&) const = default;
};

struct Port {
  std::string kind, number;
  auto operator<=>(const Port&) const = default;
};

std::string own_only(std::string_view name) {
  return std::string{is_own(name) ? name : std::string_view{}};
}

std::map<Port, PortLeaves> ports_of(const Image& image) {
  std::map<Port, PortLeaves> found;
  for (const XmlNode& node : native_of(image).child("interface").children()) {
    const XmlNode policy = node.child("service-policy");
    found[{std::string{node.name()}, std::string{node.child("name").text()}}] = {
        std::string{node.child("load-interval").text()},
        own_only(node.child("ip").child("policy").child("route-map").text()),
        own_only(policy.child("input").text()), own_only(policy.child("output").text())};
  }
  return found;
}

/// True when the leaf goes.
bool invert_leaf(XmlWriter& out, std::string_view leaf, const std::string& before,
                 const std::string& now) {
  if (before == now) return false;
  const bool goes = before.empty();
  out.open(leaf, {}, goes ? kRemove : std::string_view{}).raw(escape_xml(goes ? now : before));
  out.close();
  return goes;
}

void wrap(XmlWriter& out, std::string_view element, std::string_view ns, const std::string& text) {
  if (!text.empty()) out.open(element, ns).raw(text).close();
}

bool invert_port(XmlWriter& out, const Port& port, const PortLeaves& before,
                 const PortLeaves& now) {
  XmlWriter content, route, policies;
  invert_leaf(content, "load-interval", before.load_interval, now.load_interval);
  bool goes = invert_leaf(route, "route-map", before.route_map, now.route_map);
  goes = invert_leaf(policies, "input", before.input, now.input) || goes;
  goes = invert_leaf(policies, "output", before.output, now.output) || goes;
  XmlWriter ip;
  wrap(ip, "policy", {}, route.take());
  wrap(content, "ip", {}, ip.take());
  wrap(content, "service-policy", ns::kPolicy, policies.take());
  out.open(port.kind).leaf("name", port.number).raw(content.take()).close();
  return goes;
}

}  // namespace

PortInverse inverse_ports(const Image& before, const Image& now) {
  const auto old = ports_of(before);
  auto ports = ports_of(now);
  for (const auto& [port, leaves] : old) ports.try_emplace(port);
  PortInverse inverse;
  XmlWriter out;
  for (const auto& [port, leaves] : ports) {
    const auto at = old.find(port);
    const PortLeaves was = at != old.end() ? at->second : PortLeaves{};
    if (was != leaves) inverse.detaches = invert_port(out, port, was, leaves) || inverse.detaches;
  }
  inverse.content = out.take();
  return inverse;
}

std::string inverse_sla(const Image& before, const Image& now) {
  const XmlNode old = sla_of(before);
  const XmlNode current = sla_of(now);
  const Numbered old_entries = only(numbered(old, "entry", "number"), is_own_operation);
  const Numbered entries = only(numbered(current, "entry", "number"), is_own_operation);
  const auto around = [&](const XmlNode& sla, const char* list) {
    return only(numbered(sla, list, "entry-number"), [&](std::uint32_t entry, const XmlNode&) {
      return old_entries.contains(entry) || entries.contains(entry);
    });
  };
  XmlWriter out;
  // What goes leaves before the operation it belongs to; what comes back may name it before it is
  // there, since references count at the end of an edit (RFC 7950 8.1).
  for (const char* list : {"schedule", "reaction-configuration"})
    invert(out, around(old, list), around(current, list), "entry-number");
  invert(out, old_entries, entries, "number");
  const bool told = bool{old.child("enable").child("reaction-alerts")};
  if (told != bool{current.child("enable").child("reaction-alerts")})
    out.open("enable")
        .open("reaction-alerts", {}, told ? std::string_view{} : kRemove)
        .close()
        .close();
  const std::string content = out.take();
  if (content.empty()) return {};
  return XmlWriter{}.open("sla", ns::kSla).raw(content).close().take();
}

std::string inverse_tracks(const Image& before, const Image& now) {
  XmlWriter out;
  for (const char* list : {"tracked-object", "tracked-object-v2"}) {
    const auto tracks = [list](const Image& image) {
      return only(numbered(native_of(image).child("track"), list, "object-number"),
                  [](std::uint32_t object, const XmlNode&) { return core::is_link_probe(object); });
    };
    invert(out, tracks(before), tracks(now), "object-number");
  }
  return out.take();
}

std::string inverse_route_map(const Image& before, const Image& now) {
  constexpr std::string_view kEntries = "route-map-without-order-seq";
  const Numbered old = numbered(route_map_of(before), kEntries, "seq_no");
  const Numbered entries = numbered(route_map_of(now), kEntries, "seq_no");
  if (!route_map_of(before) && route_map_of(now))
    return XmlWriter{}.open("route-map", {}, kRemove).leaf("name", kRouteMap).close().take();
  XmlWriter out;
  invert(out, old, entries, "seq_no");
  const std::string content = out.take();
  if (content.empty()) return {};
  return XmlWriter{}.open("route-map").leaf("name", kRouteMap).raw(content).close().take();
}

}  // namespace wanwise::iosxe
