#include "engine/runtime/loop.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>
#include <variant>

#include "engine/core/check.hpp"

namespace wanwise::runtime {
namespace {

/// The handler `call` of a loop, good for nothing once the loop is gone.
template <class Call>
auto while_alive(const std::shared_ptr<Loop*>& self, Call call) {
  return [weak = std::weak_ptr<Loop*>(self), call] {
    if (const auto alive = weak.lock()) call(**alive);
  };
}

}  // namespace

Loop::Loop(boost::asio::io_context& io, core::Engine engine, const ports::Clock& clock,
           Alarm& alarm, LoopPorts ports, QueueLimits limits)
    : m_io(io),
      m_clock(clock),
      m_alarm(alarm),
      m_ports(std::move(ports)),
      m_engine(std::move(engine)),
      m_queue(
          clock, [this] { schedule(); }, limits),
      m_dispatcher(m_ports.routers, m_ports.cluster),
      m_self(std::make_shared<Loop*>(this)) {}

Loop::~Loop() {
  m_alarm.clear();
}

void Loop::forget(StepObserver& observer) {
  std::erase(m_observers, &observer);
}

void Loop::start() {
  WANWISE_CHECK(m_state == State::idle);
  m_state = State::running;
  for (const auto& [name, router] : m_ports.routers) router->start(m_queue);
  if (m_ports.cluster != nullptr) m_ports.cluster->start(m_queue);
  for (ports::NodeMetrics* metrics : m_ports.metrics) metrics->start(m_queue);
  schedule();
}

void Loop::stop(core::Micros patience, std::function<void()> stopped) {
  WANWISE_CHECK(m_state == State::running);
  m_state = State::stopping;
  m_stop_deadline = m_clock.now() + patience;
  m_stopped = std::move(stopped);
  schedule();
}

LoopCounters Loop::counters() const {
  return {m_queue.counters(), m_dispatcher.counters(), m_discarded};
}

void Loop::schedule() {
  boost::asio::post(m_io, while_alive(m_self, [](Loop& loop) { loop.drain(); }));
}

void Loop::drain() {
  if (m_state == State::idle || m_state == State::stopped) return;
  for (int i = 0; i < kBatch; ++i) {
    if (take_one()) continue;
    if (settled()) {
      finish();
    } else {
      arm();
    }
    return;
  }
  schedule();
}

bool Loop::take_one() {
  if (!m_due.empty()) {
    core::Event event{m_clock.now(), std::move(m_due.front())};
    m_due.pop_front();
    apply(std::move(event));
    return true;
  }
  std::optional<core::Event> event = m_queue.pop();
  if (!event) return false;
  handle(std::move(*event));
  return true;
}

void Loop::handle(core::Event event) {
  if (const auto* done = std::get_if<core::ActionDone>(&event.body)) {
    if (!m_dispatcher.settle(*done)) return;
  } else if (m_state == State::stopping) {
    ++m_discarded;
    return;
  }
  apply(std::move(event));
}

void Loop::apply(core::Event event) {
  // A coalesced sample stands where its predecessor stood, with its own, later stamp: what follows
  // it may be stamped a little before. The engine's time does not run backwards.
  event.at = std::max(event.at, m_last_at);
  m_last_at = event.at;
  if (std::holds_alternative<core::Tick>(event.body)) m_last_tick = event.at;

  if (m_ports.journal != nullptr) m_ports.journal->record(event);
  const core::Step step = m_engine.apply(event);
  if (m_ports.journal != nullptr) m_ports.journal->record(step, m_engine.digest());
  if (m_state == State::running) {
    for (const core::Action& action : step.actions) m_dispatcher.submit(action);
    if (!step.actions.empty()) collect_due();
  }
  // By index: an observer may forget itself, or bring another.
  for (std::size_t i = 0; i < m_observers.size(); ++i) m_observers[i]->on_step(event, step);
}

void Loop::collect_due() {
  for (core::ActionDone& done : m_dispatcher.take_due(m_clock.now())) {
    m_due.push_back(std::move(done));
  }
}

std::optional<core::Instant> Loop::next_tick() const {
  if (m_state != State::running) return std::nullopt;
  const std::optional<core::Instant> wanted = m_engine.next_wakeup();
  if (!wanted) return std::nullopt;
  return std::max(*wanted, m_last_tick + kTickSpacing);
}

void Loop::arm() {
  std::optional<core::Instant> when = next_tick();
  const auto at_latest = [&when](core::Instant at) { when = when ? std::min(*when, at) : at; };
  if (const auto due = m_dispatcher.next_due()) at_latest(*due);
  if (m_state == State::stopping) at_latest(m_stop_deadline);
  if (when) {
    m_alarm.set(*when, while_alive(m_self, [](Loop& loop) { loop.on_alarm(); }));
  } else {
    m_alarm.clear();
  }
}

void Loop::on_alarm() {
  const core::Instant now = m_clock.now();
  collect_due();
  if (m_state == State::stopping && now >= m_stop_deadline) {
    for (core::ActionDone& done : m_dispatcher.abandon("stopping")) {
      m_due.push_back(std::move(done));
    }
  }
  const std::optional<core::Instant> tick = next_tick();
  if (tick && *tick <= now) m_queue.post(core::Tick{});
  schedule();
}

bool Loop::settled() const {
  return m_state == State::stopping && m_dispatcher.in_flight() == 0 && m_due.empty();
}

void Loop::finish() {
  m_state = State::stopped;
  m_alarm.clear();
  for (const auto& [name, router] : m_ports.routers) router->stop();
  if (m_ports.cluster != nullptr) m_ports.cluster->stop();
  for (ports::NodeMetrics* metrics : m_ports.metrics) metrics->stop();
  if (m_stopped) std::exchange(m_stopped, nullptr)();
}

}  // namespace wanwise::runtime
