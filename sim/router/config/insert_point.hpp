// Where an entry of an `ordered-by user` list goes: the attributes insert, key and value of
// RFC 7950 sections 7.7.9 and 7.8.6. Pure; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/router/netconf/netconf_c.hpp"
#include "sim/router/netconf/rpc_error.hpp"

namespace wanwise::router {

/// "[policy:name='A'][id=\"2\"]" -> {{"name","A"},{"id","2"}}; prefixes are dropped. Nothing when
/// the text is no key predicate.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_key_predicate(
    const std::string& text);

/// Moves `node`, already among its siblings, to where the attributes of `edit` ask it to be.
[[nodiscard]] core::Expected<void, RpcError> place_entry(lyd_node* node, const lyd_node* edit);

}  // namespace wanwise::router
