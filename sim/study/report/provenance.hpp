// Where a result comes from, beyond the study itself. Value type; any thread.
#pragma once

#include <string>

namespace wanwise::sim {

struct Provenance {
  std::string commit;   ///< of the source tree, as `git describe --always --dirty` told the build
  std::string command;  ///< that makes the results again
};

/// This program's commit and the usual command.
[[nodiscard]] Provenance this_build();

}  // namespace wanwise::sim
