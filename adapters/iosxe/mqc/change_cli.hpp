// The way from one configuration to another as the commands an engineer would type: what goes, in
// the order IOS lets it go, then what comes or changes, object by object. For people; what is sent
// is the edit-config of mqc_edit.hpp. Pure; any thread.
#pragma once

#include <string>

#include "adapters/iosxe/mqc/mqc.hpp"

namespace wanwise::iosxe {

/// Empty when there is nothing to change.
[[nodiscard]] std::string render_change_cli(const Mqc& observed, const Mqc& desired);

}  // namespace wanwise::iosxe
