#include "sim/trial/site_loop.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {
namespace {

// As the daemon's loop: a controller that wants to be woken in the past is woken a thousand times a
// second, not for ever.
constexpr core::Micros kTickSpacing = core::milliseconds(1);

}  // namespace

SiteLoop::SiteLoop(World& world, const core::Model& model, Controller& controller, LoopPace pace,
                   LoopListener& listener)
    : m_world(world),
      m_controller(controller),
      m_listener(listener),
      m_clock(world),
      m_routers(world, model, pace.routers),
      m_cluster(world, model, pace.cluster_period),
      m_queue(m_clock, [] {}),
      m_dispatcher(m_routers.ports(), &m_cluster.cluster()) {}

void SiteLoop::start() {
  for (const auto& [name, router] : m_routers.ports()) router->start(m_queue);
  m_cluster.cluster().start(m_queue);
  m_cluster.metrics().start(m_queue);
  drain();
}

void SiteLoop::run_to(core::Instant end) {
  while (m_world.now() < end) {
    m_world.advance_to(std::clamp(next_due(), m_world.now(), end));
    collect();
    drain();
  }
}

core::Instant SiteLoop::next_due() const {
  core::Instant due = std::min(m_routers.next_due(), m_cluster.next_due());
  if (const auto tick = next_tick()) due = std::min(due, *tick);
  if (const auto overdue = m_dispatcher.next_due()) due = std::min(due, *overdue);
  return due;
}

std::optional<core::Instant> SiteLoop::next_tick() const {
  const auto wanted = m_controller.next_wakeup();
  if (!wanted) return std::nullopt;
  return std::max(*wanted, m_last_tick + kTickSpacing);
}

void SiteLoop::collect() {
  m_routers.poll();
  m_cluster.poll();
  const auto tick = next_tick();
  if (tick && *tick <= m_world.now()) m_queue.post(core::Tick{});
}

void SiteLoop::drain() {
  for (;;) {
    for (core::ActionDone& done : m_dispatcher.take_due(m_world.now()))
      handle({m_world.now(), std::move(done)});
    std::optional<core::Event> event = m_queue.pop();
    if (!event) return;
    const auto* done = std::get_if<core::ActionDone>(&event->body);
    if (done == nullptr || m_dispatcher.settle(*done)) handle(std::move(*event));
  }
}

void SiteLoop::handle(core::Event event) {
  event.at = std::max(event.at, m_last_at);
  m_last_at = event.at;
  if (std::holds_alternative<core::Tick>(event.body)) m_last_tick = event.at;
  ++m_events;
  m_listener.on_event(event);
  for (const core::Action& action : m_controller.on_event(event)) {
    m_listener.on_action(event.at, action);
    m_dispatcher.submit(action);
  }
}

void SiteLoop::disturb(const Disturbance& what) {
  if (!concerns_ports(what)) return apply(m_world, what);
  if (const auto* api = std::get_if<RouterApiChange>(&what)) {
    m_routers.set_reachable(api->router, api->reachable);
  } else if (const auto* cluster = std::get_if<ClusterApiChange>(&what)) {
    m_cluster.set_cluster_reachable(cluster->reachable);
  } else if (const auto* telemetry = std::get_if<TelemetryChange>(&what)) {
    m_routers.set_delay(telemetry->router, telemetry->delay);
  }
}

}  // namespace wanwise::sim
