// What a write is going to make of the router, checked before the router hears of it: against our
// projection of its models, and for what YANG cannot say. Pure; any thread.
#pragma once

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/release/dialect.hpp"
#include "adapters/iosxe/xml/schema.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe {

/// The desired configuration; invalid-qos and the other names of to_mqc() where the router could
/// not hold it. `schema` may be null. A RouterQos with nothing in it is the empty configuration:
/// everything of ours goes.
[[nodiscard]] core::Expected<Mqc> plan(const core::RouterQos& desired, const RouterConfig& config,
                                       const Schema* schema, const Dialect& dialect);

}  // namespace wanwise::iosxe
