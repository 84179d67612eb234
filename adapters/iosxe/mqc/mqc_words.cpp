#include "adapters/iosxe/mqc/mqc_words.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace wanwise::iosxe {
namespace {

class Words {
 public:
  void add(std::string line) {
    if (m_lines.size() < kMaxDifferences) m_lines.push_back(std::move(line));
    ++m_count;
  }
  std::vector<std::string> take() {
    if (m_count > m_lines.size())
      m_lines.push_back("and " + std::to_string(m_count - m_lines.size()) + " more");
    return std::move(m_lines);
  }

 private:
  std::vector<std::string> m_lines;
  std::size_t m_count = 0;
};

/// What stands in one list and not in the other, as "- a, + b", or "a -> b" when it is one of each.
std::string change_of(std::vector<std::string> from, std::vector<std::string> to) {
  std::sort(from.begin(), from.end());
  std::sort(to.begin(), to.end());
  std::vector<std::string> gone, come;
  std::set_difference(from.begin(), from.end(), to.begin(), to.end(), std::back_inserter(gone));
  std::set_difference(to.begin(), to.end(), from.begin(), from.end(), std::back_inserter(come));
  if (gone.size() == 1 && come.size() == 1) return gone.front() + " -> " + come.front();
  std::string text;
  const auto put = [&](const char* sign, const std::string& line) {
    text += (text.empty() ? "" : ", ") + std::string{sign} + line;
  };
  for (const std::string& line : gone) put("removed ", line);
  for (const std::string& line : come) put("added ", line);
  return text.empty() ? "in another order" : text;
}

std::vector<std::string> lines_of(const Acl& acl) {
  std::vector<std::string> lines;
  for (const auto& [sequence, rule] : acl.rules) lines.push_back(rule_text(rule));
  return lines;
}

std::vector<std::string> lines_of(const ClassMap& map) {
  std::vector<std::string> lines{map.match_any ? "match-any" : "match-all"};
  for (const core::Dscp dscp : map.dscps) lines.push_back("match dscp " + core::dscp_name(dscp));
  for (const std::string& acl : map.acls) lines.push_back("match access-group name " + acl);
  if (map.other) lines.emplace_back("a statement that is not wanwise's");
  return lines;
}

std::vector<std::string> lines_of(const PolicyClass& entry) {
  std::vector<std::string> lines;
  for (const PolicyAction& action : entry.actions) lines.push_back(action_text(action));
  return lines;
}

const PolicyClass* class_named(const PolicyMap& map, const std::string& name) {
  for (const PolicyClass& entry : map.classes) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

void compare(Words& words, const std::string& what, const Acl& from, const Acl& to) {
  words.add(what + ": " + change_of(lines_of(from), lines_of(to)));
}

void compare(Words& words, const std::string& what, const ClassMap& from, const ClassMap& to) {
  words.add(what + ": " + change_of(lines_of(from), lines_of(to)));
}

std::string quoted(const std::string& text) {
  return text.empty() ? std::string{"none"} : "'" + text + "'";
}

void compare(Words& words, const std::string& what, const PolicyMap& from, const PolicyMap& to) {
  bool said = false;
  const auto say = [&](const std::string& name, const std::string& how) {
    words.add(what + " class " + name + ": " + how);
    said = true;
  };
  if (from.description != to.description) {
    words.add(what + ": description " + quoted(from.description) + " -> " + quoted(to.description));
    said = true;
  }
  for (const PolicyClass& entry : from.classes) {
    const PolicyClass* other = class_named(to, entry.name);
    if (other == nullptr) {
      say(entry.name, "removed");
    } else if (*other != entry) {
      say(entry.name, change_of(lines_of(entry), lines_of(*other)));
    }
  }
  for (const PolicyClass& entry : to.classes) {
    if (class_named(from, entry.name) == nullptr)
      say(entry.name, "added " + change_of({}, lines_of(entry)));
  }
  if (!said) words.add(what + ": classes in another order");
}

template <class Object>
void compare_all(Words& words, const std::string& kind, const std::map<std::string, Object>& from,
                 const std::map<std::string, Object>& to) {
  for (const auto& [name, object] : from) {
    const auto at = to.find(name);
    if (at == to.end()) {
      words.add(kind + name + ": removed");
    } else if (!(at->second == object)) {
      compare(words, kind + name, object, at->second);
    }
  }
  for (const auto& [name, object] : to) {
    if (!from.contains(name)) words.add(kind + name + ": added");
  }
}

void compare_attachments(Words& words, const Mqc& from, const Mqc& to) {
  const auto line = [](const auto& place, const std::string& policy) {
    return "interface " + place.first + ": service-policy " +
           (place.second == Side::input ? "input " : "output ") + policy;
  };
  for (const auto& [place, policy] : from.attachments) {
    const auto at = to.attachments.find(place);
    if (at == to.attachments.end()) {
      words.add(line(place, policy) + " removed");
    } else if (at->second != policy) {
      words.add(line(place, policy) + " -> " + at->second);
    }
  }
  for (const auto& [place, policy] : to.attachments) {
    if (!from.attachments.contains(place)) words.add(line(place, policy) + " added");
  }
}

/// Objects whose inside is not spelled out: that they differ is said, by number or name.
template <class Map>
void compare_whole(Words& words, const std::string& kind, const Map& from, const Map& to) {
  const auto named = [&](const auto& key) {
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(key)>>) {
      return kind + std::to_string(key);
    } else {
      return kind + key;
    }
  };
  for (const auto& [key, object] : from) {
    const auto at = to.find(key);
    if (at == to.end()) {
      words.add(named(key) + ": removed");
    } else if (!(at->second == object)) {
      words.add(named(key) + ": changed");
    }
  }
  for (const auto& [key, object] : to) {
    if (!from.contains(key)) words.add(named(key) + ": added");
  }
}

void compare_provision(Words& words, const Mqc& from, const Mqc& to) {
  compare_whole(words, "load-interval of ", from.load_intervals, to.load_intervals);
  compare_whole(words, "ip sla ", from.probes.entries, to.probes.entries);
  compare_whole(words, "track ", from.steering.tracks, to.steering.tracks);
  compare_whole(words, "route-map " + std::string{kRouteMap} + " permit ", from.steering.route_map,
                to.steering.route_map);
  for (const std::string& interface : from.steering.interfaces) {
    if (!to.steering.interfaces.contains(interface))
      words.add("interface " + interface + ": ip policy removed");
  }
  for (const std::string& interface : to.steering.interfaces) {
    if (!from.steering.interfaces.contains(interface))
      words.add("interface " + interface + ": ip policy added");
  }
  if (from.probes.alerts && !to.probes.alerts) words.add("ip sla enable reaction-alerts: removed");
}

template <class Map>
bool same_keys(const Map& a, const Map& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

bool is_other(const PolicyMap& map) {
  return std::any_of(map.classes.begin(), map.classes.end(), [](const PolicyClass& entry) {
    return std::any_of(entry.actions.begin(), entry.actions.end(),
                       [](const auto& action) { return action.kind == ActionKind::other; });
  });
}

bool is_other(const Acl& acl) {
  return std::any_of(acl.rules.begin(), acl.rules.end(),
                     [](const auto& entry) { return entry.second.kind == AclRule::Kind::other; });
}

}  // namespace

std::vector<std::string> differences(const Mqc& from, const Mqc& to) {
  Words words;
  compare_attachments(words, from, to);
  compare_all(words, "policy-map ", from.policy_maps, to.policy_maps);
  compare_all(words, "class-map ", from.class_maps, to.class_maps);
  compare_all(words, "ip access-list extended ", from.acls, to.acls);
  compare_provision(words, from, to);
  return words.take();
}

std::string difference_words(const Mqc& from, const Mqc& to) {
  std::string text;
  for (const std::string& line : differences(from, to)) text += (text.empty() ? "" : "; ") + line;
  return text;
}

std::vector<std::string> not_ours_in(const Mqc& mqc) {
  Words words;
  const auto say = [&](const char* kind, const std::string& name) {
    words.add(kind + name + ": holds what wanwise never writes");
  };
  for (const auto& [name, map] : mqc.policy_maps)
    if (is_other(map)) say("policy-map ", name);
  for (const auto& [name, map] : mqc.class_maps)
    if (map.other) say("class-map ", name);
  for (const auto& [name, acl] : mqc.acls)
    if (is_other(acl)) say("ip access-list extended ", name);
  for (const auto& [number, entry] : mqc.probes.entries)
    if (entry.other) say("ip sla ", std::to_string(number));
  for (const auto& [number, track] : mqc.steering.tracks)
    if (track.other) say("track ", std::to_string(number));
  for (const auto& [number, entry] : mqc.steering.route_map)
    if (entry.other) say("route-map WANWISE-RM permit ", std::to_string(number));
  return words.take();
}

bool same_objects(const Mqc& a, const Mqc& b) {
  return same_keys(a.acls, b.acls) && same_keys(a.class_maps, b.class_maps) &&
         same_keys(a.policy_maps, b.policy_maps) && same_keys(a.attachments, b.attachments) &&
         same_keys(a.load_intervals, b.load_intervals) &&
         same_keys(a.probes.entries, b.probes.entries) && a.probes.alerts == b.probes.alerts &&
         same_keys(a.steering.tracks, b.steering.tracks) &&
         same_keys(a.steering.route_map, b.steering.route_map) &&
         a.steering.interfaces == b.steering.interfaces;
}

}  // namespace wanwise::iosxe
