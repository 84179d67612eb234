// What would change a decision, with numbers: by how much a single input must move until the joint
// choice puts a workload elsewhere, and who takes over when its target or link is lost. Each input
// is moved alone in what was observed, the situation is built anew from it and solved as a decision
// would; the value is found by bisection, so that what is told is a value that was tried and does
// change the choice. Stability rules are left out: they delay a move, they do not choose it.
// Costs some tens of solves: for who asks, never for a decision. Pure; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/explain.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/views.hpp"

namespace wanwise::core {

/// Situations built and solved for one answer: what could be lost, some eight inputs, and 5 steps
/// to 2 % for those that matter. At 20 workloads, 4 targets and 2 links one takes some 450 µs.
inline constexpr std::uint32_t kMostWhatIfSolves = 32;

struct WhatIfs {
  std::vector<WhatIf> rows;  ///< first what changes it, then what does not
  std::uint32_t solves = 0;
  bool exhausted = false;  ///< kMostWhatIfSolves ended it: values may be coarse, inputs left out
};

/// What an engine knows when it is asked.
struct Observed {
  const Model& model;
  const Views& views;
  std::vector<bool> moving;
  std::function<void(Situation&)> finish;  ///< adds to a built situation what views do not hold
};

[[nodiscard]] WhatIfs what_if(const Observed& observed, const Decision& decision,
                              const Situation& decided_on, Index workload, SolveLimits limits);

/// The first row about a number, as a sentence; empty when there is none.
[[nodiscard]] std::string first_change(const std::vector<WhatIf>& rows);

}  // namespace wanwise::core
