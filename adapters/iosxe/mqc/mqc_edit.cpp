#include "adapters/iosxe/mqc/mqc_edit.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "adapters/iosxe/provision/provision_edit.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/values.hpp"
#include "adapters/iosxe/xml/xml.hpp"
#include "engine/core/check.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kRemove = "nc:operation=\"remove\"";
constexpr std::string_view kReplace = "nc:operation=\"replace\"";

/// IOS access lists take the mask inverted: a set bit is not compared.
std::string wildcard_text(std::uint8_t length) {
  return address_text(length == 0 ? ~std::uint32_t{0} : (std::uint32_t{1} << (32 - length)) - 1U);
}

// ---- access lists

struct EndLeaves {
  std::string_view any, host, network, mask;
};
constexpr EndLeaves kSource{"any", "host-address", "ipv4-address", "mask"};
constexpr EndLeaves kDestination{"dst-any", "dst-host-address", "dest-ipv4-address", "dest-mask"};

void write_end(XmlWriter& out, core::Ipv4Prefix prefix, const EndLeaves& leaves) {
  if (prefix.length == 0) {
    out.empty(leaves.any);
  } else if (prefix.length == 32) {
    out.leaf(leaves.host, address_text(prefix.address));
  } else {
    out.leaf(leaves.network, address_text(prefix.address));
    out.leaf(leaves.mask, wildcard_text(prefix.length));
  }
}

void write_rule(XmlWriter& out, std::uint32_t sequence, const AclRule& rule) {
  WANWISE_CHECK(rule.kind != AclRule::Kind::other);
  out.open("access-list-seq-rule").leaf("sequence", std::to_string(sequence)).open("ace-rule");
  if (rule.kind == AclRule::Kind::deny_all) {
    out.leaf("action", "deny").leaf("protocol", "ip").empty("any").empty("dst-any");
  } else {
    const bool tcp = rule.flow.transport == core::Transport::tcp;
    out.leaf("action", "permit").leaf("protocol", tcp ? "tcp" : "udp");
    write_end(out, rule.flow.source, kSource);
    write_end(out, rule.flow.destination, kDestination);
    out.leaf("dst-eq", std::to_string(rule.flow.port));
  }
  out.close().close();
}

/// Changes entry by entry: what stays keeps its number, so that a new camera does not rewrite the
/// list under running traffic.
void edit_acl(XmlWriter& out, const std::string& name, const Acl& observed, const Acl& desired) {
  out.open("extended", ns::kAcl).leaf("name", name);
  std::multiset<AclRule> missing;
  for (const auto& [sequence, rule] : desired.rules) missing.insert(rule);
  for (const auto& [sequence, rule] : observed.rules) {
    if (const auto kept = missing.find(rule); kept != missing.end()) {
      missing.erase(kept);
      continue;
    }
    out.open("access-list-seq-rule", {}, kRemove);
    out.leaf("sequence", std::to_string(sequence)).close();
  }
  std::uint32_t sequence = 0;
  for (const AclRule& rule : missing) {
    do {
      sequence += 10;
    } while (observed.rules.contains(sequence));
    write_rule(out, sequence, rule);
  }
  out.close();
}

void edit_acls(XmlWriter& out, const Mqc& observed, const Mqc& desired) {
  for (const auto& [name, acl] : observed.acls) {
    if (!desired.acls.contains(name))
      out.open("extended", ns::kAcl, kRemove).leaf("name", name).close();
  }
  for (const auto& [name, acl] : desired.acls) {
    const auto at = observed.acls.find(name);
    if (at == observed.acls.end()) {
      edit_acl(out, name, {}, acl);
    } else if (at->second != acl) {
      edit_acl(out, name, at->second, acl);
    }
  }
}

// ---- class maps

void write_class_map(XmlWriter& out, const std::string& name, const ClassMap& map, bool replace) {
  out.open("class-map", ns::kPolicy, replace ? kReplace : std::string_view{});
  out.leaf("name", name).leaf("prematch", "match-any").open("match");
  for (const core::Dscp dscp : map.dscps) out.leaf("dscp", core::dscp_name(dscp));
  if (!map.acls.empty()) out.open("access-group");
  for (const std::string& acl : map.acls) out.leaf("name", acl);
  if (!map.acls.empty()) out.close();
  out.close().close();
}

