// The edit that makes a router hold again what it held before. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "adapters/iosxe/mqc/mqc.hpp"
#include "adapters/iosxe/write/image.hpp"

namespace wanwise::iosxe {

/// A configuration as its words and as what we understand of them.
struct Version {
  Image image;
  Mqc own;
};

/// Everything of ours that differs between the versions becomes as it was in `before`, by the words
/// of its image; the content of <config>, or nothing when nothing differs.
[[nodiscard]] std::optional<std::string> inverse_edit(const Version& before, const Version& now);

}  // namespace wanwise::iosxe
