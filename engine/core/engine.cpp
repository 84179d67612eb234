#include "engine/core/engine.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/explain/explainer.hpp"
#include "engine/core/decide/explain/prediction_record.hpp"
#include "engine/core/decide/explain/what_if.hpp"
#include "engine/core/decide/latency/wait_calibration.hpp"
#include "engine/core/decide/path/topology.hpp"
#include "engine/core/decide/reconcile.hpp"
#include "engine/core/decide/shared_use.hpp"
#include "engine/core/decide/situation_builder.hpp"
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
  State(Model m, std::shared_ptr<Solver> with)
      : model(std::move(m)),
        site(model),
        topology(model),
        builder(model, topology, LinkChoice::steered),
        steering(model, topology),
        waits(model),
        predictions(model),
        gates(model.policy.workloads.size(), MoveGate{model.policy.stability}),
        path_gates(steering.enabled() ? gates : std::vector<MoveGate>{}),
        reconciler(model),
        solver(std::move(with)) {}

  Step apply(const Event& event);
  SiteOffer offer(const SiteTolls& asked);
  void start_if_ready();
  void act(Step& step);
  void finish(Step& step);
  void decide_now(Step& step);
  void plan_routers(Step& step);
  void explain_changes(Step& step);
  [[nodiscard]] SolveLimits limits() const;
  [[nodiscard]] Explanation explanation(Index workload);
  [[nodiscard]] Explanation answer_to(Index workload);
  void follow_places();
  void remember(const WorkloadSample& sample);
  void remember(const Action& action);
  [[nodiscard]] std::optional<Forecast> forecast_of(Index workload, Index option);
  [[nodiscard]] std::optional<Forecast> forecast_here(Index workload);
  void complete(Status& status) const;
  void schedule();

  /// What a workload's explanation says in short: where it differs from the last one, people are
  /// told.
  struct Answer {
    std::optional<Spot> place;
    Index link = kNone;
    HoldRule held_by = HoldRule::none;
    bool operator==(const Answer&) const = default;
  };

  const Model model;  ///< first: the others refer to it; const: what sites share stays shared
  SiteState site;
  Topology topology;
  SituationBuilder builder;
  SteeringPlan steering;
  WaitLearner waits;
  PredictionLog predictions;
  std::vector<MoveGate> gates;       ///< by workload
  std::vector<MoveGate> path_gates;  ///< by workload: changes of link; empty without steering
  Reconciler reconciler;
  std::shared_ptr<Solver> solver;

  Instant now;
  std::optional<Instant> first_event;
  bool started = false;
  std::optional<Instant> wake;
  std::optional<Instant> gates_wake;  ///< when a held wish may be granted
  Situation situation;
  Decision decision;
  std::vector<Forecast> forecasts;  ///< under `decision`; empty until asked for
  SiteTolls tolls;
  std::uint64_t revision = 0;
  SiteUse use;  ///< by the present decision
  Cost cost;    ///< of it, tolls aside
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

  const bool due = wake && now >= *wake;
  site.observe(event.body, now);
  for (const Index workload : site.take_refused_moves()) at(gates, workload).refused();
  bool news = site.refresh(now) || (gates_wake && now >= *gates_wake);
  if (const auto* sample = std::get_if<WorkloadSample>(&event.body)) {
    remember(*sample);
    news = waits.learn(*sample, situation) || news;
  }
  if (const auto* set = std::get_if<TollsSet>(&event.body)) {
    tolls = set->tolls;
    news = true;
  }
  if (!started) {
    start_if_ready();
    news = started;
  }
  if (news) decide_now(step);
  const bool freed = site.take_freed();
  if (freed && started && !news) follow_places();
  if (news || freed || due) act(step);
  finish(step);
  return step;
}

void Engine::State::act(Step& step) {
  if (!started) return;
  const auto why = [this](Index workload) {
    return move_reason(explanation(workload), site.place(workload));
  };
  reconciler.act(site, situation, decision, gates, now, why, step.actions);
}

void Engine::State::finish(Step& step) {
  schedule();
  for (const Action& action : step.actions) {
    digest.add(action);
    remember(action);
  }
  add(totals, step.counters);
}

SiteOffer Engine::State::offer(const SiteTolls& asked) {
  Situation free = situation;
  charge_tolls(free, model, asked);
  Counters work;
  solver->prepare(free, work);
  const Solution best = solver->choose(limits());
  add(totals, work);
  charge_tolls(free, model, {});
  return {best.bound, use_of(free, best.chosen), evaluate(free, best.chosen)};
}

void Engine::State::start_if_ready() {
  started = site.all_reported() || now - *first_event >= kStartDeadline;
}

void Engine::State::decide_now(Step& step) {
  step.counters.decisions = 1;
  ++revision;
  situation = builder.build(site.views(), step.counters);
  waits.apply(situation);
  waits.expect(situation, now);
  charge_tolls(situation, model, tolls);
  decision = decide(situation, now, site.moving(), gates, limits(), *solver, step.counters,
                    steering.enabled() ? &path_gates : nullptr);
  forecasts.clear();
  decided_at = now;
  follow_places();
  use = use_of(situation, decision.chosen);
  charge_tolls(situation, model, {});
  cost = evaluate(situation, decision.chosen);
  charge_tolls(situation, model, tolls);
  plan_routers(step);
  gates_wake.reset();
  for (const auto& held : decision.held) {
    if (held) gates_wake = earlier(gates_wake, held->verdict.wake_up());
  }
  explain_changes(step);
}

