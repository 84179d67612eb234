// What `wanwise plan` prints for people: which placements and which lines of which router's QoS
// would change. Pure functions to text.
#pragma once

#include <string>
#include <vector>

#include "adapters/cli/table.hpp"
#include "engine/core/action.hpp"
#include "engine/core/event.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::cli {

struct PlanView {
  std::vector<core::Action> actions;                ///< what the engine would do
  std::vector<core::PlacementObserved> placements;  ///< where everything runs now
  std::vector<core::RouterQos> routers;  ///< ours on each router now; missing: nothing of ours
};

[[nodiscard]] std::string render_plan(const PlanView& view, Style style = {});

/// A router's QoS in lines that compare: equal settings, equal lines; the shaper exact to the bit.
[[nodiscard]] std::vector<std::string> qos_lines(const core::RouterQos& qos);

enum class LineChange { same, removed, added };
struct DiffLine {
  LineChange change = LineChange::same;
  std::string text;
  bool operator==(const DiffLine&) const = default;
};

/// Lines compared at most per side; the comparison's table is their product (1000 x 1000 x 2
/// bytes). A router with 20 workloads has about 60 lines; beyond the limit all are told removed and
/// added.
inline constexpr std::size_t kMaxDiffLines = 1000;

/// Shortest edit of `before` to `after`; removals stand before additions.
[[nodiscard]] std::vector<DiffLine> diff_lines(const std::vector<std::string>& before,
                                               const std::vector<std::string>& after);

}  // namespace wanwise::cli
