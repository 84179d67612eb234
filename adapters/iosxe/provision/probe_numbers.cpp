#include "adapters/iosxe/provision/probe_numbers.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/iosxe/errors.hpp"
#include "engine/core/check.hpp"
#include "engine/core/decide/probe_plan.hpp"

namespace wanwise::iosxe {
namespace {

using Numbers = std::map<std::uint32_t, std::uint32_t>;  ///< from -> to

std::uint32_t after(const Numbers& numbers, std::uint32_t number) {
  const auto at = numbers.find(number);
  return at == numbers.end() ? number : at->second;
}

/// A tracked object has the number of its operation, and next hops name it.
Mqc renumbered(Mqc mqc, const Numbers& numbers) {
  std::map<std::uint32_t, SlaEntry> entries;
  for (auto& [number, entry] : mqc.probes.entries)
    entries.emplace(after(numbers, number), std::move(entry));
  mqc.probes.entries = std::move(entries);
  std::map<std::uint32_t, Track> tracks;
  for (auto& [number, track] : mqc.steering.tracks) {
    track.operation = after(numbers, track.operation);
    tracks.emplace(after(numbers, number), track);
  }
  mqc.steering.tracks = std::move(tracks);
  for (auto& [sequence, entry] : mqc.steering.route_map) {
    for (NextHop& hop : entry.next_hops) hop.track = after(numbers, hop.track);
  }
  return mqc;
}

std::optional<std::uint32_t> doing_the_same(const Probes& probes, std::uint32_t number,
                                            const SlaEntry& entry) {
  const auto at = probes.entries.find(number);
  if (at != probes.entries.end() && same_operation(at->second, entry)) return number;
  for (const auto& [other, operation] : probes.entries) {
    if (same_operation(operation, entry)) return other;
  }
  return std::nullopt;
}

template <class Map>
void add_keys(std::set<std::uint32_t>& numbers, const Map& map) {
  for (const auto& [number, value] : map) numbers.insert(number);
}

std::optional<std::uint32_t> first_free(std::uint32_t number, const std::set<std::uint32_t>& used) {
  const NumberRange range = range_of(number);
  for (std::uint32_t i = 0; i < range.count; ++i) {
    const std::uint32_t candidate = range.first + (number - range.first + i) % range.count;
    if (!used.contains(candidate)) return candidate;
  }
  return std::nullopt;
}

/// Our operation with this tag; the one of the wished number where there are several.
std::optional<std::uint32_t> tagged(const Probes& probes, std::uint32_t wished,
                                    const std::string& tag) {
  const auto at = probes.entries.find(wished);
  if (at != probes.entries.end() && at->second.tag == tag) return wished;
  for (const auto& [number, entry] : probes.entries) {
    if (entry.tag == tag) return number;
  }
  return std::nullopt;
}

/// Every measurement that the site lets wanwise set up, with its number there.
template <class Visit>
void each_measurement(const RouterConfig& config, Visit visit) {
  for (const LinkConfig& link : config.links) {
    for (const ProbeEntry& probe : probes_of(link)) {
      if (core::is_reserved_probe(probe.entry))
        visit(probe.entry, probe_tag(link.name, probe.service_class));
    }
  }
}

/// The site's number -> the router's, where they differ.
Numbers numbers_of(const RouterConfig& config, const Mqc& observed) {
  Numbers numbers;
  each_measurement(config, [&](std::uint32_t entry, const std::string& tag) {
    const auto number = tagged(observed.probes, entry, tag);
    if (number && *number != entry) numbers[entry] = *number;
  });
  return numbers;
}

}  // namespace

NumberRange range_of(std::uint32_t entry) {
  WANWISE_CHECK(core::is_reserved_probe(entry));
  const std::uint32_t first =
      core::is_link_probe(entry) ? core::kFirstLinkProbe : core::kFirstClassProbe;
  const std::uint32_t count =
      core::is_link_probe(entry) ? core::kNumbersPerLink : core::kNumbersPerClass;
  return {entry - (entry - first) % count, count};
}

bool same_operation(SlaEntry a, const SlaEntry& b) {
  a.runs = b.runs;
  a.reaction = b.reaction;
  return a == b;
}

core::Expected<Mqc> on_router(const Mqc& desired, const Mqc& observed, const TakenNumbers& taken) {
  Numbers numbers;
  std::set<std::uint32_t> used = taken.entries;
  used.insert(taken.tracks.begin(), taken.tracks.end());
  add_keys(used, observed.probes.entries);
  add_keys(used, observed.steering.tracks);
  for (const auto& [number, entry] : desired.probes.entries) {
    if (const auto same = doing_the_same(observed.probes, number, entry)) numbers[number] = *same;
  }
  for (const auto& [number, track] : desired.steering.tracks) {
    if (!desired.probes.entries.contains(number)) used.insert(number);
  }
  for (const auto& [number, entry] : desired.probes.entries) {
    if (numbers.contains(number)) continue;
    const auto free = first_free(number, used);
    const NumberRange range = range_of(number);
    if (!free)
      return core::fail(errors::kForeignPolicy, "ip sla " + std::to_string(range.first) + " to " +
                                                    std::to_string(range.first + range.count - 1) +
                                                    ": none is free");
    numbers[number] = *free;
    used.insert(*free);
  }
  return renumbered(desired, numbers);
}

Mqc as_the_site_numbers(const Mqc& observed, const RouterConfig& config) {
  const Numbers there = numbers_of(config, observed);
  Numbers back;
  for (const auto& [site, router] : there) {
    // Under the site's number stands something else of ours: that is not to get lost.
    if (!observed.probes.entries.contains(site)) back[router] = site;
  }
  return renumbered(observed, back);
}

RouterConfig as_the_router_numbers(const RouterConfig& config, const Mqc& observed) {
  const Numbers there = numbers_of(config, observed);
  RouterConfig made = config;
  for (LinkConfig& link : made.links) {
    if (link.probe) link.probe = after(there, *link.probe);
    for (ProbeEntry& probe : link.class_probes) probe.entry = after(there, probe.entry);
  }
  return made;
}

}  // namespace wanwise::iosxe
