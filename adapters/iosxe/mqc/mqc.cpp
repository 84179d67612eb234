#include "adapters/iosxe/mqc/mqc.hpp"

#include <algorithm>

namespace wanwise::iosxe {
namespace {

std::vector<AclRule> sorted_rules(const Acl& acl) {
  std::vector<AclRule> rules;
  rules.reserve(acl.rules.size());
  for (const auto& [sequence, rule] : acl.rules) rules.push_back(rule);
  std::sort(rules.begin(), rules.end());
  return rules;
}

template <class Map>
bool map_contains(const Map& whole, const Map& part) {
  return std::all_of(part.begin(), part.end(), [&](const auto& entry) {
    const auto at = whole.find(entry.first);
    return at != whole.end() && at->second == entry.second;
  });
}

}  // namespace

bool operator==(const Acl& a, const Acl& b) {
  return sorted_rules(a) == sorted_rules(b);
}

bool contains(const Mqc& whole, const Mqc& part) {
  return map_contains(whole.acls, part.acls) && map_contains(whole.class_maps, part.class_maps) &&
         map_contains(whole.policy_maps, part.policy_maps) &&
         map_contains(whole.attachments, part.attachments);
}

const std::vector<std::string>& interface_kinds() {
  static const std::vector<std::string> kinds{
      "Cellular",           "Dialer", "FastEthernet", "GigabitEthernet",
      "TenGigabitEthernet", "Tunnel", "Vlan"};
  return kinds;
}

std::optional<InterfaceName> split_interface(const std::string& name) {
  const std::size_t digit = name.find_first_of("0123456789");
  if (digit == std::string::npos) return std::nullopt;
  InterfaceName split{name.substr(0, digit), name.substr(digit)};
  const auto& kinds = interface_kinds();
  if (std::find(kinds.begin(), kinds.end(), split.kind) == kinds.end()) return std::nullopt;
  if (split.number.find_first_not_of("0123456789/.") != std::string::npos) return std::nullopt;
  return split;
}

}  // namespace wanwise::iosxe
