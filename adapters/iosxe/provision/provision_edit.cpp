#include "adapters/iosxe/provision/provision_edit.hpp"

#include <vector>

#include "adapters/iosxe/provision/probe_numbers.hpp"
#include "adapters/iosxe/xml/namespaces.hpp"
#include "adapters/iosxe/xml/values.hpp"
#include "engine/core/check.hpp"

namespace wanwise::iosxe {
namespace {

constexpr std::string_view kRemove = "nc:operation=\"remove\"";
constexpr std::string_view kReplace = "nc:operation=\"replace\"";

std::string text_of(std::uint32_t value) {
  return std::to_string(value);
}

// ---- IP SLA

/// IOS wants threshold <= timeout <= frequency at every step; all three shrink from its defaults,
/// so the inner bound comes first.
void write_timing(XmlWriter& out, const SlaEntry& entry) {
  out.leaf("tag", entry.tag).leaf("threshold", text_of(entry.threshold));
  out.leaf("timeout", text_of(entry.timeout)).leaf("frequency", text_of(entry.frequency));
  if (entry.tos > 0) out.leaf("tos", text_of(entry.tos));
}

void write_entry(XmlWriter& out, std::uint32_t number, const SlaEntry& entry) {
  WANWISE_CHECK(entry.kind != SlaKind::other && !entry.other);
  out.open("entry").leaf("number", text_of(number));
  if (entry.kind == SlaKind::icmp_echo) {
    out.open("icmp-echo").leaf("destination", address_text(entry.target));
    if (!entry.source_interface.empty()) out.leaf("source-interface", entry.source_interface);
  } else {
    out.open("udp-jitter").leaf("dest-addr", address_text(entry.target));
    out.leaf("portno", std::to_string(entry.port));
  }
  write_timing(out, entry);
  out.close().close();
}

void write_schedule(XmlWriter& out, std::uint32_t number, bool replace) {
  out.open("schedule", {}, replace ? kReplace : std::string_view{})
      .leaf("entry-number", text_of(number));
  out.leaf("life", "forever").open("start-time").empty("now-config").close().close();
}

void write_reaction(XmlWriter& out, std::uint32_t number, std::uint32_t timeouts, bool replace) {
  out.open("reaction-configuration", {}, replace ? kReplace : std::string_view{});
  out.leaf("entry-number", text_of(number));
  out.open("react").open("timeout").open("threshold-type").open("consecutive");
  out.leaf("consecutive-val", text_of(timeouts)).close().close();
  out.leaf("action-type", "trapOnly").close().close().close();
}

void remove_numbered(XmlWriter& out, const char* list, const char* key, std::uint32_t number) {
  out.open(list, {}, kRemove).leaf(key, text_of(number)).close();
}

/// What stands around an operation and is not to. Removing what is not there is no error.
void remove_surroundings(XmlWriter& out, std::uint32_t number, bool schedule, bool reaction) {
  if (schedule) remove_numbered(out, "schedule", "entry-number", number);
  if (reaction) remove_numbered(out, "reaction-configuration", "entry-number", number);
}

void edit_entry(XmlWriter& out, std::uint32_t number, const SlaEntry* before,
                const SlaEntry& after) {
  const bool exists = before != nullptr;
  // IOS refuses to edit an operation that runs (probe_numbers.hpp).
  WANWISE_CHECK(!exists || same_operation(*before, after));
  if (exists) remove_surroundings(out, number, !after.runs, after.reaction == 0);
  if (!exists) write_entry(out, number, after);
  if (after.reaction > 0 && (!exists || before->reaction != after.reaction))
    write_reaction(out, number, after.reaction, exists);
  if (after.runs && (!exists || !before->runs)) write_schedule(out, number, exists);
}

// ---- tracked objects, route map

/// The two lists of tracked objects, and what they call reachability.
struct TrackList {
  const char* list;
  const char* reachability;
};
constexpr TrackList kOlderTracks{"tracked-object", "reachability-sla"};
constexpr TrackList kNewerTracks{"tracked-object-v2", "reachability"};

std::vector<TrackList> lists_of(Places places) {
  std::vector<TrackList> lists;
  if (places.older) lists.push_back(kOlderTracks);
  if (places.newer) lists.push_back(kNewerTracks);
  return lists;
}

void write_track(XmlWriter& out, const TrackList& names, std::uint32_t number, const Track& track,
                 bool replace) {
  out.open(names.list, ns::kTrack, replace ? kReplace : std::string_view{});
  out.leaf("object-number", text_of(number)).open("ip").open("sla");
  out.leaf("number", text_of(track.operation)).empty(names.reachability).close().close();
  out.open("delay").leaf("down", text_of(track.down)).leaf("up", text_of(track.up));
  out.close().close();
}

void write_route_entry(XmlWriter& out, std::uint32_t sequence, const RouteEntry& entry,
                       Places places, bool replace) {
  out.open("route-map-without-order-seq", ns::kRouteMap, replace ? kReplace : std::string_view{});
  out.leaf("seq_no", text_of(sequence)).leaf("operation", "permit");
  out.open("set").open("ip").open("next-hop").open("verify-availability");
  for (const NextHop& hop : entry.next_hops) {
    out.open("ipv4").leaf("ipv4", address_text(hop.address));
    out.leaf("range", std::to_string(hop.order)).leaf("track", text_of(hop.track)).close();
  }
  out.close().close().close().close();
  out.open("match").open("ip").open("address");
  if (places.older) out.leaf("access-list", entry.acl);
  if (places.newer) out.leaf("access-list-ordered", entry.acl);
  out.close().close().close().close();
}

}  // namespace

void edit_probes(XmlWriter& out, const Probes& observed, const Probes& desired) {
  XmlWriter sla;
  for (const auto& [number, entry] : observed.entries) {
    if (desired.entries.contains(number)) continue;
    remove_surroundings(sla, number, true, true);
    remove_numbered(sla, "entry", "number", number);
  }
  for (const auto& [number, entry] : desired.entries) {
    const auto at = observed.entries.find(number);
    const SlaEntry* before = at != observed.entries.end() ? &at->second : nullptr;
    if (before == nullptr || *before != entry) edit_entry(sla, number, before, entry);
  }
  if (desired.alerts && !observed.alerts) sla.open("enable").empty("reaction-alerts").close();
  if (!desired.alerts && observed.alerts && !observed.others_react)
    sla.open("enable").open("reaction-alerts", {}, kRemove).close().close();
  const std::string content = sla.take();
  if (!content.empty()) out.open("sla", ns::kSla).raw(content).close();
}

void edit_tracks(XmlWriter& out, const Steering& observed, const Steering& desired,
                 const Dialect& dialect) {
  const Places usual = Places::one(dialect.tracked_object_v2);
  for (const auto& [number, track] : observed.tracks) {
    if (desired.tracks.contains(number)) continue;
    for (const TrackList& names : lists_of(track.places.or_else(usual)))
      out.open(names.list, ns::kTrack, kRemove).leaf("object-number", text_of(number)).close();
  }
  for (const auto& [number, track] : desired.tracks) {
    const auto at = observed.tracks.find(number);
    const bool exists = at != observed.tracks.end();
    if (exists && at->second == track) continue;
    for (const TrackList& names : lists_of(exists ? at->second.places.or_else(usual) : usual))
      write_track(out, names, number, track, exists);
  }
}

void edit_route_map(XmlWriter& out, const Steering& observed, const Steering& desired,
                    const Dialect& dialect) {
  if (observed.route_map == desired.route_map) return;
  if (desired.route_map.empty()) {
    out.open("route-map", {}, kRemove).leaf("name", kRouteMap).close();
    return;
  }
  out.open("route-map").leaf("name", kRouteMap);
  for (const auto& [sequence, entry] : observed.route_map) {
    if (!desired.route_map.contains(sequence))
      out.open("route-map-without-order-seq", ns::kRouteMap, kRemove)
          .leaf("seq_no", text_of(sequence))
          .close();
  }
  for (const auto& [sequence, entry] : desired.route_map) {
    const auto at = observed.route_map.find(sequence);
    const bool exists = at != observed.route_map.end();
    if (exists && at->second == entry) continue;
    const Places usual = Places::one(dialect.access_list_ordered);
    const Places places = exists ? at->second.places.or_else(usual) : usual;
    write_route_entry(out, sequence, entry, places, exists);
  }
  out.close();
}

}  // namespace wanwise::iosxe
