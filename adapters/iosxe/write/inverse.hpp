// The edit that makes a router hold again what it held before. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "adapters/iosxe/write/image.hpp"

namespace wanwise::iosxe {

/// Everything of ours that differs between the images becomes as it was in `before`, by the words
/// of that image; the content of <config>, or nothing when nothing differs.
[[nodiscard]] std::optional<std::string> inverse_edit(const Image& before, const Image& now);

}  // namespace wanwise::iosxe
