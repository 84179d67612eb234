// netconf-config-change (RFC 6470 section 2.1): who changed which nodes of running. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

/// More edits than this are told as one of the whole configuration's root.
inline constexpr std::size_t kMaxToldEdits = 64;

struct Changer {
  std::uint32_t session = 0;  ///< 0: the router itself, which is to say its CLI
  std::string user;
  std::string host;
};

/// Empty when nothing differs, or the module is not loaded.
[[nodiscard]] Tree config_change(const ly_ctx* ctx, const Tree& before, const Tree& after,
                                 const Changer& by);

}  // namespace wanwise::router
