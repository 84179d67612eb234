// The two filters of <get> and <get-config>: subtree (RFC 6241 section 6) and XPath (section 8.9).
// Pure; any thread.
#pragma once

#include <string>

#include "engine/core/expected.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/rpc_error.hpp"

namespace wanwise::router {

[[nodiscard]] Tree filter_subtree(const Tree& data, const lyd_node* filter);

/// `path` uses module names or no prefixes at all, as IOS XE takes both.
[[nodiscard]] core::Expected<Tree, RpcError> filter_xpath(const ly_ctx* ctx, const Tree& data,
                                                          const std::string& path);

}  // namespace wanwise::router
