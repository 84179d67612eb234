#include "engine/core/observe/site_state.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "engine/core/model_index.hpp"
#include "engine/core/observe/freshness.hpp"

namespace wanwise::core {
namespace {

template <class State, class View>
bool bring_up(State& state, View& view, Instant now) {
  if (!state.refresh(now)) return false;
  view = state.view();
  return true;
}
bool bring_up(WorkloadState& state, WorkloadView& view, Instant now) {
  return state.refresh(view, now);
}

/// A sample from the future would stay fresh for ever: it was true at the latest when it arrived.
template <class Body>
Body clamped(Body body, Instant now) {
  if constexpr (requires { body.observed_at; }) {
    body.observed_at = std::min(body.observed_at, now);
  }
  return body;
}

}  // namespace

SiteState::SiteState(const Model& model) : m_model(model) {
  const Micros stale_after = model.policy.when_blind.after;
  // Exactly as many: a fleet holds twenty thousand of them.
  const std::size_t workloads = model.policy.workloads.size();
  m_links.reserve(model.site.links.size());
  m_workloads.reserve(workloads);
  m_views.workloads.reserve(workloads);
  for (const Link& link : model.site.links) {
    m_links.emplace_back(link, model.policy.when_blind, model.policy.stability.fall_back_after);
    m_views.links.push_back(m_links.back().view());
  }
  for (const Node& node : model.site.nodes) {
    m_targets.emplace_back(node.name, model.profiles.at(node.device), node.power_mode,
                           /*reports=*/true, stale_after);
  }
  for (const Cloud& cloud : model.site.clouds) {
    m_targets.emplace_back(cloud.name, model.profiles.at(cloud.device), cloud.power_mode,
                           /*reports=*/false, stale_after);
  }
  for (const TargetState& target : m_targets) m_views.targets.push_back(target.view());
  for (Index w = 0; w < count(model.policy.workloads); ++w) {
    m_workloads.emplace_back(model, w);
    m_views.workloads.push_back(m_workloads.back().first_view());
  }
  for (const Router& router : model.site.routers) {
    m_routers.emplace_back(router.name, model.policy.on_drift);
  }
  m_views.steering.resize(m_routers.size());
  m_steering_seen.resize(m_routers.size());
}

void SiteState::observe(const EventBody& body, Instant now) {
  m_now = now;
  std::visit([&](const auto& news) { on(clamped(news, now)); }, body);
}

template <class T>
T* SiteState::touch(std::vector<T>& states, Index index, std::vector<Index>& touched) {
  if (index == kNone) {
    ++m_strangers;
    return nullptr;
  }
  touched.push_back(index);
  return &at(states, index);
}

void SiteState::on(const LinkCounters& sample) {
  const Index index = index_of(m_model.site.links, sample.link);
  if (LinkState* link = touch(m_links, index, m_touched_links)) link->observe(sample);
}

void SiteState::on(const ClassCounters& sample) {
  const Index index = index_of(m_model.site.links, sample.link);
  if (LinkState* link = touch(m_links, index, m_touched_links)) link->observe(sample);
}

void SiteState::on(const RadioSample& sample) {
  const Index index = index_of(m_model.site.links, sample.link);
  if (LinkState* link = touch(m_links, index, m_touched_links)) link->observe(sample);
}

void SiteState::on(const ProbeSample& sample) {
  const Index index = index_of(m_model.site.links, sample.link);
  if (sample.service_class) {
    const bool known = index_of(m_model.policy.classes, *sample.service_class) != kNone;
    if (index == kNone || !known) {
      ++m_strangers;
    } else {
      at(m_links, index).note_class(sample);
    }
    return;
  }
  if (LinkState* link = touch(m_links, index, m_touched_links)) link->observe(sample);
}

void SiteState::on(const PathAlarm& alarm) {
  const Index index = index_of(m_model.site.links, alarm.link);
  if (LinkState* link = touch(m_links, index, m_touched_links)) link->observe(alarm);
}

void SiteState::on(const RouterHealth& health) {
  std::vector<Index> none;
  const Index index = index_of(m_model.site.routers, health.router);
  if (RouterState* router = touch(m_routers, index, none)) router->observe(health);
}

void SiteState::on(const RouterSession& session) {
  m_freed = true;
  std::vector<Index> none;
  const Index index = index_of(m_model.site.routers, session.router);
  if (RouterState* router = touch(routers(), index, none)) router->observe(session);
}

void SiteState::on(const RouterQosObserved& found) {
  m_freed = true;
  std::vector<Index> none;
  const Index index = index_of(m_model.site.routers, found.router);
  RouterState* router = touch(routers(), index, none);
  if (router == nullptr) return;
  router->observe(found);
  if (found.qos) follow_shapers(*found.qos);
}

void SiteState::on(const TargetSample& sample) {
  const Index index = target_index(m_model, sample.target);
  if (TargetState* target = touch(m_targets, index, m_touched_targets)) target->observe(sample);
}

void SiteState::on(const NodePort& port) {
  const Index index = target_index(m_model, port.target);
  if (TargetState* target = touch(m_targets, index, m_touched_targets)) target->observe(port);
}

void SiteState::on(const NodeObserved& node) {
  const Index index = target_index(m_model, node.target);
  if (TargetState* target = touch(m_targets, index, m_touched_targets)) target->observe(node);
}

void SiteState::on(const WorkloadSample& sample) {
  const Index index = index_of(m_model.policy.workloads, sample.workload);
  if (WorkloadState* workload = touch(m_workloads, index, m_touched_workloads)) {
    workload->observe(sample);
  }
}

void SiteState::on(const PlacementObserved& placement) {
  m_freed = true;
  const Index index = index_of(m_model.policy.workloads, placement.workload);
  if (WorkloadState* workload = touch(m_workloads, index, m_touched_workloads)) {
    workload->observe(placement);
  }
}

void SiteState::on(const PlacementLimits& limits) {
  const Index index = index_of(m_model.policy.workloads, limits.workload);
  if (WorkloadState* workload = touch(m_workloads, index, m_touched_workloads)) {
    workload->observe(limits);
  }
}

void SiteState::on(const ActionDone& done) {
  for (RouterState& router : routers()) {
    if (!router.finished(done, m_now)) continue;
    m_answered = true;
    if (done.outcome == Outcome::done && router.in_force() != nullptr) {
      follow_shapers(*router.in_force());
    }
    return;
  }
  for (Index w = 0; w < count(m_workloads); ++w) {
    if (!at(m_workloads, w).finished(done, m_now)) continue;
    workload_answered(w, done);
    return;
  }
  ++m_strangers;
}

void SiteState::on(const DrainRequested& request) {
  const Index index = target_index(m_model, request.target);
  if (TargetState* target = touch(m_targets, index, m_touched_targets)) {
    target->drain(request.drain);
  }
}

void SiteState::on(const LinkUsage& usage) {
  const Index index = index_of(m_model.site.links, usage.link);
  if (LinkState* link = touch(m_links, index, m_touched_links)) link->observe(usage);
}

void SiteState::follow_steering() {
  if (!std::exchange(m_routers_touched, false)) return;
  for (Index r = 0; r < count(m_routers); ++r) {
    const RouterState& router = at(m_routers, r);
    if (at(m_steering_seen, r) == router.revision()) continue;
    at(m_steering_seen, r) = router.revision();
    at(m_views.steering, r) = router.steering();
  }
}

void SiteState::workload_answered(Index workload, const ActionDone& done) {
  m_answered = true;
  m_touched_workloads.push_back(workload);
  if (done.outcome == Outcome::refused || done.outcome == Outcome::failed) {
    m_refused_moves.push_back(workload);
  }
}

void SiteState::follow_shapers(const RouterQos& qos) {
  for (const WanQos& wan : qos.wans) {
    const Index link = index_of(m_model.site.links, wan.link);
    if (link == kNone) continue;
    at(m_links, link).in_force(wan);
    m_touched_links.push_back(link);
  }
}

template <class T, class View>
bool SiteState::refresh_some(std::vector<T>& states, std::vector<View>& views,
                             std::vector<Index>& touched, bool all) {
  if (all) {
    touched.clear();
    for (Index i = 0; i < count(states); ++i) touched.push_back(i);
  }
  bool changed = false;
  for (const Index i : touched) {
    T& state = at(states, i);
    if (bring_up(state, at(views, i), m_now)) changed = true;
    m_expiry = earlier(m_expiry, state.next_expiry(m_now));
  }
  touched.clear();
  return changed;
}

// An expiry that news has put off stays in m_expiry until it falls due: one look at everything
// then, instead of one at each event.
bool SiteState::refresh(Instant now) {
  m_now = now;
  const bool all = m_expiry && now >= *m_expiry;
  if (all) m_expiry.reset();
  bool changed = std::exchange(m_answered, false);
  follow_steering();
  changed |= refresh_some(m_links, m_views.links, m_touched_links, all);
  changed |= refresh_some(m_targets, m_views.targets, m_touched_targets, all);
  changed |= refresh_some(m_workloads, m_views.workloads, m_touched_workloads, all);
  return changed;
}

void SiteState::move_submitted(Index workload, ActionId id, const Spot& to) {
  at(m_workloads, workload).submitted(id, to);
  m_touched_workloads.push_back(workload);
}

std::vector<Index> SiteState::take_refused_moves() {
  return std::exchange(m_refused_moves, {});
}

std::vector<bool> SiteState::moving() const {
  std::vector<bool> moving;
  for (const WorkloadState& workload : m_workloads) moving.push_back(workload.moving());
  return moving;
}

bool SiteState::may_move(Index workload, Instant now) const {
  return at(m_workloads, workload).may_move(now);
}

std::optional<Place> SiteState::place(Index workload) const {
  if (!at(m_views.workloads, workload).place) return std::nullopt;
  return at(m_workloads, workload).place();
}

bool SiteState::all_reported() const {
  const auto reported = [](const auto& state) { return state.reported(); };
  return std::all_of(m_routers.begin(), m_routers.end(), reported) &&
         std::all_of(m_targets.begin(), m_targets.end(), reported) &&
         std::all_of(m_links.begin(), m_links.end(), reported) &&
         std::all_of(m_workloads.begin(), m_workloads.end(), reported);
}

std::optional<Instant> SiteState::next_wakeup(Instant now) const {
  std::optional<Instant> wake = m_expiry;
  for (const RouterState& router : m_routers) wake = earlier(wake, router.next_retry(now));
  return wake;
}

Status SiteState::status(Instant now) const {
  Status status;
  for (const LinkState& link : m_links) {
    status.links.push_back(link.status(now));
    link.append_degradations(status.degradations);
  }
  for (const TargetState& target : m_targets) {
    status.targets.push_back(target.status());
    target.append_degradations(status.degradations);
  }
  for (const WorkloadState& workload : m_workloads) {
    status.workloads.push_back(workload.status());
    workload.append_degradations(status.degradations);
  }
  for (const RouterState& router : m_routers) {
    status.routers.push_back(router.status());
    router.append_degradations(status.degradations);
  }
  if (m_strangers > 0) {
    status.degradations.push_back(
        {"unknown-names", m_model.site.name.text,
         std::to_string(m_strangers) + " events named what the site lacks"});
  }
  return status;
}

}  // namespace wanwise::core
