// What a write would change on a router, told before it is done. Pure; any thread.
#pragma once

#include <string>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/release/dialect.hpp"
#include "engine/core/expected.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::iosxe {

struct Preview {
  std::string edit;      ///< the content of <config>; empty when nothing changes
  std::string commands;  ///< the same as IOS commands, for people
};

/// From `observed` to `desired`; the errors of plan() where the router could not hold it.
[[nodiscard]] core::Expected<Preview> preview(const ObservedConfig& observed,
                                              const core::RouterQos& desired,
                                              const RouterConfig& config, const Dialect& dialect);

}  // namespace wanwise::iosxe
