// The parts of an inverse edit that are no named lists: interfaces, IP SLA, tracked objects and the
// entries of the route map. Pure; any thread.
#pragma once

#include <string>

#include "adapters/iosxe/write/image.hpp"

namespace wanwise::iosxe {

struct PortInverse {
  std::string content;    ///< of <interface>, each port once
  bool detaches = false;  ///< something that other parts may take away leaves a port
};
[[nodiscard]] PortInverse inverse_ports(const Image& before, const Image& now);

/// Content of <ip>: nothing, or one <sla>.
[[nodiscard]] std::string inverse_sla(const Image& before, const Image& now);
/// Content of <track>.
[[nodiscard]] std::string inverse_tracks(const Image& before, const Image& now);
/// Content of <native>: nothing, or one <route-map>.
[[nodiscard]] std::string inverse_route_map(const Image& before, const Image& now);

}  // namespace wanwise::iosxe
