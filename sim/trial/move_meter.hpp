// What the controller did: moves that became ready, those that failed, moves decided on stale link
// telemetry, and how long workloads stayed away after the cause was over. One owner; not
// thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "engine/core/action.hpp"
#include "engine/core/model.hpp"
#include "sim/trial/request_meter.hpp"
#include "sim/trial/site_loop.hpp"

namespace wanwise::sim {

class MoveMeter final : public LoopListener {
 public:
  /// `stale_after`: link telemetry older than this makes a move a stale one.
  MoveMeter(const core::Model& model, RequestMeter& requests, core::Micros warm_up,
            core::Micros stale_after);

  void on_event(const core::Event& event) override;
  void on_action(core::Instant at, const core::Action& action) override;
  /// A disturbance ended: demand, air, target or heat is as declared again.
  void relief(core::Instant at);

  [[nodiscard]] std::int64_t moves() const { return m_moves; }
  [[nodiscard]] std::int64_t failed() const { return m_failed; }
  [[nodiscard]] std::int64_t stale() const { return m_stale; }
  [[nodiscard]] const std::vector<core::Micros>& returns() const { return m_returns; }
  [[nodiscard]] std::int32_t running_on(const core::TargetName& target) const;
  /// "video -> cloud", since the last call.
  [[nodiscard]] std::vector<std::string> take_news();

 private:
  struct WorkloadState {
    std::optional<core::Place> at;  ///< where it is, or last was, ready; with a target
    std::optional<core::TargetName> preferred;
    std::optional<core::Instant> away_since_relief;
    bool suspended = true;  ///< or not placed yet
  };
  void placed(core::Instant at, const core::PlacementObserved& seen);

  const core::Model& m_model;
  RequestMeter& m_requests;
  const core::Instant m_counts_from;
  const core::Micros m_stale_after;
  std::vector<WorkloadState> m_workloads;
  std::vector<core::ActionId> m_under_way;  ///< placements; at most one for each workload
  std::optional<core::Instant> m_newest_link_sample;
  std::int64_t m_moves = 0, m_failed = 0, m_stale = 0;
  std::vector<core::Micros> m_returns;
  std::vector<std::string> m_news;
};

}  // namespace wanwise::sim
