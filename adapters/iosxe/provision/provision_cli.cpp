#include "adapters/iosxe/provision/provision_edit.hpp"
#include "adapters/iosxe/xml/values.hpp"

namespace wanwise::iosxe {
namespace {

std::string entry_cli(std::uint32_t number, const SlaEntry& entry) {
  const std::string name = std::to_string(number);
  std::string out = "ip sla " + name + "\n";
  switch (entry.kind) {
    case SlaKind::icmp_echo:
      out += " icmp-echo " + address_text(entry.target);
      if (!entry.source_interface.empty()) out += " source-interface " + entry.source_interface;
      break;
    case SlaKind::udp_jitter:
      out += " udp-jitter " + address_text(entry.target) + " " + std::to_string(entry.port);
      break;
    case SlaKind::other:
      out += " ! an operation that is not wanwise's";
      break;
  }
  out += "\n  tag " + entry.tag + "\n  threshold " + std::to_string(entry.threshold);
  out += "\n  timeout " + std::to_string(entry.timeout);
  out += "\n  frequency " + std::to_string(entry.frequency) + "\n";
  if (entry.tos > 0) out += "  tos " + std::to_string(entry.tos) + "\n";
  if (entry.reaction > 0)
    out += "ip sla reaction-configuration " + name + " react timeout threshold-type consecutive " +
           std::to_string(entry.reaction) + " action-type trapOnly\n";
  if (entry.runs) out += "ip sla schedule " + name + " life forever start-time now\n";
  return out;
}

}  // namespace

std::string probes_cli(const Probes& probes) {
  std::string out;
  for (const auto& [number, entry] : probes.entries) out += entry_cli(number, entry);
  if (probes.alerts) out += "ip sla enable reaction-alerts\n";
  return out;
}

std::string steering_cli(const Steering& steering) {
  std::string out;
  for (const auto& [number, track] : steering.tracks) {
    out += "track " + std::to_string(number) + " ip sla " + std::to_string(track.operation) +
           " reachability\n delay down " + std::to_string(track.down) + " up " +
           std::to_string(track.up) + "\n";
  }
  for (const auto& [sequence, entry] : steering.route_map) {
    out += "route-map " + std::string{kRouteMap} + " permit " + std::to_string(sequence) +
           "\n match ip address " + entry.acl + "\n";
    for (const NextHop& hop : entry.next_hops)
      out += " set ip next-hop verify-availability " + address_text(hop.address) + " " +
             std::to_string(hop.order) + " track " + std::to_string(hop.track) + "\n";
  }
  return out;
}

}  // namespace wanwise::iosxe
