#include "tests/unit/engine/site_driver.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::test {

using core::seconds;

SiteDriver::SiteDriver(core::Model model) : m_engine(std::move(model)) {}

core::Step SiteDriver::apply(core::EventBody body) {
  core::Step step = m_engine.apply({m_now, std::move(body)});
  m_actions.insert(m_actions.end(), step.actions.begin(), step.actions.end());
  carry_out(step);
  return step;
}

void SiteDriver::carry_out(const core::Step& step) {
  for (const core::Action& action : step.actions) {
    core::ActionDone done{action.id, core::Outcome::done, {}, {}};
    if (const auto* move = std::get_if<core::PlaceWorkload>(&action.body)) {
      done.outcome = move_outcome;
      if (move_outcome == core::Outcome::done) {
        m_placed[move->workload.text] = {move->to, move->rung, move->split};
        ++m_moves[move->workload.text];
      }
    } else {
      done.outcome = write_outcome;
      if (write_outcome == core::Outcome::done) {
        m_on_router = std::get<core::ApplyQos>(action.body).desired;
      }
    }
    if (done.outcome != core::Outcome::done) done.reason = "told-to-fail";
    apply(done);
  }
}

void SiteDriver::report_router() {
  const core::RouterName name = m_engine.model().site.routers.front().name;
  if (m_said_connected == router_connected) return;
  m_said_connected = router_connected;
  const auto state =
      router_connected ? core::SessionState::connected : core::SessionState::disconnected;
  apply(core::RouterSession{name, state, router_connected ? "" : "connection-lost", ""});
  if (router_connected) apply(core::RouterQosObserved{name, m_now, m_on_router, foreign});
}

void SiteDriver::report_links() {
  if (!counters_flow || !router_connected) return;
  m_tx_bytes += 10'000;
  for (const core::Link& link : m_engine.model().site.links) {
    apply(core::LinkCounters{link.name, m_now, true, m_tx_bytes, m_tx_bytes, 0});
    const std::optional<core::Micros> rtt =
        link_answers ? std::optional{link.rtt} : std::optional<core::Micros>{};
    apply(core::ProbeSample{link.name, m_now, rtt});
  }
}

void SiteDriver::report_targets() {
  if (!node_reports) return;
  for (const core::Node& node : m_engine.model().site.nodes) {
    core::TargetSample sample;
    sample.target = node.name;
    sample.observed_at = m_now;
    sample.reachable = node_reachable;
    sample.power_mode = power_mode;
    apply(sample);
  }
}

void SiteDriver::report_workloads() {
  if (!cluster_reports) return;
  for (const core::Workload& workload : m_engine.model().policy.workloads) {
    const Placed placed = m_placed[workload.name.text];
    apply(core::PlacementObserved{workload.name, m_now, placed.target, placed.rung, true,
                                  placed.split});
    if (!placed.target) continue;
    const core::Ppm spilled = placed.split ? placed.split->share : core::Ppm{0};
    report_part(workload, *placed.target, core::kWhole - spilled);
    if (placed.split) report_part(workload, placed.split->target, spilled);
  }
}

void SiteDriver::report_part(const core::Workload& workload, const core::TargetName& target,
                             core::Ppm share) {
  if (std::find(silent_parts.begin(), silent_parts.end(), target.text) != silent_parts.end())
    return;
  core::WorkloadSample sample;
  sample.workload = workload.name;
  sample.observed_at = m_now;
  sample.target = target;
  sample.window = seconds(1);
  const auto demand = demand_per_s.find(workload.name.text);
  sample.arrived = demand != demand_per_s.end() ? demand->second : workload.rate.count / 1'000;
  sample.arrived = sample.arrived * share.count / core::kWhole.count;
  const auto missed = miss_share.find(workload.name.text);
  sample.missed =
      missed == miss_share.end()
          ? 0
          : static_cast<std::int64_t>(static_cast<double>(sample.arrived) * missed->second);
  sample.completed = sample.arrived;
  sample.latency = workload.objective.latency / 2;
  apply(sample);
}

void SiteDriver::second() {
  const core::Instant end = m_now + seconds(1);
  report_router();
  report_links();
  report_targets();
  report_workloads();
  for (auto wake = m_engine.next_wakeup(); wake && *wake < end; wake = m_engine.next_wakeup()) {
    m_now = std::max(m_now, *wake);
    apply(core::Tick{});
  }
  m_now = end;
}

void SiteDriver::run(int count) {
  for (int i = 0; i < count; ++i) second();
}

std::optional<std::string> SiteDriver::place(const std::string& workload) const {
  const auto placed = m_placed.find(workload);
  if (placed == m_placed.end() || !placed->second.target) return std::nullopt;
  return placed->second.target->text;
}

std::int32_t SiteDriver::rung(const std::string& workload) const {
  const auto placed = m_placed.find(workload);
  return placed == m_placed.end() ? 0 : placed->second.rung;
}

std::optional<core::Split> SiteDriver::split(const std::string& workload) const {
  const auto placed = m_placed.find(workload);
  return placed == m_placed.end() ? std::nullopt : placed->second.split;
}

int SiteDriver::moves(const std::string& workload) const {
  const auto moved = m_moves.find(workload);
  return moved == m_moves.end() ? 0 : moved->second;
}

bool SiteDriver::degraded(const std::string& code) const {
  const auto degradations = m_engine.status().degradations;
  return std::any_of(degradations.begin(), degradations.end(),
                     [&](const core::Degradation& d) { return d.code == code; });
}

}  // namespace wanwise::test
