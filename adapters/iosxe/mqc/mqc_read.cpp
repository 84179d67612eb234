#include "adapters/iosxe/mqc/mqc_read.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/provision/provision_read.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/values.hpp"

namespace wanwise::iosxe {
namespace {

/// Ports the CLI shows by name, in the YANG of ace-rule/dst-eq.
constexpr std::array<std::pair<std::string_view, std::uint16_t>, 50> kPortNames{{
    {"bgp", 179},
    {"chargen", 19},
    {"daytime", 13},
    {"discard", 9},
    {"domain", 53},
    {"echo", 7},
    {"finger", 79},
    {"ftp", 21},
    {"ftp-data", 20},
    {"gopher", 70},
    {"hostname", 101},
    {"ident", 113},
    {"irc", 194},
    {"klogin", 543},
    {"kshell", 544},
    {"lpd", 515},
    {"msrpc", 135},
    {"nntp", 119},
    {"pim-auto-rp", 496},
    {"pop2", 109},
    {"pop3", 110},
    {"smtp", 25},
    {"sunrpc", 111},
    {"tacacs", 49},
    {"talk", 517},
    {"telnet", 23},
    {"time", 37},
    {"uucp", 540},
    {"whois", 43},
    {"www", 80},
    {"biff", 512},
    {"bootpc", 68},
    {"bootps", 67},
    {"dnsix", 195},
    {"isakmp", 500},
    {"mobile-ip", 434},
    {"nameserver", 42},
    {"netbios-dgm", 138},
    {"netbios-ns", 137},
    {"netbios-ss", 139},
    {"non500-isakmp", 4500},
    {"ntp", 123},
    {"rip", 520},
    {"ripv6", 521},
    {"snmp", 161},
    {"snmptrap", 162},
    {"syslog", 514},
    {"tftp", 69},
    {"who", 513},
    {"xdmcp", 177},
}};

std::optional<std::uint16_t> read_port(std::string_view text) {
  for (const auto& [name, port] : kPortNames) {
    if (text == name) return port;
  }
  return number<std::uint16_t>(text);
}

/// Address and wildcard mask; a wildcard with holes is no prefix.
std::optional<core::Ipv4Prefix> read_network(std::string_view address, std::string_view wildcard) {
  const auto base = read_address(address);
  const auto hole = read_address(wildcard);
  if (!base || !hole || (*hole & (*hole + 1U)) != 0 || (*base & *hole) != 0) return std::nullopt;
  std::uint8_t length = 32;
  for (std::uint32_t bits = *hole; bits != 0; bits >>= 1U) --length;
  return core::Ipv4Prefix{*base, length};
}

struct EndNames {
  std::string_view any, host, network, mask;
};
constexpr EndNames kSource{"any", "host-address", "ipv4-address", "mask"};
constexpr EndNames kDestination{"dst-any", "dst-host-address", "dest-ipv4-address", "dest-mask"};

std::optional<core::Ipv4Prefix> read_end(const XmlNode& rule, const EndNames& names) {
  if (rule.child(names.any)) return core::Ipv4Prefix{0, 0};
  if (const XmlNode host = rule.child(names.host)) {
    const auto address = read_address(host.text());
    return address ? std::optional{core::Ipv4Prefix{*address, 32}} : std::nullopt;
  }
  return read_network(rule.child(names.network).text(), rule.child(names.mask).text());
}

AclRule read_acl_rule(const XmlNode& entry) {
  const AclRule other{AclRule::Kind::other, {}};
  const XmlNode rule = entry.child("ace-rule");
  if (!has_only(entry, {"sequence", "ace-rule"})) return other;
  if (!has_only(rule, {"action", "protocol", "any", "host-address", "ipv4-address", "mask",
                       "dst-any", "dst-host-address", "dest-ipv4-address", "dest-mask", "dst-eq"}))
    return other;
  const std::string_view protocol = rule.child("protocol").text();
  const auto source = read_end(rule, kSource);
  const auto destination = read_end(rule, kDestination);
  if (!source || !destination) return other;
  if (rule.child("action").text() == "deny") {
    const bool all = protocol == "ip" && source->length == 0 && destination->length == 0;
    return all && !rule.child("dst-eq") ? AclRule{AclRule::Kind::deny_all, {}} : other;
  }
  const auto port = read_port(rule.child("dst-eq").text());
  if (!port || *port == 0 || (protocol != "tcp" && protocol != "udp")) return other;
  const core::Transport transport = protocol == "tcp" ? core::Transport::tcp : core::Transport::udp;
  return {AclRule::Kind::permit, {transport, *source, *destination, *port}};
}

Acl read_acl(const XmlNode& list) {
  Acl acl;
  for (const XmlNode& entry : list.children("access-list-seq-rule")) {
    const auto sequence = number<std::uint32_t>(entry.child("sequence").text());
    if (sequence) acl.rules[*sequence] = read_acl_rule(entry);
  }
  return acl;
}

ClassMap read_class_map(const XmlNode& node) {
  ClassMap map;
  const XmlNode match = node.child("match");
  map.match_any = node.child("prematch").text() == "match-any";
  map.other = !has_only(node, {"name", "prematch", "match"}) ||
              !has_only(match, {"dscp", "access-group"}) ||
              !has_only(match.child("access-group"), {"name"});
  for (const XmlNode& dscp : match.children("dscp")) {
    const auto value = core::parse_dscp(std::string{dscp.text()});
    if (value) map.dscps.push_back(*value);
    map.other = map.other || !value;
  }
  std::sort(map.dscps.begin(), map.dscps.end());
  for (const XmlNode& acl : match.child("access-group").children("name"))
    map.acls.emplace_back(acl.text());
  return map;
}

PolicyAction read_bandwidth(const XmlNode& node) {
  const XmlNode bandwidth = node.child("bandwidth");
  const XmlNode remaining = bandwidth.child("remaining");
  const auto percent = number<std::int64_t>(remaining.child("percent").text());
  const bool plain = has_only(bandwidth, {"remaining"}) &&
                     has_only(remaining, {"rem-option", "percent"}) && percent;
  if (!plain) return {ActionKind::other, 0, "bandwidth"};
  return {ActionKind::remaining_percent, *percent, {}};
}

PolicyAction read_shape(const XmlNode& node) {
  const XmlNode shape = node.child("shape");
  const auto rate = number<std::int64_t>(shape.child("average").child("bit-rate").text());
  const bool plain = has_only(shape, {"average"}) && has_only(shape.child("average"), {"bit-rate"});
  if (!plain || !rate) return {ActionKind::other, 0, "shape"};
  return {ActionKind::shape_bps, *rate, {}};
}

PolicyAction read_priority(const XmlNode& node) {
  const XmlNode priority = node.child("priority");
  const auto percent = number<std::int64_t>(priority.child("percent").text());
  const XmlNode burst = priority.child("burst");
  const auto bytes = burst ? number<std::int64_t>(burst.text()) : std::optional<std::int64_t>{0};
  if (!has_only(priority, {"percent", "burst"}) || !percent || !bytes)
    return {ActionKind::other, 0, "priority"};
  return {ActionKind::priority_percent, *percent, {}, *bytes};
}

/// Packets are the unit where none is stated (the description of queue-limit).
PolicyAction read_queue_limit(const XmlNode& node) {
  const XmlNode limit = node.child("queue-limit");
  const auto packets = number<std::int64_t>(limit.child("queue-limit-value").text());
  const XmlNode unit = limit.child("queue-limit-type");
  const bool plain = has_only(limit, {"queue-limit-value", "queue-limit-type"}) && packets &&
                     (!unit || unit.text() == "packets");
  if (!plain) return {ActionKind::other, 0, "queue-limit"};
  return {ActionKind::queue_limit, *packets, {}};
}

PolicyAction read_set(const XmlNode& node) {
  const XmlNode set = node.child("set");
  const XmlNode value = set.child("dscp").child("dscp-val");
  const auto dscp = core::parse_dscp(std::string{value.text()});
  const bool plain = has_only(set, {"dscp"}) && has_only(set.child("dscp"), {"dscp-val"});
  if (!plain || !value || !dscp) return {ActionKind::other, 0, "set"};
  return {ActionKind::set_dscp, dscp->value, {}};
}

PolicyAction read_action(const XmlNode& node) {
  const std::string_view type = node.child("action-type").text();
  const PolicyAction other{ActionKind::other, 0, std::string{type}};
  if (!has_only(node, {"action-type", type})) return other;
  if (type == "bandwidth") return read_bandwidth(node);
  if (type == "shape") return read_shape(node);
  if (type == "priority") return read_priority(node);
  if (type == "queue-limit") return read_queue_limit(node);
  if (type == "set") return read_set(node);
  if (type == "service-policy" && node.child("service-policy"))
    return {ActionKind::child_policy, 0, std::string{node.child("service-policy").text()}};
  if (type == "fair-queue" && node.child("fair-queue").children().empty())
    return {ActionKind::fair_queue, 0, {}};
  return other;
}

PolicyMap read_policy_map(const XmlNode& node) {
  PolicyMap map;
  for (const XmlNode& entry : node.children("class")) {
    PolicyClass policy_class{std::string{entry.child("name").text()}, {}};
    for (const XmlNode& action : entry.children("action-list"))
      policy_class.actions.push_back(read_action(action));
    if (!has_only(entry, {"name", "action-list"}))
      policy_class.actions.push_back({ActionKind::other, 0, "class"});
    std::sort(policy_class.actions.begin(), policy_class.actions.end());
    map.classes.push_back(std::move(policy_class));
  }
  map.description = node.child("description").text();
  if (!has_only(node, {"name", "description", "class"}))
    map.classes.push_back({"", {{ActionKind::other, 0, "policy-map"}}});
  return map;
}

void read_attachments(const XmlNode& interface, const std::string& name, ConfigRead& read) {
  const XmlNode service_policy = interface.child("service-policy");
  const auto take = [&](Side side, std::string_view leaf) {
    const std::string policy{service_policy.child(leaf).text()};
    if (policy.empty()) return;
    auto& attachments = is_own(policy) ? read.own.attachments : read.foreign;
    attachments[{name, side}] = policy;
  };
  take(Side::input, "input");
  take(Side::output, "output");
}

/// Of `stated`, those that the policy map of their interface notes as wanwise's.
void take_load_intervals(Mqc& own, const std::map<std::string, std::uint32_t>& stated) {
  for (const auto& [where, policy] : own.attachments) {
    const auto map = own.policy_maps.find(policy);
    const auto at = stated.find(where.first);
    if (where.second != Side::output || map == own.policy_maps.end() || at == stated.end())
      continue;
    if (noted_interval(map->second.description) == at->second) own.load_intervals.insert(*at);
  }
}

void read_rest(const XmlNode& native, const RouterConfig& config, ConfigRead& read) {
  std::set<std::uint32_t> operations;
  for (const LinkConfig& link : config.links) {
    if (link.probe) operations.insert(*link.probe);
  }
  ProvisionRead rest = read_provision(native, operations);
  read.own.probes = std::move(rest.probes);
  read.own.steering = std::move(rest.steering);
  read.foreign_route_maps = std::move(rest.foreign_route_maps);
  read.taken = std::move(rest.taken);
  take_load_intervals(read.own, rest.load_intervals);
}

}  // namespace

std::string config_filter() {
  XmlWriter out;
  out.open("native", ns::kNative);
  out.open("ip").open("access-list").open("extended", ns::kAcl).close().close();
  out.raw(sla_filter()).close().raw(steering_filter());
  out.open("policy").open("class-map", ns::kPolicy).close();
  out.open("policy-map", ns::kPolicy).close().close();
  out.open("interface");
  for (const std::string& kind : interface_kinds()) {
    out.open(kind).empty("name").empty("load-interval").open("ip").empty("policy").close();
    out.open("service-policy", ns::kPolicy).close().close();
  }
  return out.close().close().take();
}

ConfigRead read_mqc(const XmlNode& data, const RouterConfig& config) {
  ConfigRead read;
  const XmlNode native = data.child("native");
  for (const XmlNode& node : native.child("ip").child("access-list").children("extended")) {
    const std::string name{node.child("name").text()};
    if (is_own(name)) read.own.acls[name] = read_acl(node);
  }
  for (const XmlNode& node : native.child("policy").children("class-map")) {
    const std::string name{node.child("name").text()};
    if (is_own(name)) read.own.class_maps[name] = read_class_map(node);
  }
  for (const XmlNode& node : native.child("policy").children("policy-map")) {
    const std::string name{node.child("name").text()};
    if (is_own(name)) read.own.policy_maps[name] = read_policy_map(node);
  }
  for (const XmlNode& node : native.child("interface").children()) {
    const std::string name{node.child("name").text()};
    if (!name.empty()) read_attachments(node, std::string{node.name()} + name, read);
  }
  read_rest(native, config, read);
  return read;
}

}  // namespace wanwise::iosxe
