// A site, its ports and a controller on one virtual time line: the world runs until something is
// due, news becomes events, the controller answers with actions, the ports carry them out. What the
// daemon's loop is in real time, with the same queue and the same dispatcher. Borrows the world and
// the controller; one thread.
#pragma once

#include <optional>
#include <vector>

#include "engine/ports/clock.hpp"
#include "engine/runtime/dispatcher.hpp"
#include "engine/runtime/event_queue.hpp"
#include "sim/baselines/controller.hpp"
#include "sim/door/world_ports.hpp"
#include "sim/door/world_routers.hpp"
#include "sim/world/scenario.hpp"

namespace wanwise::sim {

/// Sees everything that passes between the site and its controller.
class LoopListener {
 public:
  virtual ~LoopListener() = default;
  virtual void on_event(const core::Event& event) = 0;
  virtual void on_action(core::Instant at, const core::Action& action) = 0;
};

struct LoopPace {
  RouterPace routers;
  core::Micros cluster_period = core::seconds(1);
};

class SiteLoop {
 public:
  SiteLoop(World& world, const core::Model& model, Controller& controller, LoopPace pace,
           LoopListener& listener);

  /// Starts the ports; once, before run_to().
  void start();
  void run_to(core::Instant end);
  /// A disturbance, now: of the world or of the ports.
  void disturb(const Disturbance& what);

  [[nodiscard]] const WorldRouters& routers() const { return m_routers; }
  [[nodiscard]] std::int64_t events() const { return m_events; }

 private:
  class WorldClock final : public ports::Clock {
   public:
    explicit WorldClock(const World& world) : m_world(world) {}
    [[nodiscard]] core::Instant now() const override { return m_world.now(); }

   private:
    const World& m_world;
  };

  [[nodiscard]] core::Instant next_due() const;
  [[nodiscard]] std::optional<core::Instant> next_tick() const;
  void collect();
  void drain();
  void handle(core::Event event);

  World& m_world;
  Controller& m_controller;
  LoopListener& m_listener;
  WorldClock m_clock;
  WorldRouters m_routers;
  WorldPorts m_cluster;
  runtime::EventQueue m_queue;
  runtime::Dispatcher m_dispatcher;
  core::Instant m_last_at{INT64_MIN};
  core::Instant m_last_tick{INT64_MIN / 2};
  std::int64_t m_events = 0;
};

}  // namespace wanwise::sim
