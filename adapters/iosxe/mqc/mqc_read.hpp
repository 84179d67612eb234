// A get-config of IOS XE -> Mqc. Reads strictly: an object of ours that holds anything wanwise does
// not write is marked so, never silently simplified. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/provision/probe_numbers.hpp"
#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {

/// Subtree filter for everything read_mqc() looks at: the content of <filter>.
[[nodiscard]] std::string config_filter();

struct ConfigRead {
  Mqc own;
  /// Policies attached by somebody else, by interface and side.
  std::map<std::pair<std::string, Side>, std::string> foreign;
  std::map<std::string, std::string> foreign_route_maps;  ///< by interface
  TakenNumbers taken;
};

/// `data` is the <data> of the reply; without <native> it is an empty configuration. What bears no
/// name is told from others' by what the site says of the router.
[[nodiscard]] ConfigRead read_mqc(const XmlNode& data, const RouterConfig& config);

}  // namespace wanwise::iosxe
