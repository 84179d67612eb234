#include "tests/unit/runtime/scripted_engine.hpp"

#include <utility>

#include "engine/core/digest.hpp"

namespace wanwise::core {

struct Engine::State {
  Model model;
  Digest digest;
};

Engine::Engine(Model model) : m_state(std::make_unique<State>()) {
  m_state->model = std::move(model);
  m_state->digest.add_number(testing::script().salt);
}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Step Engine::apply(const Event& event) {
  testing::EngineScript& script = testing::script();
  script.seen.push_back(event);
  m_state->digest.add(event);
  Step step = script.answer ? script.answer(event) : Step{};
  for (const Action& action : step.actions) m_state->digest.add(action);
  return step;
}

std::optional<Instant> Engine::next_wakeup() const {
  return testing::script().wakeup;
}
std::uint64_t Engine::digest() const {
  return m_state->digest.value();
}
const Model& Engine::model() const {
  return m_state->model;
}
Status Engine::status() const {
  return {};
}
std::optional<Explanation> Engine::explain(const WorkloadName&) const {
  return std::nullopt;
}
Counters Engine::totals() const {
  return {};
}

}  // namespace wanwise::core

namespace wanwise::testing {

EngineScript& script() {
  static EngineScript the_script;
  return the_script;
}

core::Engine scripted_engine() {
  script() = EngineScript{};
  return core::Engine(core::Model{});
}

}  // namespace wanwise::testing
