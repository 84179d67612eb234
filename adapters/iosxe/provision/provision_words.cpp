#include "adapters/iosxe/provision/provision_words.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/iosxe/provision/provision_edit.hpp"

namespace wanwise::iosxe {
namespace {

using Lines = std::vector<std::string>;

Lines split(const std::string& text) {
  Lines lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const std::size_t first = text.find_first_not_of(' ', begin);
    lines.push_back(text.substr(first, end - first));
    begin = end + 1;
  }
  return lines;
}

/// An object as its CLI lines; the first names it.
Lines lines_of(std::uint32_t number, const SlaEntry& entry) {
  Probes one;
  one.entries[number] = entry;
  Lines lines = split(probes_cli(one));
  if (entry.other) lines.emplace_back("a statement that is not wanwise's");
  return lines;
}

Lines lines_of(std::uint32_t number, const Track& track) {
  Steering one;
  one.tracks[number] = track;
  Lines lines = split(steering_cli(one));
  if (track.other) lines.emplace_back("a statement that is not wanwise's");
  return lines;
}

Lines lines_of(std::uint32_t sequence, const RouteEntry& entry) {
  Steering one;
  one.route_map[sequence] = entry;
  Lines lines = split(steering_cli(one));
  if (entry.other) lines.emplace_back("a statement that is not wanwise's");
  return lines;
}

Lines without(Lines lines, Lines others) {
  std::sort(lines.begin(), lines.end());
  std::sort(others.begin(), others.end());
  Lines rest;
  std::set_difference(lines.begin(), lines.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

std::string change_of(const Lines& from, const Lines& to) {
  const Lines gone = without(from, to);
  const Lines come = without(to, from);
  if (gone.size() == 1 && come.size() == 1) return gone.front() + " -> " + come.front();
  std::string text;
  for (const std::string& line : gone) text += (text.empty() ? "removed " : ", removed ") + line;
  for (const std::string& line : come) text += (text.empty() ? "added " : ", added ") + line;
  return text;
}

template <class Object>
void compare(Lines& words, const std::string& kind, const std::map<std::uint32_t, Object>& from,
             const std::map<std::uint32_t, Object>& to) {
  for (const auto& [number, object] : from) {
    const std::string name = kind + std::to_string(number);
    const auto at = to.find(number);
    if (at == to.end()) {
      words.push_back(name + ": removed");
    } else if (!(at->second == object)) {
      words.push_back(name + ": " +
                      change_of(lines_of(number, object), lines_of(number, at->second)));
    }
  }
  for (const auto& [number, object] : to) {
    if (!from.contains(number)) words.push_back(kind + std::to_string(number) + ": added");
  }
}

void compare_intervals(Lines& words, const Mqc& from, const Mqc& to) {
  for (const auto& [interface, seconds] : from.load_intervals) {
    const auto at = to.load_intervals.find(interface);
    const std::string line =
        "interface " + interface + ": load-interval " + std::to_string(seconds);
    if (at == to.load_intervals.end()) {
      words.push_back(line + " removed");
    } else if (at->second != seconds) {
      words.push_back(line + " -> load-interval " + std::to_string(at->second));
    }
  }
  for (const auto& [interface, seconds] : to.load_intervals) {
    if (!from.load_intervals.contains(interface))
      words.push_back("interface " + interface + ": load-interval " + std::to_string(seconds) +
                      " added");
  }
}

void compare_places(Lines& words, const std::set<std::string>& from,
                    const std::set<std::string>& to, const char* how) {
  for (const std::string& interface : from) {
    if (!to.contains(interface))
      words.push_back("interface " + interface + ": ip policy route-map " + std::string{kRouteMap} +
                      how);
  }
}

template <class Map>
bool same_keys(const Map& a, const Map& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

template <class Map>
void add_others(Lines& words, const std::string& kind, const Map& objects) {
  for (const auto& [number, object] : objects) {
    if (object.other) words.push_back(kind + std::to_string(number));
  }
}

const std::string kMapEntry = "route-map " + std::string{kRouteMap} + " ";

}  // namespace

std::vector<std::string> provision_differences(const Mqc& from, const Mqc& to) {
  Lines words;
  compare_places(words, from.steering.interfaces, to.steering.interfaces, " removed");
  compare_places(words, to.steering.interfaces, from.steering.interfaces, " added");
  compare_intervals(words, from, to);
  compare(words, kMapEntry, from.steering.route_map, to.steering.route_map);
  compare(words, "track ", from.steering.tracks, to.steering.tracks);
  compare(words, "ip sla ", from.probes.entries, to.probes.entries);
  if (from.probes.alerts && !to.probes.alerts && !to.probes.entries.empty())
    words.emplace_back("ip sla enable reaction-alerts removed");
  if (!from.probes.alerts && to.probes.alerts && !from.probes.entries.empty())
    words.emplace_back("ip sla enable reaction-alerts added");
  return words;
}

std::vector<std::string> not_ours_in_provision(const Mqc& mqc) {
  Lines words;
  add_others(words, kMapEntry, mqc.steering.route_map);
  add_others(words, "track ", mqc.steering.tracks);
  add_others(words, "ip sla ", mqc.probes.entries);
  return words;
}

bool same_provision_objects(const Mqc& a, const Mqc& b) {
  return same_keys(a.load_intervals, b.load_intervals) &&
         same_keys(a.probes.entries, b.probes.entries) &&
         same_keys(a.steering.tracks, b.steering.tracks) &&
         same_keys(a.steering.route_map, b.steering.route_map) &&
         a.steering.interfaces == b.steering.interfaces;
}

}  // namespace wanwise::iosxe
