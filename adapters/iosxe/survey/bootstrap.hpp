// The IOS XE commands that prepare a router for wanwise, for an operator to read and paste. What
// only the operator knows stands in <angle brackets>. Pure; any thread.
#pragma once

#include <string>

#include "adapters/iosxe/config.hpp"

namespace wanwise::iosxe {

[[nodiscard]] std::string bootstrap(const RouterConfig& config);

}  // namespace wanwise::iosxe
