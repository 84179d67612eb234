// What an on-change update says: the difference of two states as a YANG patch (RFC 8072), leaf by
// leaf. Counters are no change: a device that pushed them on change would never stop. Pure; any
// thread.
#pragma once

#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

/// Empty when nothing changed.
[[nodiscard]] Tree yang_patch(const ly_ctx* ctx, const Tree& before, const Tree& after);

}  // namespace wanwise::router
