#include "sim/baselines/placement_actuator.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/core/observe/freshness.hpp"

namespace wanwise::sim {
namespace {

/// As long as wanwise's own moves may take, so that nobody is given up on earlier than another.
constexpr core::Micros kMoveDeadline = core::seconds(30);

}  // namespace

void RetryClock::failed(core::Instant now) {
  m_until = now + m_next;
  m_next = std::min(m_next * 2, kLongest);
}

PlacementActuator::PlacementActuator(const core::Model& model)
    : m_model(model), m_states(model.policy.workloads.size()) {}

bool PlacementActuator::observe(const core::ActionDone& done, SiteView& view, core::Instant now) {
  for (core::Index w = 0; w < core::count(m_states); ++w) {
    State& state = core::at(m_states, w);
    if (!state.move || state.move->id != done.id) continue;
    const UnderWay move = *std::exchange(state.move, std::nullopt);
    if (done.outcome == core::Outcome::done) {
      view.placed(w, move.target, move.rung);
      state.retry.succeeded();
    } else {
      state.retry.failed(now);
    }
    return true;
  }
  return false;
}

void PlacementActuator::act(const SiteView& view, const std::vector<std::optional<Wish>>& wishes,
                            core::Instant now, core::ActionId& next_id,
                            std::vector<core::Action>& out) {
  for (core::Index w = 0; w < core::count(wishes); ++w) {
    const auto& wish = core::at(wishes, w);
    State& state = core::at(m_states, w);
    const SiteView::WorkloadNews& seen = view.workload(w);
    if (!wish || !seen.known || state.move || state.retry.waiting(now)) continue;
    if (wish->target == seen.target && wish->rung == seen.rung) continue;
    WANWISE_CHECK(wish->target == core::kNone || admissible(m_model, w, wish->target, wish->rung));
    core::PlaceWorkload body;
    body.workload = core::at(m_model.policy.workloads, w).name;
    if (seen.target != core::kNone) body.from = core::target_name(m_model, seen.target);
    if (wish->target != core::kNone) body.to = core::target_name(m_model, wish->target);
    body.rung = wish->rung;
    state.move = UnderWay{next_id, wish->target, wish->rung};
    out.push_back({next_id++, now + kMoveDeadline, wish->why, std::move(body)});
  }
}

bool PlacementActuator::moving(core::Index workload) const {
  return core::at(m_states, workload).move.has_value();
}

std::optional<core::Instant> PlacementActuator::next_retry(core::Instant now) const {
  std::optional<core::Instant> next;
  for (const State& state : m_states) {
    if (!state.move && state.retry.waiting(now)) next = core::earlier(next, state.retry.until());
  }
  return next;
}

}  // namespace wanwise::sim
