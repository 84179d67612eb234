#include "adapters/cli/daemon.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/model_index.hpp"

namespace wanwise::cli {

Daemon::Daemon(runtime::Loop& loop, core::Instant start, Hooks hooks)
    : m_loop(loop), m_timeline(start), m_hooks(std::move(hooks)) {
  m_loop.observe(*this);
}

Daemon::~Daemon() {
  m_loop.forget(*this);
}

void Daemon::tell(const std::vector<TimelineLine>& lines) const {
  if (!m_hooks.line) return;
  for (const TimelineLine& line : lines) m_hooks.line(line);
}

void Daemon::on_step(const core::Event& event, const core::Step& step) {
  if (m_hooks.event) m_hooks.event(event);
  tell(m_timeline.on_event(event));
  for (const core::Action& action : step.actions) tell(m_timeline.on_action(event.at, action));
  remember(event, step);
  if (m_started || step.counters.decisions == 0) return;
  m_started = true;
  if (m_hooks.started) m_hooks.started();
}

void Daemon::remember(const core::Event& event, const core::Step& step) {
  if (const auto* done = std::get_if<core::ActionDone>(&event.body)) {
    const auto it = std::find_if(m_history.rbegin(), m_history.rend(),
                                 [&](const Recorded& r) { return r.id == done->id; });
    if (it != m_history.rend()) it->move.outcome = done->outcome;
  }
  for (const core::Action& action : step.actions) {
    const auto* body = std::get_if<core::PlaceWorkload>(&action.body);
    if (body == nullptr) continue;
    m_history.push_back({action.id,
                         {event.at,
                          body->workload,
                          body->from,
                          body->to,
                          body->rung,
                          {},
                          action.why,
                          body->split}});
    if (m_history.size() > kHistory) m_history.pop_front();
  }
}

core::Status Daemon::status() const {
  core::Status status = m_loop.engine().status();
  if (!m_hooks.adapter_degradations) return status;
  for (core::Degradation& degradation : m_hooks.adapter_degradations()) {
    status.degradations.push_back(std::move(degradation));
  }
  return status;
}

std::optional<core::Explanation> Daemon::explain(const core::WorkloadName& workload) const {
  return m_loop.engine().explain(workload);
}

std::vector<http::Move> Daemon::history() const {
  std::vector<http::Move> moves;
  for (const Recorded& recorded : m_history) moves.push_back(recorded.move);
  return moves;
}

std::optional<std::vector<core::PredictionRecord>> Daemon::predictions(
    const core::WorkloadName& workload) const {
  return m_loop.engine().history(workload);
}

bool Daemon::drain(const core::TargetName& target, bool drain) {
  if (core::target_index(m_loop.engine().model(), target) == core::kNone) return false;
  m_loop.sink().post(core::DrainRequested{target, drain});
  return true;
}

bool Daemon::usage(const core::LinkName& link, core::Bytes used, core::Micros left) {
  const std::vector<core::Link>& links = m_loop.engine().model().site.links;
  const auto it = std::find_if(links.begin(), links.end(),
                               [&](const core::Link& known) { return known.name == link; });
  if (it == links.end() || !it->data_cap) return false;
  m_loop.sink().post(core::LinkUsage{link, m_loop.engine().status().at, used, left});
  return true;
}

std::vector<http::NamedCounter> Daemon::more_counters() const {
  const runtime::LoopCounters counters = m_loop.counters();
  return {{"wanwise_queue_coalesced_total", "Samples replaced by a newer one of the same key.",
           counters.queue.coalesced},
          {"wanwise_queue_telemetry_dropped_total", "Samples dropped because the queue was full.",
           counters.queue.telemetry_dropped},
          {"wanwise_queue_happenings_dropped_total",
           "Events other than samples refused because the queue was full.",
           counters.queue.happenings_dropped},
          {"wanwise_actions_overdue_total", "Actions that no adapter answered in time.",
           counters.dispatch.overdue}};
}

}  // namespace wanwise::cli