void Engine::State::plan_routers(Step& step) {
  const std::uint64_t paths_before = topology.paths_computed();
  steering.follow(situation, decision, site.views(), site.moving());
  reconciler.plan_routers(site, situation, decision, steering);
  step.counters.paths_computed += topology.paths_computed() - paths_before;
}

/// A state of the search costs time in proportion to the workloads: a small site is searched deeper
/// in the same time.
SolveLimits Engine::State::limits() const {
  // The default's 200 states of 20 workloads.
  constexpr std::uint64_t kStatesTimesWorkloads = 4'000;
  const auto workloads = std::max<std::uint64_t>(1, model.policy.workloads.size());
  return {std::max<std::uint64_t>(kStatesTimesWorkloads / workloads, SolveLimits{}.nodes)};
}

void Engine::State::explain_changes(Step& step) {
  answers.resize(model.policy.workloads.size());
  for (Index w = 0; w < count(model.policy.workloads); ++w) {
    Answer answer;
    const Index chosen = at(decision.chosen, w);
    if (chosen != kNone) {
      const Option& option = at(at(situation.workloads, w).options, chosen);
      answer.place = spot_of(option);
      answer.link = option.link;
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

/// For who asks: what a Step's explanation says, what would change it, and how it went so far.
Explanation Engine::State::answer_to(Index workload) {
  Explanation answer = explanation(workload);
  const auto finish = [this](Situation& built) {
    waits.apply(built);
    charge_tolls(built, model, tolls);
  };
  WhatIfs found = what_if({model, site.views(), site.moving(), finish}, decision, situation,
                          workload, limits());
  const std::string first = first_change(found.rows);
  if (!first.empty() && !at(decision.held, workload)) answer.would_change = first;
  answer.what_if = std::move(found.rows);
  answer.present = predictions.present(workload);
  return answer;
}

/// A decision changes nothing about most places: their forecasts are worked out when a sample or a
/// move asks for one, at most once a decision.
std::optional<Forecast> Engine::State::forecast_of(Index workload, Index option) {
  if (option == kNone || option != at(decision.chosen, workload)) return std::nullopt;
  if (at(at(situation.workloads, workload).options, option).target == kNone) return std::nullopt;
  if (forecasts.empty()) forecasts = forecast(situation, decision.chosen);
  return at(forecasts, workload);
}

std::optional<Forecast> Engine::State::forecast_here(Index workload) {
  return forecast_of(workload, at(situation.workloads, workload).current);
}

void Engine::State::follow_places() {
  const auto forecast = [this](Index workload) { return forecast_here(workload); };
  predictions.follow(site.views(), site.moving(), forecast, now);
}

void Engine::State::remember(const WorkloadSample& sample) {
  const Index workload = index_of(model.policy.workloads, sample.workload);
  if (workload == kNone || situation.workloads.empty()) return;
  predictions.observe(workload, sample, forecast_here(workload));
}

void Engine::State::remember(const Action& action) {
  const auto* move = std::get_if<PlaceWorkload>(&action.body);
  if (move == nullptr) return;
  const Index workload = index_of(model.policy.workloads, move->workload);
  predictions.decided(workload, spot_of(model, Place{move->to, move->rung, move->split}),
                      forecast_of(workload, at(decision.chosen, workload)),
                      reason_to_leave(situation, decision, workload), now);
}

void Engine::State::complete(Status& status) const {
  if (out_of_order > 0) {
    status.degradations.push_back(
        {"time-ran-backwards", model.site.name.text,
         std::to_string(out_of_order) + " events came with an earlier time"});
  }
  if (!started) return;
  status.decision = DecisionStatus{decided_at, decision.proved, decision.gap};
  predictions.append_degradations(status.degradations, now);
  const std::vector<Forecast> now_predicted = forecast(situation, decision.chosen);
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
    workload.prediction_ratio = predictions.ratio(w);
    workload.forecast = at(now_predicted, w);
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
  wake = earlier(site.next_wakeup(now), gates_wake);
}

Engine::Engine(Model model) : Engine(std::move(model), std::make_shared<Solver>()) {}
Engine::Engine(Model model, std::shared_ptr<Solver> solver)
    : m_state(std::make_unique<State>(std::move(model), std::move(solver))) {}
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
  return m_state->answer_to(index);
}

std::optional<std::vector<PredictionRecord>> Engine::history(const WorkloadName& workload) const {
  const Index index = index_of(m_state->model.policy.workloads, workload);
  if (index == kNone) return std::nullopt;
  return m_state->predictions.records(index);
}

std::uint64_t Engine::revision() const {
  return m_state->revision;
}

const SiteUse& Engine::use() const {
  return m_state->use;
}

const Cost& Engine::cost() const {
  return m_state->cost;
}

SiteOffer Engine::offer(const SiteTolls& tolls) {
  return m_state->offer(tolls);
}

Counters Engine::totals() const {
  return m_state->totals;
}

}  // namespace wanwise::core
