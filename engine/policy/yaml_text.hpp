// What must hold of a text before any YAML parser sees it: size, UTF-8, no control characters, no
// tabs as indentation, no directives. Pure; any thread.
#pragma once

#include <string_view>

#include "engine/policy/report.hpp"

namespace wanwise::policy {

/// The text without a leading UTF-8 byte order mark.
std::string_view without_bom(std::string_view text);

/// False when the text must not be parsed; why is in the report.
[[nodiscard]] bool check_text(const std::string& file, std::string_view text, Report& report);

}  // namespace wanwise::policy