// ---- policy maps

std::string_view action_type(ActionKind kind) {
  switch (kind) {
    case ActionKind::remaining_percent:
      return "bandwidth";
    case ActionKind::fair_queue:
      return "fair-queue";
    case ActionKind::priority_percent:
      return "priority";
    case ActionKind::queue_limit:
      return "queue-limit";
    case ActionKind::child_policy:
      return "service-policy";
    case ActionKind::set_dscp:
      return "set";
    case ActionKind::shape_bps:
      return "shape";
    case ActionKind::other:
      break;
  }
  WANWISE_CHECK(false);  // wanwise never writes what it does not know
  return {};
}

void write_action(XmlWriter& out, const PolicyAction& action) {
  const std::string number = std::to_string(action.number);
  out.open("action-list").leaf("action-type", action_type(action.kind));
  switch (action.kind) {
    case ActionKind::remaining_percent:
      out.open("bandwidth").open("remaining").leaf("rem-option", "percent");
      out.leaf("percent", number).close().close();
      break;
    case ActionKind::fair_queue:
      break;  // never an empty <fair-queue/>: libyang 2.1.30 may crash
    case ActionKind::priority_percent:
      out.open("priority").leaf("percent", number);
      if (action.burst > 0) out.leaf("burst", std::to_string(action.burst));
      out.close();
      break;
    case ActionKind::queue_limit:
      out.open("queue-limit").leaf("queue-limit-value", number);
      out.leaf("queue-limit-type", "packets").close();
      break;
    case ActionKind::child_policy:
      out.leaf("service-policy", action.text);
      break;
    case ActionKind::set_dscp:
      out.open("set").open("dscp");
      out.leaf("dscp-val", core::dscp_name({static_cast<std::uint8_t>(action.number)}));
      out.close().close();
      break;
    case ActionKind::shape_bps:
      out.open("shape").open("average").leaf("bit-rate", number).close().close();
      break;
    case ActionKind::other:
      break;
  }
  out.close();
}

void write_policy_map(XmlWriter& out, const std::string& name, const PolicyMap& map, bool replace) {
  out.open("policy-map", ns::kPolicy, replace ? kReplace : std::string_view{}).leaf("name", name);
  if (!map.description.empty()) out.leaf("description", map.description);
  for (const PolicyClass& policy_class : map.classes) {
    out.open("class").leaf("name", policy_class.name);
    for (const PolicyAction& action : policy_class.actions) write_action(out, action);
    out.close();
  }
  out.close();
}

/// Whether only the description, or numbers or names inside the same actions of the same classes,
/// differ: then the one leaf is sent. The shaper follows the radio, so this is by far the most
/// frequent edit. A burst that is no longer stated would survive such an edit.
bool same_shape(const PolicyMap& a, const PolicyMap& b) {
  const auto same_action = [](const PolicyAction& x, const PolicyAction& y) {
    return x.kind == y.kind && x.kind != ActionKind::other && (x.burst > 0) == (y.burst > 0);
  };
  const auto same_class = [&](const PolicyClass& x, const PolicyClass& y) {
    return x.name == y.name && std::equal(x.actions.begin(), x.actions.end(), y.actions.begin(),
                                          y.actions.end(), same_action);
  };
  return std::equal(a.classes.begin(), a.classes.end(), b.classes.begin(), b.classes.end(),
                    same_class);
}

void edit_description(XmlWriter& out, const std::string& observed, const std::string& desired) {
  if (observed == desired) return;
  const bool goes = desired.empty();
  out.open("description", {}, goes ? kRemove : std::string_view{});
  out.raw(escape_xml(goes ? observed : desired)).close();
}

