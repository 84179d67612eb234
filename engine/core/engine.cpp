#include "engine/core/engine.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/explainer.hpp"
#include "engine/core/decide/reconcile.hpp"
#include "engine/core/decide/situation_builder.hpp"
#include "engine/core/decide/topology.hpp"
#include "engine/core/decide/wait_calibration.hpp"
#include "engine/core/digest.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/observe/freshness.hpp"
#include "engine/core/observe/site_state.hpp"

namespace wanwise::core {
namespace {

/// The longest the first decision waits for sources that do not report: five telemetry periods at
/// the default of a second. What is silent for so long is missing, and its absence is named.
constexpr Micros kStartDeadline = seconds(5);

void add(Counters& total, const Counters& step) {
  total.events += step.events;
  total.decisions += step.decisions;
  total.nodes_visited += step.nodes_visited;
  total.options_evaluated += step.options_evaluated;
  total.paths_computed += step.paths_computed;
}

}  // namespace

struct Engine::State {
  explicit State(Model m)
      : model(std::move(m)),
        site(model),
        topology(model),
        builder(model, topology),
        waits(model),
        gates(model.policy.workloads.size(), MoveGate{model.policy.stability}),
        reconciler(model) {}

  Step apply(const Event& event);
  void start_if_ready();
  void decide_now(Step& step);
  void explain_changes(Step& step);
  [[nodiscard]] SolveLimits limits() const;
  [[nodiscard]] Explanation explanation(Index workload);
  void complete(Status& status) const;
  void schedule();

  /// What a workload's explanation says in short: where it differs from the last one, people are
  /// told.
  struct Answer {
    std::optional<Place> place;
    HoldRule held_by = HoldRule::none;
    bool operator==(const Answer&) const = default;
  };

  Model model;  ///< first: the others refer to it
  SiteState site;
  Topology topology;
  SituationBuilder builder;
  WaitLearner waits;
  std::vector<MoveGate> gates;  ///< by workload
  Reconciler reconciler;

  Instant now;
  std::optional<Instant> first_event;
  bool started = false;
  std::optional<Instant> wake;
  Situation situation;
  Decision decision;
  Instant decided_at;
  std::vector<std::optional<Answer>> answers;
  std::uint64_t out_of_order = 0;  ///< events whose time ran backwards
  Digest digest;
  Counters totals;
};

Step Engine::State::apply(const Event& event) {
  Step step;
  step.counters.events = 1;
  digest.add(event);
  if (!first_event) first_event = now = event.at;
  if (event.at < now) ++out_of_order;
  now = std::max(now, event.at);

  site.observe(event.body, now);
  for (const Index workload : site.take_refused_moves()) at(gates, workload).refused();
  bool news = site.refresh(now) || (wake && now >= *wake);
  if (const auto* sample = std::get_if<WorkloadSample>(&event.body))
    news = waits.learn(*sample, situation) || news;
  if (!started) {
    start_if_ready();
    news = started;
  }
  if (news) decide_now(step);
  if (started) {
    const auto why = [this](Index workload) {
      return move_reason(explanation(workload), at(site.views().workloads, workload).place);
    };
    reconciler.act(site, situation, decision, gates, now, why, step.actions);
  }
  schedule();

  for (const Action& action : step.actions) digest.add(action);
  add(totals, step.counters);
  return step;
}

void Engine::State::start_if_ready() {
  started = site.all_reported() || now - *first_event >= kStartDeadline;
}

void Engine::State::decide_now(Step& step) {
  step.counters.decisions = 1;
  situation = builder.build(site.views(), step.counters);
  waits.apply(situation);
  waits.expect(situation, now);
  decision = decide(model, situation, now, site.moving(), gates, limits(), step.counters);
  decided_at = now;
  reconciler.plan_routers(site, situation, decision);
  explain_changes(step);
}

/// A state of the search costs time in proportion to the workloads: a small site is searched deeper
/// in the same time.
SolveLimits Engine::State::limits() const {
  // The default's 400 states of 20 workloads.
  constexpr std::uint64_t kStatesTimesWorkloads = 8'000;
  const auto workloads = std::max<std::uint64_t>(1, model.policy.workloads.size());
  return {std::max<std::uint64_t>(kStatesTimesWorkloads / workloads, SolveLimits{}.nodes)};
}

void Engine::State::explain_changes(Step& step) {
  answers.resize(model.policy.workloads.size());
  for (Index w = 0; w < count(model.policy.workloads); ++w) {
    Answer answer;
    const Index chosen = at(decision.chosen, w);
    if (chosen != kNone) {
      answer.place = place_of(model, at(at(situation.workloads, w).options, chosen));
    }
    if (const auto& held = at(decision.held, w)) answer.held_by = held->verdict.held_by;
    if (at(answers, w) == answer) continue;
    at(answers, w) = answer;
    step.explanations.push_back(explanation(w));
  }
}

Explanation Engine::State::explanation(Index workload) {
  return core::explain(model, situation, decision, workload,
                       builder.rejections(site.views(), workload), decided_at);
}

void Engine::State::complete(Status& status) const {
  if (out_of_order > 0) {
    status.degradations.push_back(
        {"time-ran-backwards", model.site.name.text,
         std::to_string(out_of_order) + " events came with an earlier time"});
  }
  if (!started) return;
  for (Index w = 0; w < count(status.workloads); ++w) {
    WorkloadStatus& workload = at(status.workloads, w);
    const Index chosen = at(decision.chosen, w);
    if (chosen == kNone) {
      status.degradations.push_back(
          {"nowhere-to-run", workload.name.text, "no target is allowed and reachable now"});
      continue;
    }
    const WorkloadInput& input = at(situation.workloads, w);
    const Option& option = at(input.options, chosen);
    if (option.target == kNone) continue;
    workload.predicted = at(decision.predicted, w);
    workload.met =
        option.rung == 0 && *workload.predicted <= input.objective && !option.discredited;
  }
}

void Engine::State::schedule() {
  wake.reset();
  if (!started) {
    if (first_event) wake = *first_event + kStartDeadline;
    return;
  }
  wake = site.next_wakeup(now);
  for (const auto& held : decision.held) {
    if (held) wake = earlier(wake, held->verdict.wake_up());
  }
}

Engine::Engine(Model model) : m_state(std::make_unique<State>(std::move(model))) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Step Engine::apply(const Event& event) {
  return m_state->apply(event);
}

std::optional<Instant> Engine::next_wakeup() const {
  return m_state->wake;
}

std::uint64_t Engine::digest() const {
  return m_state->digest.value();
}

const Model& Engine::model() const {
  return m_state->model;
}

Status Engine::status() const {
  Status status = m_state->site.status(m_state->now);
  status.at = m_state->now;
  status.started = m_state->started;
  m_state->complete(status);
  return status;
}

std::optional<Explanation> Engine::explain(const WorkloadName& workload) const {
  const Index index = index_of(m_state->model.policy.workloads, workload);
  if (index == kNone || !m_state->started) return std::nullopt;
  return m_state->explanation(index);
}

Counters Engine::totals() const {
  return m_state->totals;
}

}  // namespace wanwise::core
