// The SessionFactory of the composition root: each router gets the NETCONF stack that its access
// names. Any thread; what it makes belongs to its executor's.
#pragma once

#include <string>

#include "adapters/iosxe/session/session.hpp"

namespace wanwise::iosxe {

/// `yang_dir` is our yang/ folder, which libnetconf2 reads at each connection.
[[nodiscard]] SessionFactory sessions(std::string yang_dir);

}  // namespace wanwise::iosxe
