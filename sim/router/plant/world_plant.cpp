#include "sim/router/plant/world_plant.hpp"

namespace wanwise::router {
namespace {

constexpr std::uint64_t kEthernetBps = 1'000'000'000;

InterfaceState wan_state(const sim::World& world, const core::Link& link) {
  InterfaceState out;
  out.counters = world.interface(link.interface);
  out.cellular = link.kind == core::LinkKind::cellular;
  // A modem reports a nominal rate that says nothing about the air.
  out.speed_bps =
      out.cellular ? static_cast<std::uint64_t>(link.uplink_ceiling.count) : kEthernetBps;
  out.queues = world.queues(link.interface);
  out.radio = world.radio(link.name);
  return out;
}

}  // namespace

WorldPlant::WorldPlant(SharedWorld& world, const core::Model& model, const core::RouterName& router)
    : m_world(world), m_router(router) {
  for (const core::Link& link : model.site.links) {
    if (link.router == router) {
      m_links.push_back(link);
    }
  }
  for (const core::Node& node : model.site.nodes) {
    if (node.router == router && !node.port.empty()) {
      m_nodes.push_back(node);
    }
  }
  for (const core::Router& own : model.site.routers) {
    if (own.name == router) {
      m_lan_interface = own.lan_interface;
    }
  }
}

PlantReading WorldPlant::read() {
  return m_world.enter([this](const sim::World& world) {
    PlantReading out;
    out.at = world.now();
    for (const core::Link& link : m_links) {
      out.interfaces.push_back(wan_state(world, link));
      // A probe that wanwise sets up is there once it is configured, and not before.
      if (link.probe && !link.probe_setup) {
        if (auto probe = world.probe(*link.probe)) {
          out.probes.push_back(*probe);
        }
      }
    }
    out.operations = world.operations();
    InterfaceState lan;
    lan.counters = world.interface(m_lan_interface);
    lan.speed_bps = kEthernetBps;
    out.interfaces.push_back(std::move(lan));
    for (const core::Node& node : m_nodes) {
      InterfaceState port;
      port.counters.interface = node.port;
      port.counters.up = world.target(node.name).reachable;
      port.speed_bps = kEthernetBps;
      out.interfaces.push_back(std::move(port));
    }
    return out;
  });
}

const core::Link* WorldPlant::link_behind(const std::string& next_hop) const {
  for (const core::Link& link : m_links) {
    if (link.next_hop == next_hop) return &link;
  }
  return nullptr;
}

std::optional<sim::SteerRule> WorldPlant::steer(const RouteWish& wish) const {
  std::vector<core::LinkName> ways;
  for (const std::string& hop : wish.next_hops) {
    if (const core::Link* link = link_behind(hop)) ways.push_back(link->name);
  }
  if (ways.empty()) return std::nullopt;  // a next hop that is none of this site's links
  sim::SteerRule out{m_router, wish.flow, ways.front(), std::nullopt, std::nullopt, std::nullopt};
  if (ways.size() > 1) out.backup = ways[1];
  return out;
}

void WorldPlant::configure(const PlantConfig& config) {
  sim::QosConfig out = config.qos;
  for (const RouteWish& wish : config.routes) {
    if (auto rule = steer(wish)) out.steering.push_back(*rule);
  }
  for (sim::OperationConfig& operation : out.operations) {
    if (operation.interface.empty() && !m_links.empty()) {
      operation.interface = m_links.front().interface;
    }
  }
  m_world.enter([&](sim::World& world) { world.configure(out); });
}

bool WorldPlant::set_interface(const std::string& name, bool up) {
  for (const core::Link& link : m_links) {
    if (link.interface != name) continue;
    m_world.enter([&](sim::World& world) { world.set_link(link.name, up); });
    return true;
  }
  return false;
}

}  // namespace wanwise::router
