#include "engine/core/observe/workload_state.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/observe/freshness.hpp"
#include "engine/core/observe/window_start.hpp"
#include "engine/core/uplink/sustained_rate.hpp"

namespace wanwise::core {
namespace {

/// After a move the first requests meet a cold accelerator (7 to 8 times the steady service time on
/// a TX2) and the queue that built up meanwhile; three seconds are past both at any load a station
/// can carry.
constexpr Micros kSettling = seconds(3);

Place place_of(const PlacementObserved& seen) {
  return {seen.target, seen.rung, seen.split};
}

/// A split is the same whichever of its targets the cluster names first: here the one that the
/// policy prefers. One that has no second target, or the same twice, is none.
PlacementObserved in_order(PlacementObserved seen, const std::vector<TargetName>& preferred) {
  if (!seen.split) return seen;
  if (!seen.target || seen.split->share <= Ppm{0} || seen.split->target == seen.target) {
    seen.split.reset();
  } else if (seen.split->share >= kWhole) {
    seen.target = std::exchange(seen.split, std::nullopt)->target;
  } else {
    const auto first = std::find(preferred.begin(), preferred.end(), *seen.target);
    const auto second = std::find(preferred.begin(), preferred.end(), seen.split->target);
    if (first <= second) return seen;
    std::swap(*seen.target, seen.split->target);
    seen.split->share = kWhole - seen.split->share;
  }
  return seen;
}

/// The target of `to` that was not in use before; failing that, the first.
std::optional<TargetName> new_target(const Place& to, const std::optional<PlacementObserved>& was) {
  const auto used = [&](const std::optional<TargetName>& target) {
    return was && target && (was->target == target || (was->split && was->split->target == target));
  };
  if (to.split && used(to.target)) return to.split->target;
  return to.target;
}

/// Fades that follow each other are not short ones: who has violated its objective for as long as
/// one fade is waited out is believed.
constexpr Micros kLasting = kLongestFade;
/// What one fade left behind is over by then: the patient test of a p99 wants 115 requests in time
/// before it says so, two minutes of one a second.
constexpr Micros kStubborn = seconds(120);

}  // namespace

WorkloadState::WorkloadState(const Workload& workload, const Stability& stability)
    : m_workload(&workload),
      m_demand(workload.rate),
      m_watch(workload.objective, workload.rate, std::max(stability.fall_back_after, seconds(1))) {
  m_view.demand = m_demand.rate();
}

void WorkloadState::observe(const WorkloadSample& sample) {
  if (m_move || !m_placement) return;
  const auto whole = m_parts.take(sample, place_of(*m_placement));
  if (!whole) return;
  if (!cut()) m_demand.observe(*whole);
  if (m_settled_at && window_start(*whole) < *m_settled_at) return;
  m_watch.observe(*whole);
}

void WorkloadState::observe(const PlacementObserved& seen) {
  PlacementObserved placement = in_order(seen, m_workload->targets);
  const bool elsewhere = !m_placement || place_of(*m_placement) != place_of(placement);
  m_placement = std::move(placement);
  if (elsewhere && !m_move) settle(placement.observed_at);
}

void WorkloadState::settle(Instant now) {
  m_settled_at = now + kSettling;
  m_parts.reset();
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
    fresh.place = place_of(*m_placement);
  }
  fresh.demand = m_demand.rate();
  fresh.violating = m_watch.violated();
  if (!fresh.violating) {
    m_violating_since.reset();
  } else if (!m_violating_since) {
    m_violating_since = now;
  }
  fresh.lasting = m_violating_since && now - *m_violating_since >= kLasting;
  fresh.stubborn = m_violating_since && now - *m_violating_since >= kStubborn;
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
        m_placement->split = to.split;
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
      m_failed_target = new_target(to, m_placement);
      m_last_failure = done;
      break;
  }
  return true;
}

std::optional<Instant> WorkloadState::next_expiry(Instant now) const {
  const auto stale = cut() ? m_demand.stale_at() : std::nullopt;
  const bool young = m_violating_since && !m_view.stubborn;
  const Micros step = m_view.lasting ? kStubborn : kLasting;
  const auto lasts = young ? std::optional{*m_violating_since + step} : std::nullopt;
  return earlier(m_backoff.next_change(now), earlier(stale, lasts));
}

WorkloadStatus WorkloadState::status() const {
  WorkloadStatus status;
  status.name = m_workload->name;
  if (m_placement) {
    status.target = m_placement->target;
    status.rung = m_placement->rung;
    status.split = m_placement->split;
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
