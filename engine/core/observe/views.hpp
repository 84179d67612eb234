// What the engine has observed, as decisions see it: coarse, sticky, comparable. By position in the
// model's vectors (targets: nodes, then clouds). Value type.
#pragma once

#include <vector>

#include "engine/core/observe/link_state.hpp"
#include "engine/core/observe/target_state.hpp"
#include "engine/core/observe/workload_state.hpp"

namespace wanwise::core {

struct Views {
  std::vector<LinkView> links;
  std::vector<TargetView> targets;
  std::vector<WorkloadView> workloads;
  /// By router: the rules that stand there or are on their way to it. Empty: nobody looks.
  std::vector<std::vector<SteeringRule>> steering{};
};

}  // namespace wanwise::core
