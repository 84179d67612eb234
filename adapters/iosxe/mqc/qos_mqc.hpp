// core::RouterQos <-> Mqc: how wanwise's intent becomes access lists, class maps and policy maps,
// and how those are understood again. to_mqc() and from_mqc() are inverse on what to_mqc() accepts.
// Pure; any thread.
#pragma once

#include <optional>

#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/mqc/names.hpp"
#include "adapters/iosxe/provision/qos_provision.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe {

/// A class is matched by at most this many flows: an access list of a branch router stays far below
/// it, and it bounds every request that is built from one.
inline constexpr std::size_t kMaxFlowsPerClass = 1000;

/// invalid-qos, name-collision, unsupported-interface or steering-not-supported when the router
/// could not hold it. Steering needs to know how its links are reached.
[[nodiscard]] core::Expected<Mqc> to_mqc(const core::RouterQos& qos, const LinkPaths& paths = {});

/// What of the router's configuration is wanwise's, whole parts only: a link, a probe, the marking
/// or the steering that somebody changed by hand in a way RouterQos has no word for is left out, so
/// that it never looks like the desired one. Nothing when the router holds nothing of ours.
[[nodiscard]] std::optional<core::RouterQos> from_mqc(const Mqc& observed, const NameTable& names,
                                                      const RouterConfig& config);

}  // namespace wanwise::iosxe
