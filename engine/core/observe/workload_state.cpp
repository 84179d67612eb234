#include "engine/core/observe/workload_state.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/observe/freshness.hpp"

namespace wanwise::core {
namespace {

/// After a move the first requests meet a cold accelerator (7 to 8 times the steady service time on
/// a TX2) and the queue that built up meanwhile; three seconds are past both at any load a station
/// can carry.
constexpr Micros kSettling = seconds(3);

}  // namespace

WorkloadState::WorkloadState(const Workload& workload, const Stability& stability)
    : m_workload(&workload),
      m_demand(workload.rate),
      m_watch(workload.objective, workload.rate, std::max(stability.fall_back_after, seconds(1))) {
  m_view.demand = m_demand.rate();
}

void WorkloadState::observe(const WorkloadSample& sample) {
  if (m_move || !m_placement || sample.target != m_placement->target) return;
  if (!cut()) m_demand.observe(sample);
  if (m_settled_at && sample.observed_at - sample.window < *m_settled_at) return;
  m_watch.observe(sample);
}

void WorkloadState::observe(const PlacementObserved& placement) {
  const bool elsewhere = !m_placement || m_placement->target != placement.target ||
                         m_placement->rung != placement.rung;
  m_placement = placement;
  if (elsewhere && !m_move) settle(placement.observed_at);
}

void WorkloadState::settle(Instant now) {
  m_settled_at = now + kSettling;
  m_watch.reset();
}

bool WorkloadState::cut() const {
  if (!m_placement || m_placement->rung == 0) return false;
  const auto rung = static_cast<std::size_t>(m_placement->rung);
  return rung >= m_workload->ladder.size() || m_workload->ladder[rung].rate <= m_demand.rate();
}

bool WorkloadState::refresh(Instant now) {
  WorkloadView fresh;
  if (cut()) m_demand.forget_stale(now);
  if (m_move) {
    fresh.place = m_move->to;
  } else if (m_placement && (m_placement->target || m_placement->rung > 0)) {
    fresh.place = Place{m_placement->target, m_placement->rung};
  }
  fresh.demand = m_demand.rate();
  fresh.violating = m_watch.violated();
  if (m_backoff.shy(now)) fresh.avoided = m_failed_target;
  const bool changed = fresh != m_view;
  m_view = fresh;
  return changed;
}

void WorkloadState::submitted(ActionId id, Place to) {
  m_move = Move{id, std::move(to)};
}

bool WorkloadState::finished(const ActionDone& done, Instant now) {
  if (!m_move || m_move->id != done.id) return false;
  const Place to = std::move(m_move->to);
  m_move.reset();
  switch (done.outcome) {
    case Outcome::done:
      if (m_placement) {
        m_placement->target = to.target;
        m_placement->rung = to.rung;
      }
      m_backoff.succeeded();
      m_failed_target.reset();
      m_last_failure.reset();
      settle(now);
      break;
    case Outcome::refused:
    case Outcome::failed:
    case Outcome::unknown:
      m_backoff.failed(now);
      m_failed_target = to.target;
      m_last_failure = done;
      break;
  }
  return true;
}

std::optional<Instant> WorkloadState::next_change(Instant now) const {
  const auto stale = cut() ? m_demand.stale_at() : std::nullopt;
  return earlier(m_backoff.next_change(now), stale);
}

WorkloadStatus WorkloadState::status() const {
  WorkloadStatus status;
  status.name = m_workload->name;
  if (m_placement) {
    status.target = m_placement->target;
    status.rung = m_placement->rung;
  }
  status.moving = m_move.has_value();
  status.demand = m_view.demand;
  status.observed = m_watch.latency();
  return status;
}

void WorkloadState::append_degradations(std::vector<Degradation>& out) const {
  const std::string& name = m_workload->name.text;
  if (!m_placement) {
    out.push_back({"placement-unknown", name, "the cluster has not said where it runs"});
  }
  if (m_last_failure) {
    out.push_back({"move-failed", name, m_last_failure->reason + ": " + m_last_failure->detail});
  }
  if (m_view.violating) {
    out.push_back({"objective-missed", name, "measured misses exceed what the objective allows"});
  }
}

}  // namespace wanwise::core
