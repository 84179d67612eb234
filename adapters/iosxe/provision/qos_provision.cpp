#include "adapters/iosxe/provision/qos_provision.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/xml/values.hpp"
#include "engine/core/check.hpp"
#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::iosxe {
namespace {

/// One lost probe is weather, a third in a row is not: this many are told.
constexpr std::uint32_t kTimeoutsTold = 3;
/// Room between the entries of a route map and between the next hops in one, as people number them.
constexpr std::uint32_t kStep = 10;
constexpr std::uint32_t kMicrosPerSecond = 1'000'000;
constexpr std::uint32_t kMicrosPerMilli = 1'000;
// Cisco-IOS-XE-sla: frequency "1..604800" s, threshold "0..60000" ms, timeout not below it.
// Cisco-IOS-XE-track: delay "0..180" s. Cisco-IOS-XE-route-map: seq_no "0..65535".
constexpr std::int64_t kMostFrequency = 604'800;
constexpr std::int64_t kMostTimeout = 60'000;
constexpr std::uint32_t kMostDelay = 180;
constexpr std::size_t kMostRules = 1'000;

// ---- probes

std::uint32_t seconds_of(core::Micros time) {
  return static_cast<std::uint32_t>(time.count / kMicrosPerSecond);
}

/// Tracked reachability falls with the first timeout; two lost probes are to pass. It comes back
/// when three were answered, and not sooner than a modem's attach takes.
Track track_of(std::uint32_t operation, std::uint32_t frequency) {
  constexpr std::uint32_t kLeastUp = 15;
  const std::uint32_t period = std::min(frequency, kMostDelay);
  return {operation, std::min(2 * period + 1, kMostDelay),
          std::clamp(3 * period, kLeastUp, kMostDelay), false};
}

/// Nothing is known of how often an operation of somebody else runs: IOS' documentation tracks
/// with these.
Track track_of_named(std::uint32_t operation) {
  return {operation, 5, 15, false};
}

SlaEntry entry_of(const core::ProbeRule& rule) {
  SlaEntry entry;
  entry.kind = rule.kind == core::ProbeKind::icmp_echo ? SlaKind::icmp_echo : SlaKind::udp_jitter;
  entry.tag = probe_tag(rule.link, rule.service_class);
  entry.target = rule.target;
  entry.port = rule.port;
  entry.source_interface = rule.source_interface;
  entry.frequency = seconds_of(rule.period);
  entry.timeout = static_cast<std::uint32_t>(rule.timeout.count / kMicrosPerMilli);
  entry.threshold = entry.timeout;
  entry.tos = std::uint32_t{rule.dscp.value} << 2U;  // RFC 2474: the upper six bits
  entry.runs = true;
  entry.reaction = kTimeoutsTold;
  return entry;
}

std::optional<core::ProbeRule> rule_of(const Mqc& mqc, std::uint32_t number, const SlaEntry& entry,
                                       const NameTable& names) {
  const auto tokens = tokens_of_tag(entry.tag);
  if (!tokens || entry.kind == SlaKind::other) return std::nullopt;
  core::ProbeRule rule;
  rule.link = names.link_of(tokens->link);
  if (!tokens->service_class.empty()) rule.service_class = names.class_of(tokens->service_class);
  rule.entry = number;
  rule.kind =
      entry.kind == SlaKind::icmp_echo ? core::ProbeKind::icmp_echo : core::ProbeKind::udp_jitter;
  rule.target = entry.target;
  rule.port = entry.port;
  rule.source_interface = entry.source_interface;
  rule.dscp = {static_cast<std::uint8_t>(entry.tos >> 2U)};
  rule.period = core::Micros{std::int64_t{entry.frequency} * kMicrosPerSecond};
  rule.timeout = core::Micros{std::int64_t{entry.timeout} * kMicrosPerMilli};
  const auto track = mqc.steering.tracks.find(number);
  rule.tracked = track != mqc.steering.tracks.end();
  if (entry != entry_of(rule)) return std::nullopt;
  if (rule.tracked && track->second != track_of(number, entry.frequency)) return std::nullopt;
  return rule;
}

core::Unexpected<core::Error> invalid(std::string what) {
  return core::fail(errors::kInvalidQos, std::move(what));
}

/// What differs between the two kinds.
bool fits_its_kind(const core::ProbeRule& rule) {
  if (!core::is_reserved_probe(rule.entry)) return false;
  const bool link = core::is_link_probe(rule.entry);
  switch (rule.kind) {
    case core::ProbeKind::icmp_echo:
      return link && !rule.service_class && rule.port == 0 &&
             split_interface(rule.source_interface).has_value();
    case core::ProbeKind::udp_jitter:
      return !link && rule.service_class && rule.port != 0 && rule.source_interface.empty() &&
             !rule.tracked;
  }
  return false;
}

bool times_fit(const core::ProbeRule& rule) {
  return rule.period.count % kMicrosPerSecond == 0 && rule.period.count >= kMicrosPerSecond &&
         rule.period.count / kMicrosPerSecond <= kMostFrequency &&
         rule.timeout.count % kMicrosPerMilli == 0 && rule.timeout.count >= kMicrosPerMilli &&
         rule.timeout.count / kMicrosPerMilli <= kMostTimeout &&
         rule.timeout.count <= rule.period.count;
}

// ---- steering

const LinkPath* path_of(const LinkPaths& paths, const core::LinkName& link) {
  const auto at = std::find_if(paths.begin(), paths.end(),
                               [&](const LinkPath& path) { return path.link == link; });
  return at == paths.end() ? nullptr : &*at;
}

core::Unexpected<core::Error> not_steered(std::string what) {
  return core::fail(errors::kSteeringNotSupported, std::move(what));
}

core::Expected<void> check_way(const core::LinkName& link,
                               const std::optional<core::TrunkName>& trunk,
                               const core::RouterQos& qos, const LinkPaths& paths) {
  if (trunk) {
    return not_steered("the neighbour's address on trunk '" + trunk->text +
                       "' is not known, so no flow can be steered over it");
  }
  const LinkPath* path = path_of(paths, link);
  if (path == nullptr)
    return not_steered("link '" + link.text + "' has no next-hop or no probe in the site");
  if (!core::is_link_probe(path->operation)) return {};
  const bool tracked = std::any_of(qos.probes.begin(), qos.probes.end(), [&](const auto& rule) {
    return rule.entry == path->operation && rule.tracked;
  });
  if (!tracked) return not_steered("the probe of link '" + link.text + "' is not tracked");
  return {};
}

std::string path_acl(std::uint32_t rule) {
  return std::string{kPathAclPrefix} + std::to_string(rule);
}

NextHop hop_of(const LinkPath& path, std::uint16_t place) {
  return {static_cast<std::uint16_t>(place * kStep), path.next_hop, path.track};
}

void add_way(Mqc& mqc, RouteEntry& entry, const core::LinkName& link, const LinkPaths& paths) {
  const LinkPath* path = path_of(paths, link);
  WANWISE_CHECK(path != nullptr);
  entry.next_hops.push_back(hop_of(*path, static_cast<std::uint16_t>(entry.next_hops.size() + 1)));
  if (!core::is_link_probe(path->operation))
    mqc.steering.tracks[path->track] = track_of_named(path->operation);
}

std::optional<core::LinkName> link_of(const NextHop& hop, const LinkPaths& paths) {
  for (const LinkPath& path : paths) {
    if (path.next_hop == hop.address && path.track == hop.track) return path.link;
  }
  return std::nullopt;
}

std::optional<core::SteeringRule> read_rule(const Mqc& mqc, const RouteEntry& entry,
                                            const LinkPaths& paths) {
  const auto acl = mqc.acls.find(entry.acl);
  if (acl == mqc.acls.end() || entry.next_hops.empty() || entry.next_hops.size() > 2)
    return std::nullopt;
  const auto via = link_of(entry.next_hops.front(), paths);
  if (!via) return std::nullopt;
  core::SteeringRule rule;
  rule.via = *via;
  if (entry.next_hops.size() == 2) rule.backup = link_of(entry.next_hops.back(), paths);
  for (const auto& [sequence, ace] : acl->second.rules) {
    if (ace.kind == AclRule::Kind::permit) rule.flows.push_back(ace.flow);
  }
  std::sort(rule.flows.begin(), rule.flows.end());
  return rule;
}

/// Whether the router's steering is the one of `again`, which holds nothing else.
bool same_steering(const Mqc& mqc, const Mqc& again) {
  const auto same_acl = [&](const auto& acl) {
    const auto at = mqc.acls.find(acl.first);
    return at != mqc.acls.end() && at->second == acl.second;
  };
  const auto same_track = [&](const auto& track) {
    const auto at = mqc.steering.tracks.find(track.first);
    return at != mqc.steering.tracks.end() && at->second == track.second;
  };
  return mqc.steering.route_map == again.steering.route_map &&
         mqc.steering.interfaces == again.steering.interfaces &&
         std::all_of(again.acls.begin(), again.acls.end(), same_acl) &&
         std::all_of(again.steering.tracks.begin(), again.steering.tracks.end(), same_track);
}

}  // namespace

