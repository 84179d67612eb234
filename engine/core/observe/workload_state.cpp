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
Index new_target(const Spot& to, const Spot& was) {
  return to.splits() && to.target != kNone && was.uses(to.target) ? to.split_target : to.target;
}

/// Fades that follow each other are not short ones: who has violated its objective for as long as
/// one fade is waited out is believed.
constexpr Micros kLasting = kLongestFade;
/// What one fade left behind is over by then: the patient test of a p99 wants 115 requests in time
/// before it says so, two minutes of one a second.
constexpr Micros kStubborn = seconds(120);

}  // namespace

WorkloadState::WorkloadState(const Model& model, Index workload)
    : m_model(&model),
      m_workload(workload),
      m_demand(this->workload().rate),
      m_watch(this->workload().objective, this->workload().rate,
              std::max(model.policy.stability.fall_back_after, seconds(1))) {}

const Workload& WorkloadState::workload() const {
  return at(m_model->policy.workloads, m_workload);
}

WorkloadView WorkloadState::first_view() const {
  WorkloadView view;
  view.demand = m_demand.rate();
  return view;
}

Place WorkloadState::observed_place() const {
  return m_elsewhere != nullptr ? *m_elsewhere : core::place_of(*m_model, m_spot);
}

Place WorkloadState::place() const {
  return m_move ? core::place_of(*m_model, m_move->to) : observed_place();
}

/// What became known of the workload as a whole, where it runs.
std::optional<WorkloadSample> WorkloadState::whole_of(const WorkloadSample& sample) {
  const bool known = !m_spot.splits() && m_spot.target >= 0;
  if (!known) return m_parts.take(sample, observed_place());
  if (sample.target != target_name(*m_model, m_spot.target)) return std::nullopt;
  return sample;
}

void WorkloadState::observe(const WorkloadSample& sample) {
  if (m_move || !m_placed) return;
  const auto whole = whole_of(sample);
  if (!whole) return;
  if (!cut()) m_demand.observe(*whole);
  if (m_settled_at && window_start(*whole) < *m_settled_at) return;
  m_watch.observe(*whole);
}

void WorkloadState::observe(const PlacementObserved& seen) {
  const Place place = place_of(in_order(seen, workload().targets));
  const bool elsewhere = !m_placed || observed_place() != place;
  m_placed = true;
  m_spot = spot_of(*m_model, place);
  m_elsewhere = m_spot.uses(kElsewhere) ? std::make_unique<Place>(place) : nullptr;
  if (elsewhere && !m_move) settle(seen.observed_at);
}

void WorkloadState::observe(const PlacementLimits& limits) {
  Closures fresh;
  fresh.may_split = limits.may_split;
  for (const ClosedPlace& closed : limits.closed) {
    const Index target = closed.target ? target_index(*m_model, *closed.target) : kNone;
    if (closed.target && target == kNone) continue;
    fresh.places.push_back({target, closed.code, closed.detail});
  }
  if (fresh == Closures{}) {
    m_closures.reset();
  } else if (m_closures == nullptr || *m_closures != fresh) {
    m_closures = std::make_shared<const Closures>(std::move(fresh));
  }
}

void WorkloadState::settle(Instant now) {
  m_settled_at = now + kSettling;
  m_parts.reset();
  m_watch.reset();
}

bool WorkloadState::cut() const {
  if (!m_placed || m_spot.rung == 0) return false;
  const auto rung = static_cast<std::size_t>(m_spot.rung);
  return rung >= workload().ladder.size() || workload().ladder[rung].rate <= m_demand.rate();
}

bool WorkloadState::refresh(WorkloadView& view, Instant now) {
  WorkloadView fresh;
  if (cut()) m_demand.forget_stale(now);
  if (m_move) {
    fresh.place = m_move->to;
  } else if (m_placed && (m_spot.target != kNone || m_spot.rung > 0)) {
    fresh.place = m_spot;
  }
  fresh.closures = m_closures;
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
  const bool changed = fresh != view;
  view = fresh;
  return changed;
}

void WorkloadState::submitted(ActionId id, const Spot& to) {
  m_move = Move{id, to};
}

bool WorkloadState::finished(const ActionDone& done, Instant now) {
  if (!m_move || m_move->id != done.id) return false;
  const Spot to = m_move->to;
  m_move.reset();
  switch (done.outcome) {
    case Outcome::done:
      if (m_placed) {
        m_spot = to;
        m_elsewhere.reset();
      }
      m_backoff.succeeded();
      m_failed_target = kNone;
      m_last_failure.reset();
      settle(now);
      break;
    case Outcome::refused:
    case Outcome::failed:
    case Outcome::unknown:
      m_backoff.failed(now);
      m_failed_target = new_target(to, m_placed ? m_spot : Spot{});
      m_last_failure = std::make_unique<ActionDone>(done);
      break;
  }
  return true;
}

std::optional<Instant> WorkloadState::next_expiry(Instant now) const {
  const auto stale = cut() ? m_demand.stale_at() : std::nullopt;
  const auto reaches = [&](Micros age) {
    return m_violating_since && now < *m_violating_since + age
               ? std::optional{*m_violating_since + age}
               : std::nullopt;
  };
  return earlier(m_backoff.next_change(now),
                 earlier(stale, earlier(reaches(kLasting), reaches(kStubborn))));
}

WorkloadStatus WorkloadState::status() const {
  WorkloadStatus status;
  status.name = workload().name;
  if (m_placed) {
    const Place place = observed_place();
    status.target = place.target;
    status.rung = place.rung;
    status.split = place.split;
  }
  status.moving = m_move.has_value();
  status.demand = m_demand.rate();
  status.observed = m_watch.latency();
  return status;
}

void WorkloadState::append_degradations(std::vector<Degradation>& out) const {
  const std::string& name = workload().name.text;
  if (!m_placed) {
    out.push_back({"placement-unknown", name, "the cluster has not said where it runs"});
  }
  if (m_last_failure) {
    out.push_back({"move-failed", name, m_last_failure->reason + ": " + m_last_failure->detail});
  }
  if (m_watch.violated()) {
    out.push_back({"objective-missed", name, "measured misses exceed what the objective allows"});
  }
}

}  // namespace wanwise::core
