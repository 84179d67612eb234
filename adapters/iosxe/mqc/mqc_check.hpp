// What IOS wants of a configuration and its YANG models cannot say: that everything that is named
// is there, and that an input policy does not queue. Pure; any thread.
#pragma once

#include "adapters/iosxe/mqc/mqc.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// invalid-qos with the command that IOS would refuse.
[[nodiscard]] core::Expected<void> check_references(const Mqc& mqc);

}  // namespace wanwise::iosxe