LinkPaths paths_of(const RouterConfig& config) {
  LinkPaths paths;
  std::uint32_t slot = 0;
  for (const LinkConfig& link : config.links) {
    const std::uint32_t first = core::kFirstLinkProbe + core::kNumbersPerLink * slot++;
    const auto next_hop = read_address(link.next_hop);
    if (!next_hop || !link.probe || !core::is_link_probe(first)) continue;
    const std::uint32_t track = core::is_link_probe(*link.probe) ? *link.probe : first;
    paths.push_back({link.name, *next_hop, *link.probe, track});
  }
  return paths;
}

core::Expected<void> check_probes(const core::RouterQos& qos, NameTable& names) {
  std::set<std::uint32_t> numbers;
  for (const core::ProbeRule& rule : qos.probes) {
    const std::string where = "probe " + std::to_string(rule.entry);
    if (auto added = names.add(rule.link); !added) return added;
    if (rule.service_class) {
      if (auto added = names.add(*rule.service_class); !added) return added;
    }
    if (!numbers.insert(rule.entry).second) return invalid(where + ": twice");
    if (!fits_its_kind(rule)) return invalid(where + ": not as its kind is written");
    if (!times_fit(rule)) return invalid(where + ": period or timeout out of range");
  }
  return {};
}

core::Expected<void> check_steering(const core::RouterQos& qos, const LinkPaths& paths) {
  if (qos.steering.size() > kMostRules) return invalid("more than 1000 rules of steering");
  for (const core::SteeringRule& rule : qos.steering) {
    const std::string where = "steering to " + rule.via.text;
    if (rule.flows.empty() || rule.flows.size() > kMaxFlowsPerClass)
      return invalid(where + ": not 1 to 1000 flows");
    if (rule.backup == rule.via) return invalid(where + ": it is its own backup");
    if (auto checked = check_way(rule.via, rule.trunk, qos, paths); !checked) return checked;
    if (!rule.backup) continue;
    if (auto checked = check_way(*rule.backup, rule.backup_trunk, qos, paths); !checked)
      return checked;
  }
  if (!qos.steering.empty() && !split_interface(qos.lan_interface))
    return core::fail(errors::kUnsupportedInterface, "LAN interface '" + qos.lan_interface + "'");
  return {};
}

