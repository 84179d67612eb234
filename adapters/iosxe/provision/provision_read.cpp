#include "adapters/iosxe/provision/provision_read.hpp"

#include <algorithm>
#include <utility>

#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/values.hpp"
#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::iosxe {
namespace {

/// A leaf that need not be there; `other` where it is no number.
std::uint32_t read_number(const XmlNode& parent, std::string_view name, std::uint32_t absent,
                          bool& other) {
  const XmlNode leaf = parent.child(name);
  if (!leaf) return absent;
  const auto value = number<std::uint32_t>(leaf.text());
  other = other || !value;
  return value.value_or(absent);
}

// ---- IP SLA

void read_common(const XmlNode& node, SlaEntry& entry) {
  entry.tag = node.child("tag").text();
  entry.frequency = read_number(node, "frequency", entry.frequency, entry.other);
  entry.timeout = read_number(node, "timeout", entry.timeout, entry.other);
  entry.threshold = read_number(node, "threshold", entry.threshold, entry.other);
  entry.tos = read_number(node, "tos", 0, entry.other);
}

void read_target(std::string_view text, SlaEntry& entry) {
  const auto address = read_address(text);
  entry.target = address.value_or(0);
  entry.other = entry.other || !address;
}

SlaEntry read_echo(const XmlNode& node) {
  SlaEntry entry;
  entry.other = !has_only(
      node, {"destination", "source-interface", "tag", "frequency", "timeout", "threshold", "tos"});
  read_target(node.child("destination").text(), entry);
  entry.source_interface = node.child("source-interface").text();
  read_common(node, entry);
  return entry;
}

SlaEntry read_jitter(const XmlNode& node) {
  SlaEntry entry;
  entry.kind = SlaKind::udp_jitter;
  entry.other =
      !has_only(node, {"dest-addr", "portno", "tag", "frequency", "timeout", "threshold", "tos"});
  read_target(node.child("dest-addr").text(), entry);
  const auto port = number<std::uint16_t>(node.child("portno").text());
  entry.port = port.value_or(0);
  entry.other = entry.other || !port;
  read_common(node, entry);
  return entry;
}

SlaEntry read_entry(const XmlNode& node) {
  SlaEntry entry;
  entry.kind = SlaKind::other;
  if (const XmlNode echo = node.child("icmp-echo")) entry = read_echo(echo);
  if (const XmlNode jitter = node.child("udp-jitter")) entry = read_jitter(jitter);
  entry.other = entry.other || !has_only(node, {"number", "icmp-echo", "udp-jitter"});
  return entry;
}

/// "now" is the older leaf of the same meaning.
void read_schedule(const XmlNode& node, SlaEntry& entry) {
  const XmlNode start = node.child("start-time");
  entry.runs =
      node.child("life").text() == "forever" && (start.child("now-config") || start.child("now"));
  entry.other = entry.other || !entry.runs ||
                !has_only(node, {"entry-number", "life", "start-time"}) ||
                !has_only(start, {"now-config", "now"});
}

void read_reaction(const XmlNode& node, SlaEntry& entry) {
  const XmlNode timeout = node.child("react").child("timeout");
  const XmlNode type = timeout.child("threshold-type");
  const auto count =
      number<std::uint32_t>(type.child("consecutive").child("consecutive-val").text());
  entry.reaction = count.value_or(0);
  entry.other =
      entry.other || !count || timeout.child("action-type").text() != "trapOnly" ||
      !has_only(node, {"entry-number", "react"}) || !has_only(node.child("react"), {"timeout"}) ||
      !has_only(timeout, {"threshold-type", "action-type"}) || !has_only(type, {"consecutive"});
}

template <class Read>
void read_around(const XmlNode& sla, std::string_view list, Probes& probes, Read read) {
  for (const XmlNode& node : sla.children(list)) {
    const auto entry = number<std::uint32_t>(node.child("entry-number").text());
    const auto at = entry ? probes.entries.find(*entry) : probes.entries.end();
    if (at != probes.entries.end()) read(node, at->second);
  }
}

void read_probes(const XmlNode& sla, ProvisionRead& read) {
  for (const XmlNode& node : sla.children("entry")) {
    const auto entry = number<std::uint32_t>(node.child("number").text());
    if (!entry || !core::is_reserved_probe(*entry)) continue;
    SlaEntry operation = read_entry(node);
    if (tokens_of_tag(operation.tag)) {
      read.probes.entries[*entry] = std::move(operation);
    } else {
      read.taken.entries.insert(*entry);
    }
  }
  read_around(sla, "schedule", read.probes, read_schedule);
  read_around(sla, "reaction-configuration", read.probes, read_reaction);
  const bool needed = std::any_of(read.probes.entries.begin(), read.probes.entries.end(),
                                  [](const auto& entry) { return entry.second.reaction > 0; });
  for (const XmlNode& node : sla.children("reaction-configuration")) {
    const auto entry = number<std::uint32_t>(node.child("entry-number").text());
    const bool ours = entry && read.probes.entries.contains(*entry);
    read.probes.others_react = read.probes.others_react || !ours;
  }
  read.probes.alerts = needed && sla.child("enable").child("reaction-alerts");
}

// ---- steering

constexpr std::string_view kNewerTracks = "tracked-object-v2";  // its leaves bear other names

Track read_track(const XmlNode& node) {
  Track track;
  const XmlNode sla = node.child("ip").child("sla");
  const XmlNode delay = node.child("delay");
  track.operation = read_number(sla, "number", 0, track.other);
  track.down = read_number(delay, "down", 0, track.other);
  track.up = read_number(delay, "up", 0, track.other);
  const bool reachability = sla.child("reachability-sla") || sla.child("reachability");
  track.other = track.other || !reachability || !has_only(node, {"object-number", "ip", "delay"}) ||
                !has_only(node.child("ip"), {"sla"}) || !has_only(delay, {"down", "up"}) ||
                !has_only(sla, {"number", "reachability-sla", "reachability"});
  return track;
}

/// The object stands in the other list as well.
void merge(Track& known, const Track& again) {
  known.other = known.other || known != again;
  known.places = {true, true};
}

void read_tracks(const XmlNode& container, const std::set<std::uint32_t>& operations,
                 ProvisionRead& read) {
  for (const XmlNode& node : container.children()) {
    const bool newer = node.name() == kNewerTracks;
    if (!newer && node.name() != "tracked-object") continue;
    const auto object = number<std::uint32_t>(node.child("object-number").text());
    if (!object || !core::is_link_probe(*object)) continue;
    Track track = read_track(node);
    track.places = Places::one(newer);
    if (operations.contains(track.operation) || core::is_link_probe(track.operation)) {
      const auto [at, first] = read.steering.tracks.try_emplace(*object, track);
      if (!first) merge(at->second, track);
    } else {
      read.taken.tracks.insert(*object);
    }
  }
}

std::vector<NextHop> read_next_hops(const XmlNode& verify, bool& other) {
  std::vector<NextHop> hops;
  other = other || !has_only(verify, {"ipv4"});
  for (const XmlNode& node : verify.children("ipv4")) {
    const auto address = read_address(node.child("ipv4").text());
    const auto order = number<std::uint16_t>(node.child("range").text());
    const auto track = number<std::uint32_t>(node.child("track").text());
    if (address && order && track && has_only(node, {"ipv4", "range", "track"})) {
      hops.push_back({*order, *address, *track});
    } else {
      other = true;
    }
  }
  std::sort(hops.begin(), hops.end());
  return hops;
}

/// The access list may stand in either of two leaf-lists of one meaning.
RouteEntry read_route_entry(const XmlNode& node) {
  RouteEntry entry;
  const XmlNode ip = node.child("set").child("ip");
  const XmlNode match = node.child("match");
  const XmlNode address = match.child("ip").child("address");
  const XmlNode operation = node.child("operation");
  entry.next_hops = read_next_hops(ip.child("next-hop").child("verify-availability"), entry.other);
  const XmlNode older = address.child("access-list");
  const XmlNode newer = address.child("access-list-ordered");
  entry.acl = (older ? older : newer).text();
  entry.places = {bool{older}, bool{newer}};
  entry.other = entry.other || entry.acl.empty() || (operation && operation.text() != "permit") ||
                !has_only(node, {"seq_no", "operation", "set", "match"}) ||
                !has_only(node.child("set"), {"ip"}) || !has_only(ip, {"next-hop"}) ||
                !has_only(ip.child("next-hop"), {"verify-availability"}) ||
                !has_only(match, {"ip"}) || !has_only(match.child("ip"), {"address"}) ||
                (older && newer && older.text() != newer.text()) ||
                address.children("access-list").size() > 1 ||
                address.children("access-list-ordered").size() > 1 ||
                !has_only(address, {"access-list", "access-list-ordered"});
  return entry;
}

void read_route_map(const XmlNode& native, Steering& steering) {
  for (const XmlNode& map : native.children("route-map")) {
    if (map.child("name").text() != kRouteMap) continue;
    for (const XmlNode& node : map.children("route-map-without-order-seq")) {
      const auto sequence = number<std::uint32_t>(node.child("seq_no").text());
      if (sequence) steering.route_map[*sequence] = read_route_entry(node);
    }
  }
}

void read_interface(const XmlNode& node, const std::string& name, ProvisionRead& read) {
  const auto seconds = number<std::uint32_t>(node.child("load-interval").text());
  if (seconds) read.load_intervals[name] = *seconds;
  const std::string map{node.child("ip").child("policy").child("route-map").text()};
  if (map == kRouteMap) {
    read.steering.interfaces.insert(name);
  } else if (!map.empty()) {
    read.foreign_route_maps[name] = map;
  }
}

}  // namespace

std::string sla_filter() {
  return XmlWriter{}.open("sla", ns::kSla).close().take();
}

std::string steering_filter() {
  XmlWriter out;
  out.empty("track");
  out.open("route-map").leaf("name", kRouteMap).close();
  return out.take();
}

ProvisionRead read_provision(const XmlNode& native, const std::set<std::uint32_t>& operations) {
  ProvisionRead read;
  read_probes(native.child("ip").child("sla"), read);
  read_tracks(native.child("track"), operations, read);
  read_route_map(native, read.steering);
  for (const XmlNode& node : native.child("interface").children()) {
    const std::string name{node.child("name").text()};
    if (!name.empty()) read_interface(node, std::string{node.name()} + name, read);
  }
  return read;
}

}  // namespace wanwise::iosxe
