// The configuration a router boots with. Reads and writes files; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/plant/plant.hpp"

namespace wanwise::router {

/// An entry for each interface, nothing else.
[[nodiscard]] core::Expected<Tree> default_config(const ly_ctx* ctx,
                                                  const std::vector<InterfaceState>& interfaces);
/// `file` holds XML as <get-config> returns it below <data>.
[[nodiscard]] core::Expected<Tree> load_config(const ly_ctx* ctx, const std::string& file);
/// Replaces the file atomically.
[[nodiscard]] core::Expected<void> save_config(const Tree& running, const std::string& file);

/// Writes `text` to `file` by way of a new file beside it.
[[nodiscard]] core::Expected<void> write_atomically(const std::string& file,
                                                    const std::string& text);

}  // namespace wanwise::router
