// Taking everything of wanwise's off a site's routers: what `remove` does and `plan --remove`
// shows. Values; any thread.
#pragma once

#include "engine/core/qos.hpp"

namespace wanwise::cli {

/// A router that wanwise has left.
[[nodiscard]] inline core::RouterQos nothing_on(const core::RouterName& router) {
  core::RouterQos nothing;
  nothing.router = router;
  return nothing;
}

}  // namespace wanwise::cli
