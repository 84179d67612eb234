// What is known of one workload: where it runs, what is asked of it, whether it keeps its
// objective. One owner.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/backoff.hpp"
#include "engine/core/observe/closures.hpp"
#include "engine/core/observe/demand_estimate.hpp"
#include "engine/core/observe/objective_watch.hpp"
#include "engine/core/observe/part_samples.hpp"
#include "engine/core/place.hpp"
#include "engine/core/spot.hpp"
#include "engine/core/status.hpp"

namespace wanwise::core {

/// The workload as decisions see it.
struct WorkloadView {
  std::optional<Spot> place;  ///< where it runs, or is on its way to; absent: nowhere yet
  Index avoided = kNone;      ///< a move there failed a moment ago
  MilliHz demand;
  bool lasting = false;    ///< violating for longer than any fade is waited out
  bool stubborn = false;   ///< violating for longer than a fade leaves behind
  bool violating = false;  ///< measured misses say its objective does not hold here
  /// What the cluster closes to it; absent: nothing. Another object when it changed.
  std::shared_ptr<const Closures> closures{};
  bool operator==(const WorkloadView&) const = default;
};

class WorkloadState {
 public:
  /// `model` must outlive this.
  WorkloadState(const Model& model, Index workload);

  void observe(const WorkloadSample& sample);
  void observe(const PlacementObserved& placement);
  void observe(const PlacementLimits& limits);

  /// Before anything was observed.
  [[nodiscard]] WorkloadView first_view() const;
  /// Brings the view, which is kept by the caller, up to `now`; true when it changed.
  bool refresh(WorkloadView& view, Instant now);
  [[nodiscard]] bool reported() const { return m_placed; }

  [[nodiscard]] bool moving() const { return m_move.has_value(); }
  /// Where it runs is known, no move is under way, and none failed a moment ago.
  [[nodiscard]] bool may_move(Instant now) const {
    return m_placed && !m_move && !m_backoff.waiting(now);
  }
  void submitted(ActionId id, const Spot& to);
  /// True when the action was this workload's.
  bool finished(const ActionDone& done, Instant now);
  /// Where it is on its way to, else where it runs, in the cluster's words; nowhere yet: suspended.
  [[nodiscard]] Place place() const;
  /// When the view changes though nothing is observed.
  [[nodiscard]] std::optional<Instant> next_expiry(Instant now) const;

  /// Fills in what is measured; the prediction is the decision's to add.
  [[nodiscard]] WorkloadStatus status() const;
  void append_degradations(std::vector<Degradation>& out) const;

 private:
  struct Move {
    ActionId id = 0;
    Spot to;
  };

  [[nodiscard]] const Workload& workload() const;
  [[nodiscard]] Place observed_place() const;
  [[nodiscard]] std::optional<WorkloadSample> whole_of(const WorkloadSample& sample);
  void settle(Instant now);
  [[nodiscard]] bool cut() const;  ///< its rung lets less through than the demand

  const Model* m_model;
  Index m_workload;
  bool m_placed = false;  ///< the cluster has said where it runs: m_spot
  Spot m_spot;
  /// What the cluster said, where it named targets that the model lacks: few, hence on the heap.
  std::unique_ptr<Place> m_elsewhere;
  PartSamples m_parts;
  DemandEstimate m_demand;
  std::optional<Instant> m_violating_since;
  ObjectiveWatch m_watch;
  std::shared_ptr<const Closures> m_closures;
  std::optional<Move> m_move;
  std::optional<Instant>
      m_settled_at;  ///< samples that began before then tell of the move, not of the place
  Index m_failed_target = kNone;
  std::unique_ptr<ActionDone> m_last_failure;  ///< likewise
  Backoff m_backoff;
};

}  // namespace wanwise::core
