// A get-config of IOS XE -> probes, tracked objects and the route map. Reads strictly: what holds
// anything wanwise does not write is marked so, never silently simplified. Pure; any thread.
#pragma once

#include <map>
#include <set>
#include <string>

#include "adapters/iosxe/provision/probe_numbers.hpp"
#include "adapters/iosxe/provision/provision.hpp"
#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {

/// Subtrees of the filter: inside <ip>, inside <native>.
[[nodiscard]] std::string sla_filter();
[[nodiscard]] std::string steering_filter();

struct ProvisionRead {
  Probes probes;
  Steering steering;
  std::map<std::string, std::uint32_t> load_intervals;  ///< of every interface that states one
  // Of others, where wanwise would put its own.
  TakenNumbers taken;
  std::map<std::string, std::string> foreign_route_maps;  ///< by interface
};

/// `native` is the root of the configuration. Tracked objects may follow an operation of wanwise's
/// or one of `operations`, which the site names for its links.
[[nodiscard]] ProvisionRead read_provision(const XmlNode& native,
                                           const std::set<std::uint32_t>& operations);

}  // namespace wanwise::iosxe
