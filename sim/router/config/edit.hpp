// edit-config of RFC 6241 section 7.2 on a data tree: the operations merge, replace, create,
// delete, remove and none, and the insert attributes of RFC 7950 section 7.8.6. Pure: the input
// trees stay as they are. Any thread.
#pragma once

#include <string>

#include "engine/core/expected.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/rpc_error.hpp"

namespace wanwise::router {

enum class EditOperation : std::uint8_t { merge, replace, create, erase, remove, none };

/// The value of default-operation or of an operation attribute ("delete" is EditOperation::erase).
[[nodiscard]] std::optional<EditOperation> parse_edit_operation(const std::string& text);

/// The edited tree, not yet validated. `edit` is the content of <config>, opaque nodes included.
[[nodiscard]] core::Expected<Tree, RpcError> apply_edit(const ly_ctx* ctx, const Tree& base,
                                                        const lyd_node* edit,
                                                        EditOperation default_operation);

/// Validates a whole configuration and adds its defaults.
[[nodiscard]] core::Expected<void, RpcError> validate_config(const ly_ctx* ctx, Tree& tree);

}  // namespace wanwise::router
