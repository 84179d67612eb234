// Mqc -> what changes a router: the <native> of an edit-config that turns the observed
// configuration into the desired one, and the same as CLI for people. Deterministic; only objects
// named WANWISE-* and their attachments are ever named. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/release/dialect.hpp"

namespace wanwise::iosxe {

/// The content of <config>; nothing when there is nothing to change. With an empty `observed` it is
/// the whole configuration. What is new is written as the router's release wants it.
[[nodiscard]] std::optional<std::string> edit_native(const Mqc& observed, const Mqc& desired,
                                                     const Dialect& dialect = {});

/// The configuration as its CLI.
[[nodiscard]] std::string render_cli(const Mqc& mqc);

}  // namespace wanwise::iosxe
