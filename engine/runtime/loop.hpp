// The loop: queue -> journal -> Engine::apply -> journal -> dispatcher, one event at a time, on the
// thread that runs the io_context. Owns the engine, the queue and the dispatcher; the ports, the
// clock and the alarm are the caller's and must outlive it. Only sink().post() may be called from
// another thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/engine.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/cluster.hpp"
#include "engine/ports/event_sink.hpp"
#include "engine/ports/journal.hpp"
#include "engine/ports/node_metrics.hpp"
#include "engine/ports/router.hpp"
#include "engine/runtime/alarm.hpp"
#include "engine/runtime/dispatcher.hpp"
#include "engine/runtime/event_queue.hpp"

namespace wanwise::runtime {

/// Events handled before other handlers of the io_context get their turn: at some 10 µs each, an
/// adapter waits for its socket no longer than a millisecond.
inline constexpr int kBatch = 64;

/// Ticks are at least this far apart, whatever the engine asks for: an engine that wants to be
/// woken in the past costs one decision in a millisecond, not a spinning processor.
inline constexpr core::Micros kTickSpacing = core::milliseconds(1);

/// Told of every step after its actions were handed over. On the loop's thread; must not block.
class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void on_step(const core::Event& event, const core::Step& step) = 0;
};

/// What the loop drives. None is owned; absent ones are null or missing.
struct LoopPorts {
  std::map<core::RouterName, ports::Router*> routers;
  ports::Cluster* cluster = nullptr;
  std::vector<ports::NodeMetrics*> metrics;
  ports::Journal* journal = nullptr;
};

struct LoopCounters {
  QueueCounters queue;
  DispatchCounters dispatch;
  std::uint64_t discarded_while_stopping = 0;
};

class Loop {
 public:
  Loop(boost::asio::io_context& io, core::Engine engine, const ports::Clock& clock, Alarm& alarm,
       LoopPorts ports, QueueLimits limits = {});
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  [[nodiscard]] ports::EventSink& sink() { return m_queue; }
  void observe(StepObserver& observer) { m_observers.push_back(&observer); }
  void forget(StepObserver& observer);

  /// Starts the ports and arms the alarm.
  void start();

  /// No new action from now on. Waits for those in the air at most `patience`, gives up the rest
  /// ("stopping"), stops the ports, then calls `stopped` once. Only answers to actions still reach
  /// the engine meanwhile.
  void stop(core::Micros patience, std::function<void()> stopped);

  [[nodiscard]] const core::Engine& engine() const { return m_engine; }
  [[nodiscard]] LoopCounters counters() const;

 private:
  enum class State : std::uint8_t { idle, running, stopping, stopped };

  void schedule();
  void drain();
  bool take_one();
  void handle(core::Event event);
  void apply(core::Event event);
  void collect_due();
  void arm();
  void on_alarm();
  void finish();
  [[nodiscard]] std::optional<core::Instant> next_tick() const;
  [[nodiscard]] bool settled() const;

  boost::asio::io_context& m_io;
  const ports::Clock& m_clock;
  Alarm& m_alarm;
  LoopPorts m_ports;
  core::Engine m_engine;
  EventQueue m_queue;
  Dispatcher m_dispatcher;
  std::vector<StepObserver*> m_observers;
  /// Answers the dispatcher gave; at most one for each action of the steps so far.
  std::deque<core::ActionDone> m_due;
  State m_state = State::idle;
  core::Instant m_last_at{INT64_MIN};
  core::Instant m_last_tick{INT64_MIN / 2};
  core::Instant m_stop_deadline;
  std::function<void()> m_stopped;
  std::uint64_t m_discarded = 0;
  /// Handlers that outlive the loop in the io_context hold it weakly. Declared last: it dies first.
  std::shared_ptr<Loop*> m_self;
};

}  // namespace wanwise::runtime
