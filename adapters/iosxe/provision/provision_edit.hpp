// The differences between two Mqc outside the policy maps, as parts of an edit-config's <native>:
// IP SLA, tracked objects, the route map, and the leaves of interfaces. Deterministic; only what is
// wanwise's is ever named. Pure; any thread.
#pragma once

#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/release/dialect.hpp"
#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {

/// Content of <ip>: nothing, or one <sla>. `desired` has the numbers that on_router() chose.
void edit_probes(XmlWriter& out, const Probes& observed, const Probes& desired);
/// Content of <track>.
void edit_tracks(XmlWriter& out, const Steering& observed, const Steering& desired,
                 const Dialect& dialect);
/// Content of <native>: nothing, or one <route-map>.
void edit_route_map(XmlWriter& out, const Steering& observed, const Steering& desired,
                    const Dialect& dialect);
/// Content of <interface>, each interface once. True when something is taken off one that other
/// parts of the edit may take away.
bool edit_interfaces(XmlWriter& out, const Mqc& observed, const Mqc& desired);

/// The same as CLI, for people.
[[nodiscard]] std::string probes_cli(const Probes& probes);
[[nodiscard]] std::string steering_cli(const Steering& steering);

}  // namespace wanwise::iosxe
