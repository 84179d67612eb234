// The version that `wanwise --version` tells and journals carry; the project's, from
// CMakeLists.txt.
#pragma once

namespace wanwise::cli {

inline constexpr const char* kVersion = WANWISE_VERSION;

}  // namespace wanwise::cli
