// The modules the emulated router implements, compiled into one libyang context. The context does
// not change after load() and may then be read by every thread.
#pragma once

#include <string>

#include "engine/core/expected.hpp"
#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

/// Which datastore a client may edit; a real box offers exactly one of the two.
enum class Datastore : std::uint8_t { candidate, running };

struct ModuleChoice {
  Datastore datastore = Datastore::candidate;
  bool confirmed_commit = true;  ///< only with candidate
  bool push = true;              ///< false: an old box that knows no subscriptions
};

/// `dir` is our yang/ folder (with iosxe/ and ietf/), or one folder that holds all modules.
[[nodiscard]] core::Expected<YangContext> load_modules(const std::string& dir,
                                                       const ModuleChoice& choice);

}  // namespace wanwise::router
