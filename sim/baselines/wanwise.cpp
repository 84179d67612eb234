// wanwise's engine, unchanged, whole or with one of its inputs or freedoms taken away.
#include <deque>
#include <limits>
#include <memory>
#include <utility>

#include "engine/core/engine.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

/// What is taken away.
enum class Cut : std::uint8_t {
  nothing,
  radio,      ///< no RadioSample
  probe,      ///< no ProbeSample
  queues,     ///< no ClassCounters
  load,       ///< targets say only whether they answer: no busy share, heat, power mode
  demand,     ///< no WorkloadSample
  qos,        ///< it decides as ever and believes its writes done; the router is never touched
  stability,  ///< no delay, dwell, gain or budget on any move
  ladder,     ///< only the full demand
  split,      ///< workloads run as a whole, whatever the policy allows
};

core::Model cut_model(core::Model model, Cut cut) {
  if (cut == Cut::stability) {
    // A workload can not start more moves in an hour than this: a start takes its time.
    model.policy.stability = {core::Micros{0}, core::Micros{0}, core::Micros{0}, core::Ppm{0},
                              1'000'000};
  }
  if (cut == Cut::ladder) {
    for (core::Workload& workload : model.policy.workloads) workload.ladder.resize(1);
  }
  if (cut == Cut::split) {
    for (core::Workload& workload : model.policy.workloads) workload.may_split = false;
  }
  return model;
}

bool is_cut(Cut cut, const core::EventBody& body) {
  switch (cut) {
    case Cut::radio:
      return std::holds_alternative<core::RadioSample>(body);
    case Cut::probe:
      return std::holds_alternative<core::ProbeSample>(body);
    case Cut::queues:
      return std::holds_alternative<core::ClassCounters>(body);
    case Cut::demand:
      return std::holds_alternative<core::WorkloadSample>(body);
    case Cut::qos:
      return std::holds_alternative<core::RouterQosObserved>(body);
    case Cut::nothing:
    case Cut::load:
    case Cut::stability:
    case Cut::ladder:
    case Cut::split:
      return false;
  }
  return false;
}

class WanwiseController final : public Controller {
 public:
  WanwiseController(const core::Model& model, Cut cut)
      : m_cut(cut), m_engine(cut_model(model, cut)) {}

  [[nodiscard]] std::vector<core::Action> on_event(const core::Event& event) override {
    std::vector<core::Action> out;
    // A withheld event still tells that time has passed.
    feed(is_cut(m_cut, event.body) ? core::Event{event.at, core::Tick{}} : shown(event), out);
    if (m_cut == Cut::qos) pretend(event, out);
    return out;
  }

  [[nodiscard]] std::optional<core::Instant> next_wakeup() const override {
    return m_engine.next_wakeup();
  }

 private:
  [[nodiscard]] core::Event shown(core::Event event) const {
    auto* sample = std::get_if<core::TargetSample>(&event.body);
    if (m_cut == Cut::load && sample != nullptr) {
      sample->load.reset();
      sample->throttle.reset();
      sample->power_mode.reset();
      sample->temperature_c.reset();
    }
    return event;
  }

  void feed(const core::Event& event, std::vector<core::Action>& out) {
    core::Step step = m_engine.apply(event);
    for (core::Action& action : step.actions) {
      if (m_cut == Cut::qos && std::holds_alternative<core::ApplyQos>(action.body)) {
        m_swallowed.push_back(std::move(action));
      } else {
        out.push_back(std::move(action));
      }
    }
  }

  /// A router that is told to have nothing of ours when it connects, and then does as it is told.
  void pretend(const core::Event& event, std::vector<core::Action>& out) {
    const auto* session = std::get_if<core::RouterSession>(&event.body);
    if (session != nullptr && session->state == core::SessionState::connected) {
      feed({event.at, core::RouterQosObserved{session->router, event.at, std::nullopt, {}}}, out);
    }
    // An answer may lead to another write; what is left waits for the next event.
    constexpr int kMostAnswers = 16;
    for (int i = 0; i < kMostAnswers && !m_swallowed.empty(); ++i) {
      const core::Action action = std::move(m_swallowed.front());
      m_swallowed.pop_front();
      const core::RouterQos& qos = std::get<core::ApplyQos>(action.body).desired;
      feed({event.at, core::RouterQosObserved{qos.router, event.at, qos, {}}}, out);
      feed({event.at, core::ActionDone{action.id, core::Outcome::done, {}, {}}}, out);
    }
  }

  Cut m_cut;
  core::Engine m_engine;
  std::deque<core::Action> m_swallowed;  ///< at most one for each router
};

Definition wanwise(std::string name, Cut cut, std::string stands_for) {
  return {std::move(name),
          PolicyKind::wanwise,
          std::move(stands_for),
          "engine/core, unchanged",
          {},
          [cut](const core::Model& model, const Parameters&, const Foresight&) {
            return std::make_unique<WanwiseController>(model, cut);
          }};
}

}  // namespace

std::vector<Definition> wanwise_policies() {
  return {
      wanwise("wanwise", Cut::nothing, "this project's engine"),
      wanwise("wanwise-no-radio", Cut::radio, "without the modem's radio values"),
      wanwise("wanwise-no-probe", Cut::probe, "without IP SLA's round trips"),
      wanwise("wanwise-no-queues", Cut::queues, "without the router's class queues"),
      wanwise("wanwise-no-load", Cut::load, "without the targets' load, heat and power mode"),
      wanwise("wanwise-no-demand", Cut::demand, "without what workloads live through"),
      wanwise("wanwise-no-qos", Cut::qos, "moves alone: its QoS is never written"),
      wanwise("wanwise-no-stability", Cut::stability, "without delays, dwell, gain and budget"),
      wanwise("wanwise-no-ladder", Cut::ladder, "without degraded rungs"),
      wanwise("wanwise-no-split", Cut::split, "without splits over two targets"),
  };
}

}  // namespace wanwise::sim
