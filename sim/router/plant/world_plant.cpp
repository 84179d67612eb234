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
    : m_world(world) {
  for (const core::Link& link : model.site.links) {
    if (link.router == router) {
      m_links.push_back(link);
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
      if (link.probe) {
        if (auto probe = world.probe(*link.probe)) {
          out.probes.push_back(*probe);
        }
      }
    }
    InterfaceState lan;
    lan.counters = world.interface(m_lan_interface);
    lan.speed_bps = kEthernetBps;
    out.interfaces.push_back(std::move(lan));
    return out;
  });
}

void WorldPlant::configure(const sim::QosConfig& config) {
  m_world.enter([&](sim::World& world) { world.configure(config); });
}

}  // namespace wanwise::router
