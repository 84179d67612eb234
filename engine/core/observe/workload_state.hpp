// What is known of one workload: where it runs, what is asked of it, whether it keeps its
// objective. One owner.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/backoff.hpp"
#include "engine/core/observe/demand_estimate.hpp"
#include "engine/core/observe/objective_watch.hpp"
#include "engine/core/observe/part_samples.hpp"
#include "engine/core/place.hpp"
#include "engine/core/status.hpp"

namespace wanwise::core {

/// The workload as decisions see it.
struct WorkloadView {
  std::optional<Place> place;  ///< where it runs, or is on its way to; absent: nowhere yet
  MilliHz demand;
  bool lasting = false;               ///< violating for longer than any fade is waited out
  bool stubborn = false;              ///< violating for longer than a fade leaves behind
  bool violating = false;             ///< measured misses say its objective does not hold here
  std::optional<TargetName> avoided;  ///< a move there failed a moment ago
  bool operator==(const WorkloadView&) const = default;
};

class WorkloadState {
 public:
  WorkloadState(const Workload& workload, const Stability& stability);

  void observe(const WorkloadSample& sample);
  void observe(const PlacementObserved& placement);

  bool refresh(Instant now);
  [[nodiscard]] const WorkloadView& view() const { return m_view; }
  [[nodiscard]] bool reported() const { return m_placement.has_value(); }

  [[nodiscard]] bool moving() const { return m_move.has_value(); }
  /// Where it runs is known, no move is under way, and none failed a moment ago.
  [[nodiscard]] bool may_move(Instant now) const {
    return m_placement && !m_move && !m_backoff.waiting(now);
  }
  void submitted(ActionId id, Place to);
  /// True when the action was this workload's.
  bool finished(const ActionDone& done, Instant now);
  /// When the view changes though nothing is observed.
  [[nodiscard]] std::optional<Instant> next_expiry(Instant now) const;

  /// Fills in what is measured; the prediction is the decision's to add.
  [[nodiscard]] WorkloadStatus status() const;
  void append_degradations(std::vector<Degradation>& out) const;

 private:
  struct Move {
    ActionId id = 0;
    Place to;
  };

  void settle(Instant now);
  [[nodiscard]] bool cut() const;  ///< its rung lets less through than the demand

  const Workload* m_workload;
  PartSamples m_parts;
  DemandEstimate m_demand;
  std::optional<Instant> m_violating_since;
  ObjectiveWatch m_watch;
  WorkloadView m_view;
  std::optional<PlacementObserved> m_placement;
  std::optional<Move> m_move;
  std::optional<Instant>
      m_settled_at;  ///< samples that began before then tell of the move, not of the place
  std::optional<TargetName> m_failed_target;
  std::optional<ActionDone> m_last_failure;
  Backoff m_backoff;
};

}  // namespace wanwise::core
