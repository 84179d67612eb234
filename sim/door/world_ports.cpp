#include "sim/door/world_ports.hpp"

#include <utility>
#include <variant>

namespace wanwise::sim {

WorldPorts::WorldPorts(World& world, const core::Model& model, core::Micros period)
    : m_world(world), m_watch(model, period) {}

void WorldPorts::poll() {
  for (core::EventBody& body : m_watch.poll(m_world)) {
    const bool metric = std::holds_alternative<core::TargetSample>(body);
    if (!metric && !m_cluster_reachable) continue;
    ports::EventSink* sink = metric ? m_metrics_sink : m_cluster_sink;
    if (sink != nullptr) sink->post(std::move(body));
  }
}

void WorldPorts::Cluster::start(ports::EventSink& sink) {
  m_owner.m_cluster_sink = &sink;
  for (core::EventBody& body : m_owner.m_watch.placements(m_owner.m_world)) {
    sink.post(std::move(body));
  }
}

void WorldPorts::Cluster::submit(core::ActionId id, const core::PlaceWorkload& action,
                                 core::Instant deadline, const std::string& /*why*/) {
  if (m_owner.m_cluster_reachable) {
    m_owner.m_watch.submit(m_owner.m_world, id, action, deadline);
  } else if (m_owner.m_cluster_sink != nullptr) {
    m_owner.m_cluster_sink->post(
        core::ActionDone{id, core::Outcome::failed, "api-unreachable", "the cluster's API"});
  }
}

void WorldPorts::set_cluster_reachable(bool reachable) {
  if (std::exchange(m_cluster_reachable, reachable) == reachable || !reachable) return;
  if (m_cluster_sink == nullptr) return;
  for (core::EventBody& body : m_watch.placements(m_world)) m_cluster_sink->post(std::move(body));
}

void WorldPorts::Metrics::start(ports::EventSink& sink) {
  m_owner.m_metrics_sink = &sink;
  for (core::EventBody& body : m_owner.m_watch.targets(m_owner.m_world)) sink.post(std::move(body));
}

}  // namespace wanwise::sim
