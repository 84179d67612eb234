// ietf-yang-library -> which modules a router implements, in which revision. From 17.12 on the
// hello does not list the Cisco modules any more (YANG 1.1, RFC 7950 5.6.4), so this is the only
// place that tells. Asked for by name: the whole list is 263 KB. Pure; any thread.
#pragma once

#include <string>

#include "adapters/iosxe/release/features.hpp"
#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {

/// Which of the two trees: modules-state (RFC 7895, every release so far has it) or the one of
/// RFC 8525.
enum class LibraryTree : std::uint8_t { modules_state, yang_library };

/// <get> of the revisions of telling_modules().
[[nodiscard]] std::string get_library(LibraryTree tree);

/// The implemented modules in the data of a reply, of either tree; of a complete list as well.
/// Modules that are only imported have no data and are left out. A module without a revision has
/// the empty one. Names that tell nothing are skipped, so the result is bounded.
[[nodiscard]] ModuleRevisions read_library(const XmlNode& data);

}  // namespace wanwise::iosxe