void edit_actions(XmlWriter& out, const std::string& name, const PolicyMap& observed,
                  const PolicyMap& desired) {
  out.open("policy-map", ns::kPolicy).leaf("name", name);
  edit_description(out, observed.description, desired.description);
  for (std::size_t i = 0; i < desired.classes.size(); ++i) {
    if (desired.classes[i] == observed.classes[i]) continue;
    out.open("class").leaf("name", desired.classes[i].name);
    for (std::size_t j = 0; j < desired.classes[i].actions.size(); ++j) {
      const PolicyAction& action = desired.classes[i].actions[j];
      if (action != observed.classes[i].actions[j]) write_action(out, action);
    }
    out.close();
  }
  out.close();
}

void edit_policy_map(XmlWriter& out, const std::string& name, const Mqc& observed,
                     const PolicyMap& desired) {
  const auto at = observed.policy_maps.find(name);
  if (at == observed.policy_maps.end()) {
    write_policy_map(out, name, desired, false);
  } else if (at->second != desired) {
    if (same_shape(at->second, desired)) {
      edit_actions(out, name, at->second, desired);
    } else {
      write_policy_map(out, name, desired, true);
    }
  }
}

/// Children before the parents that name them: a map without a child policy is a child or stands
/// alone.
bool has_child(const PolicyMap& map) {
  return std::any_of(map.classes.begin(), map.classes.end(), [](const PolicyClass& policy_class) {
    return std::any_of(policy_class.actions.begin(), policy_class.actions.end(),
                       [](const auto& action) { return action.kind == ActionKind::child_policy; });
  });
}

void edit_policy(XmlWriter& out, const Mqc& observed, const Mqc& desired) {
  for (const bool parents : {true, false}) {  // parents leave first
    for (const auto& [name, map] : observed.policy_maps) {
      if (!desired.policy_maps.contains(name) && has_child(map) == parents)
        out.open("policy-map", ns::kPolicy, kRemove).leaf("name", name).close();
    }
  }
  for (const auto& [name, map] : observed.class_maps) {
    if (!desired.class_maps.contains(name))
      out.open("class-map", ns::kPolicy, kRemove).leaf("name", name).close();
  }
  for (const auto& [name, map] : desired.class_maps) {
    const auto at = observed.class_maps.find(name);
    const bool exists = at != observed.class_maps.end();
    if (!exists || at->second != map) write_class_map(out, name, map, exists);
  }
  for (const bool parents : {false, true}) {  // children come first
    for (const auto& [name, map] : desired.policy_maps) {
      if (has_child(map) == parents) edit_policy_map(out, name, observed, map);
    }
  }
}

template <class Edit>
std::string section(std::string_view open, Edit edit) {
  XmlWriter out;
  edit(out);
  const std::string content = out.take();
  if (content.empty()) return {};
  return "<" + std::string{open} + ">" + content + "</" + std::string{open} + ">";
}

}  // namespace

std::optional<std::string> edit_native(const Mqc& observed, const Mqc& desired,
                                       const Dialect& dialect) {
  bool detaches = false;
  const std::string lists =
      section("access-list", [&](XmlWriter& out) { edit_acls(out, observed, desired); });
  const std::string ip = section("ip", [&](XmlWriter& out) {
    out.raw(lists);
    edit_probes(out, observed.probes, desired.probes);
  });
  const std::string track = section("track", [&](XmlWriter& out) {
    edit_tracks(out, observed.steering, desired.steering, dialect);
  });
  const std::string policy =
      section("policy", [&](XmlWriter& out) { edit_policy(out, observed, desired); });
  XmlWriter paths;
  edit_route_map(paths, observed.steering, desired.steering, dialect);
  const std::string route_map = paths.take();
  const std::string interface = section(
      "interface", [&](XmlWriter& out) { detaches = edit_interfaces(out, observed, desired); });
  XmlWriter out;
  // IOS takes maps away only when nothing uses them: off the interface first, the lists last. What
  // is built goes the other way.
  if (detaches) out.raw(interface).raw(policy).raw(route_map).raw(track).raw(ip);
  if (!detaches) out.raw(ip).raw(track).raw(route_map).raw(policy).raw(interface);
  const std::string content = out.take();
  if (content.empty()) return std::nullopt;
  out.open("native", ns::kNative, std::string{"xmlns:nc=\""} + ns::kNetconf + "\"");
  return out.raw(content).close().take();
}

}  // namespace wanwise::iosxe
