// Everything the engine has observed of its site, by position in the model's vectors, and the views
// that decisions rest on. Knows which view an event can have changed, so that news without
// consequence stays cheap. One owner.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/observe/router_state.hpp"
#include "engine/core/observe/views.hpp"
#include "engine/core/status.hpp"

namespace wanwise::core {

class SiteState {
 public:
  /// `model` must outlive this.
  explicit SiteState(const Model& model);

  void observe(const EventBody& body, Instant now);
  /// Brings the views up to `now`; true when a decision may come out differently.
  bool refresh(Instant now);

  [[nodiscard]] const Views& views() const { return m_views; }
  /// Since the last call something came that an action may have waited for, be the decision the
  /// same.
  [[nodiscard]] bool take_freed() { return std::exchange(m_freed, false); }

  [[nodiscard]] std::vector<bool> moving() const;
  [[nodiscard]] bool may_move(Index workload, Instant now) const;
  /// Where the workload runs or is on its way to; nothing while nobody knows.
  [[nodiscard]] std::optional<Place> place(Index workload) const;
  [[nodiscard]] bool all_reported() const;
  [[nodiscard]] std::optional<Instant> next_wakeup(Instant now) const;

  [[nodiscard]] std::vector<RouterState>& routers() {
    m_routers_touched = true;
    return m_routers;
  }
  void move_submitted(Index workload, ActionId id, const Spot& to);
  /// Workloads whose move was refused, or failed and was undone, since the last call.
  [[nodiscard]] std::vector<Index> take_refused_moves();

  [[nodiscard]] Status status(Instant now) const;

 private:
  void on(const LinkCounters& sample);
  void on(const ClassCounters& sample);
  void on(const RadioSample& sample);
  void on(const ProbeSample& sample);
  void on(const PathAlarm& alarm);
  void on(const RouterHealth& health);
  void on(const RouterSession& session);
  void on(const RouterQosObserved& found);
  void on(const TargetSample& sample);
  void on(const WorkloadSample& sample);
  void on(const NodePort& port);
  void on(const NodeObserved& node);
  void on(const PlacementObserved& placement);
  void on(const PlacementLimits& limits);
  void on(const ActionDone& done);
  void on(const DrainRequested& request);
  void on(const Tick&) {}
  void on(const TollsSet&) {}
  void on(const LinkUsage& usage);

  /// The state at `index`, marked as touched; null, and counted, where the model lacks the name.
  template <class T>
  T* touch(std::vector<T>& states, Index index, std::vector<Index>& touched);
  template <class T, class View>
  bool refresh_some(std::vector<T>& states, std::vector<View>& views, std::vector<Index>& touched,
                    bool all);
  void follow_shapers(const RouterQos& qos);
  void follow_steering();
  void workload_answered(Index workload, const ActionDone& done);

  const Model& m_model;
  std::vector<LinkState> m_links;
  std::vector<TargetState> m_targets;
  std::vector<WorkloadState> m_workloads;
  std::vector<RouterState> m_routers;
  Views m_views;
  std::vector<std::uint64_t> m_steering_seen;  ///< by router: revision in m_views
  Instant m_now;
  bool m_routers_touched = true;
  bool m_freed = false;
  bool m_answered = false;  ///< an action ended: what was waiting for it may go on
  std::vector<Index> m_refused_moves;
  std::vector<Index> m_touched_links, m_touched_targets, m_touched_workloads;
  std::optional<Instant> m_expiry;  ///< no view changes by time alone before then
  std::uint64_t m_strangers = 0;    ///< events about names the model lacks
};

}  // namespace wanwise::core
