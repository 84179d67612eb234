// Probes, steering and load intervals of core::RouterQos <-> their values in Mqc. Adding and
// reading are inverse on what the checks accept. Pure; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/mqc/names.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe {

/// How flows are sent over a link: to this address while the object that follows the operation says
/// so.
struct LinkPath {
  core::LinkName link;
  std::uint32_t next_hop = 0;   ///< IPv4, host byte order
  std::uint32_t operation = 0;  ///< IP SLA entry that measures the link
  std::uint32_t track = 0;
};
using LinkPaths = std::vector<LinkPath>;

/// Of the links that have a next hop and a probe. A probe of wanwise's brings its track with it;
/// one that the site names gets the first number of its link's range.
[[nodiscard]] LinkPaths paths_of(const RouterConfig& config);

/// invalid-qos, name-collision or steering-not-supported when the router could not hold it.
[[nodiscard]] core::Expected<void> check_probes(const core::RouterQos& qos, NameTable& names);
[[nodiscard]] core::Expected<void> check_steering(const core::RouterQos& qos,
                                                  const LinkPaths& paths);

void add_probes(Mqc& mqc, const std::vector<core::ProbeRule>& rules);
void add_steering(Mqc& mqc, const core::RouterQos& qos, const LinkPaths& paths);

/// What of the router's configuration is such a probe, exactly.
[[nodiscard]] std::vector<core::ProbeRule> read_probes(const Mqc& mqc, const NameTable& names);
/// All of the steering, or nothing where any of it is not as wanwise writes it.
[[nodiscard]] std::vector<core::SteeringRule> read_steering(const Mqc& mqc, const LinkPaths& paths,
                                                            const std::string& lan_interface);

}  // namespace wanwise::iosxe
