// Makes wishes true: one PlaceWorkload at a time for each workload, its answer awaited, failures
// retried with a back-off. One owner; the model must outlive it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"
#include "sim/baselines/site_view.hpp"

namespace wanwise::sim {

/// Where a policy wants a workload.
struct Wish {
  core::Index target = core::kNone;  ///< kNone: suspended
  std::int32_t rung = 0;
  std::string why;
};

/// kube-scheduler's own: podInitialBackoffSeconds 1, podMaxBackoffSeconds 10
/// (KubeSchedulerConfiguration v1, defaults.go), doubled in between.
class RetryClock {
 public:
  static constexpr core::Micros kFirst = core::seconds(1);
  static constexpr core::Micros kLongest = core::seconds(10);

  void failed(core::Instant now);
  void succeeded() { *this = RetryClock{}; }
  [[nodiscard]] bool waiting(core::Instant now) const { return m_until && now < *m_until; }
  [[nodiscard]] std::optional<core::Instant> until() const { return m_until; }

 private:
  core::Micros m_next = kFirst;
  std::optional<core::Instant> m_until;
};

class PlacementActuator {
 public:
  explicit PlacementActuator(const core::Model& model);

  /// True when the answer was to one of ours.
  bool observe(const core::ActionDone& done, SiteView& view, core::Instant now);
  /// Appends an action for each wish (by workload; nothing: no wish) that is not true, unless one
  /// is on its way, its placement was never told, or the last try failed a moment ago. A wish that
  /// breaks a hard rule is a programmer's error.
  void act(const SiteView& view, const std::vector<std::optional<Wish>>& wishes, core::Instant now,
           core::ActionId& next_id, std::vector<core::Action>& out);

  [[nodiscard]] bool moving(core::Index workload) const;
  /// When a failed wish is tried again at the earliest.
  [[nodiscard]] std::optional<core::Instant> next_retry(core::Instant now) const;

 private:
  struct UnderWay {
    core::ActionId id = 0;
    core::Index target = core::kNone;
    std::int32_t rung = 0;
  };
  struct State {
    std::optional<UnderWay> move;
    RetryClock retry;
  };

  const core::Model& m_model;
  std::vector<State> m_states;  ///< by workload
};

}  // namespace wanwise::sim
