#include "sim/trial/move_meter.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {

MoveMeter::MoveMeter(const core::Model& model, RequestMeter& requests, core::Micros warm_up,
                     core::Micros stale_after)
    : m_model(model),
      m_requests(requests),
      m_counts_from(core::Instant{} + warm_up),
      m_stale_after(stale_after) {
  for (const core::Workload& workload : model.policy.workloads) {
    WorkloadState& state = m_workloads.emplace_back();
    if (!workload.targets.empty()) state.preferred = workload.targets.front();
  }
}

void MoveMeter::on_event(const core::Event& event) {
  if (const auto* link = std::get_if<core::LinkCounters>(&event.body)) {
    m_newest_link_sample = link->observed_at;
  } else if (const auto* seen = std::get_if<core::PlacementObserved>(&event.body)) {
    placed(event.at, *seen);
  } else if (const auto* done = std::get_if<core::ActionDone>(&event.body)) {
    const auto move = std::find(m_under_way.begin(), m_under_way.end(), done->id);
    if (move == m_under_way.end()) return;
    m_under_way.erase(move);
    if (done->outcome != core::Outcome::done && event.at >= m_counts_from) ++m_failed;
  }
}

void MoveMeter::on_action(core::Instant at, const core::Action& action) {
  if (!std::holds_alternative<core::PlaceWorkload>(action.body)) return;
  m_under_way.push_back(action.id);
  // Before the first sample nothing can be stale: these are the placements of the beginning.
  if (m_newest_link_sample && at >= m_counts_from && at - *m_newest_link_sample > m_stale_after)
    ++m_stale;
}

void MoveMeter::placed(core::Instant at, const core::PlacementObserved& seen) {
  const auto& workloads = m_model.policy.workloads;
  const auto found =
      std::find_if(workloads.begin(), workloads.end(),
                   [&](const core::Workload& one) { return one.name == seen.workload; });
  if (found == workloads.end()) return;
  const auto index = static_cast<std::size_t>(found - workloads.begin());
  WorkloadState& state = m_workloads[index];
  if (!seen.target) {
    if (!std::exchange(state.suspended, true)) m_news.push_back(seen.workload.text + " suspended");
    m_requests.spells(index).moved(at);
    return;
  }
  if (!seen.ready) return;
  core::Place place{seen.target, seen.rung, seen.split};
  if (!std::exchange(state.suspended, false) && state.at == place) return;
  const bool moved = state.at && !core::same_targets(*state.at, place);
  if (moved && at >= m_counts_from) ++m_moves;
  if (state.at) m_requests.spells(index).moved(at);
  if (state.away_since_relief && place == core::Place{state.preferred, 0})
    m_returns.push_back(at - *std::exchange(state.away_since_relief, std::nullopt));
  state.at = std::move(place);
  m_news.push_back(seen.workload.text + " → " + seen.target->text +
                   (seen.split ? " and " + seen.split->target.text + " (" +
                                     std::to_string(seen.split->share.count / 10'000) + " %)"
                               : "") +
                   (seen.rung > 0 ? " (rung " + std::to_string(seen.rung) + ")" : ""));
}

void MoveMeter::relief(core::Instant at) {
  for (WorkloadState& state : m_workloads) {
    const bool away = state.at && *state.at != core::Place{state.preferred, 0};
    if (away) state.away_since_relief = at;
  }
}

std::int32_t MoveMeter::running_on(const core::TargetName& target) const {
  return static_cast<std::int32_t>(
      std::count_if(m_workloads.begin(), m_workloads.end(), [&](const WorkloadState& state) {
        if (state.suspended || !state.at) return false;
        return state.at->target == target || (state.at->split && state.at->split->target == target);
      }));
}

std::vector<std::string> MoveMeter::take_news() {
  return std::exchange(m_news, {});
}

}  // namespace wanwise::sim