void add_probes(Mqc& mqc, const std::vector<core::ProbeRule>& rules) {
  for (const core::ProbeRule& rule : rules) {
    const SlaEntry& entry = mqc.probes.entries[rule.entry] = entry_of(rule);
    if (rule.tracked) mqc.steering.tracks[rule.entry] = track_of(rule.entry, entry.frequency);
    mqc.probes.alerts = true;
  }
}

void add_steering(Mqc& mqc, const core::RouterQos& qos, const LinkPaths& paths) {
  std::uint32_t number = 0;
  for (const core::SteeringRule& rule : qos.steering) {
    const std::string acl = path_acl(++number);
    RouteEntry entry{acl, {}, false};
    add_way(mqc, entry, rule.via, paths);
    if (rule.backup) add_way(mqc, entry, *rule.backup, paths);
    std::uint32_t sequence = 0;
    for (const core::FlowMatch& flow : rule.flows)
      mqc.acls[acl].rules[sequence += kStep] = AclRule{AclRule::Kind::permit, flow};
    mqc.steering.route_map[number * kStep] = std::move(entry);
  }
  if (!qos.steering.empty()) mqc.steering.interfaces.insert(qos.lan_interface);
}

std::vector<core::ProbeRule> read_probes(const Mqc& mqc, const NameTable& names) {
  std::vector<core::ProbeRule> rules;
  if (!mqc.probes.alerts) return rules;
  for (const auto& [number, entry] : mqc.probes.entries) {
    if (auto rule = rule_of(mqc, number, entry, names)) rules.push_back(std::move(*rule));
  }
  return rules;
}

std::vector<core::SteeringRule> read_steering(const Mqc& mqc, const LinkPaths& paths,
                                              const std::string& lan_interface) {
  core::RouterQos read{{}, lan_interface, {}, {}};
  for (const auto& [sequence, entry] : mqc.steering.route_map) {
    auto rule = read_rule(mqc, entry, paths);
    if (!rule) return {};
    read.steering.push_back(std::move(*rule));
  }
  Mqc again;
  add_steering(again, read, paths);
  return same_steering(mqc, again) ? read.steering : std::vector<core::SteeringRule>{};
}

}  // namespace wanwise::iosxe
