// An element as XML text again, with attributes for its root. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "adapters/iosxe/xml/xml.hpp"

namespace wanwise::iosxe {

[[nodiscard]] std::string print_xml(const XmlNode& node, std::string_view attributes);

}  // namespace wanwise::iosxe
