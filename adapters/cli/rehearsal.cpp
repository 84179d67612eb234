#include "adapters/cli/rehearsal.hpp"

#include <chrono>
#include <utility>

namespace wanwise::cli {

Rehearsal::Rehearsal(boost::asio::io_context& io, SitePorts& ports, const ports::Clock& clock)
    : m_io(io), m_ports(ports), m_clock(clock) {}

void Rehearsal::post(core::EventBody body) {
  note(body);
  if (m_events.size() < kMostEvents) m_events.push_back({m_clock.now(), std::move(body)});
}

void Rehearsal::note(const core::EventBody& body) {
  if (const auto* e = std::get_if<core::RouterSession>(&body)) m_observed.sessions[e->router] = *e;
  if (const auto* e = std::get_if<core::RouterQosObserved>(&body)) m_observed.qos[e->router] = *e;
  if (const auto* e = std::get_if<core::LinkCounters>(&body)) m_observed.links[e->link] = *e;
  if (const auto* e = std::get_if<core::RadioSample>(&body)) m_observed.radios[e->link] = *e;
  if (const auto* e = std::get_if<core::ProbeSample>(&body)) m_observed.probes[e->link] = *e;
  if (const auto* e = std::get_if<core::TargetSample>(&body)) m_observed.targets[e->target] = *e;
  if (const auto* e = std::get_if<core::PlacementObserved>(&body)) {
    m_observed.placements[e->workload] = *e;
  }
}

void Rehearsal::listen(core::Micros patience, const std::function<bool()>& enough) {
  for (const SitePorts::Router& router : m_ports.routers) router.port->start(*this);
  for (const auto& node : m_ports.metrics) node->start(*this);
  if (m_ports.door) {
    m_ports.door->cluster().start(*this);
    m_ports.door->metrics().start(*this);
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(patience.count);
  while (!enough() && m_io.run_one_until(end) > 0) {
  }
  for (const SitePorts::Router& router : m_ports.routers) router.port->stop();
  for (const auto& node : m_ports.metrics) node->stop();
  if (m_ports.door) {
    m_ports.door->metrics().stop();
    m_ports.door->cluster().stop();
  }
}

}  // namespace wanwise::cli
