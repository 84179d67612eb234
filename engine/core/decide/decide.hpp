// One decision: the best joint choice, and how much of it the stability rules let happen now. Pure
// but for the gates, which remember how long each wish has stood; one owner.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/counters.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/decide/stability.hpp"
#include "engine/core/model.hpp"
#include "engine/core/spot.hpp"

namespace wanwise::core {

/// A better option that a stability rule holds back.
struct HeldWish {
  Index option = kNone;
  GateVerdict verdict;
};

struct Decision {
  Assignment chosen;                          ///< what shall run now
  std::vector<Micros> predicted;              ///< under `chosen`
  std::vector<std::optional<HeldWish>> held;  ///< by workload
  bool proved = false;  ///< the joint choice is optimal, not just the best found
  Ppm gap;              ///< how far it can be above the optimum: see gap() in solver.hpp
};

/// `gates`: one per workload. `moving[w]`: its move is under way; it keeps its current option and
/// is not asked. `solver` keeps its memory from one decision to the next. `path_gates`: one per
/// workload, for changes of link at the same place, where links can be chosen; they keep the same
/// rules as moves, and know of a change once it was decided.
[[nodiscard]] Decision decide(const Situation& situation, Instant now,
                              const std::vector<bool>& moving, std::vector<MoveGate>& gates,
                              SolveLimits limits, Solver& solver, Counters& counters,
                              std::vector<MoveGate>* path_gates = nullptr);
/// The same with a solver of its own.
[[nodiscard]] Decision decide(const Situation& situation, Instant now,
                              const std::vector<bool>& moving, std::vector<MoveGate>& gates,
                              SolveLimits limits, Counters& counters,
                              std::vector<MoveGate>* path_gates = nullptr);

/// The place an option stands for.
[[nodiscard]] Spot spot_of(const Option& option);
[[nodiscard]] Place place_of(const Model& model, const Option& option);

}  // namespace wanwise::core
