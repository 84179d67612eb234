#include <string_view>

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/mqc_words.hpp"
#include "adapters/iosxe/provision/provision_edit.hpp"

namespace wanwise::iosxe {
namespace {

std::string end_text(core::Ipv4Prefix prefix) {
  if (prefix.length == 0) return "any";
  const std::string address = core::to_string(core::Ipv4Prefix{prefix.address, 32});
  if (prefix.length == 32) return "host " + address;
  const std::uint32_t hole = (std::uint32_t{1} << (32 - prefix.length)) - 1U;
  return address + " " + core::to_string(core::Ipv4Prefix{hole, 32});
}

void write_policy_map(std::string& out, const std::string& name, const PolicyMap& map) {
  out += "policy-map " + name + "\n";
  if (!map.description.empty()) out += " description " + map.description + "\n";
  for (const PolicyClass& policy_class : map.classes) {
    out += " class " + policy_class.name + "\n";
    for (const PolicyAction& action : policy_class.actions)
      out += "  " + action_text(action) + "\n";
  }
}

}  // namespace

std::string rule_text(const AclRule& rule) {
  switch (rule.kind) {
    case AclRule::Kind::permit:
      return std::string{"permit "} +
             (rule.flow.transport == core::Transport::tcp ? "tcp " : "udp ") +
             end_text(rule.flow.source) + " " + end_text(rule.flow.destination) + " eq " +
             std::to_string(rule.flow.port);
    case AclRule::Kind::deny_all:
      return "deny ip any any";
    case AclRule::Kind::other:
      break;
  }
  return "! a rule that is not wanwise's";
}

std::string action_text(const PolicyAction& action) {
  const std::string number = std::to_string(action.number);
  switch (action.kind) {
    case ActionKind::remaining_percent:
      return "bandwidth remaining percent " + number;
    case ActionKind::fair_queue:
      return "fair-queue";
    case ActionKind::priority_percent:
      return "priority percent " + number +
             (action.burst > 0 ? " " + std::to_string(action.burst) : std::string{});
    case ActionKind::queue_limit:
      return "queue-limit " + number + " packets";
    case ActionKind::child_policy:
      return "service-policy " + action.text;
    case ActionKind::set_dscp:
      return "set dscp " + core::dscp_name({static_cast<std::uint8_t>(action.number)});
    case ActionKind::shape_bps:
      return "shape average " + number;
    case ActionKind::other:
      break;
  }
  return "! " + action.text + ", which is not wanwise's";
}

std::string render_cli(const Mqc& mqc) {
  std::string out;
  for (const auto& [name, acl] : mqc.acls) {
    out += "ip access-list extended " + name + "\n";
    for (const auto& [sequence, rule] : acl.rules)
      out += " " + std::to_string(sequence) + " " + rule_text(rule) + "\n";
  }
  for (const auto& [name, map] : mqc.class_maps) {
    out += "class-map match-any " + name + "\n";
    for (const core::Dscp dscp : map.dscps) out += " match dscp " + core::dscp_name(dscp) + "\n";
    for (const std::string& acl : map.acls) out += " match access-group name " + acl + "\n";
  }
  // Children sort behind their parents ("X" < "X-CHILD"); the CLI wants them first.
  for (auto map = mqc.policy_maps.rbegin(); map != mqc.policy_maps.rend(); ++map)
    write_policy_map(out, map->first, map->second);
  out += probes_cli(mqc.probes) + steering_cli(mqc.steering);
  for (const auto& [where, policy] : mqc.attachments) {
    out += "interface " + where.first + "\n service-policy " +
           (where.second == Side::input ? "input " : "output ") + policy + "\n";
  }
  for (const std::string& interface : mqc.steering.interfaces)
    out += "interface " + interface + "\n ip policy route-map " + std::string{kRouteMap} + "\n";
  for (const auto& [interface, seconds] : mqc.load_intervals)
    out += "interface " + interface + "\n load-interval " + std::to_string(seconds) + "\n";
  return out;
}

}  // namespace wanwise::iosxe
