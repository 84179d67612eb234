#include "sim/router/plant/simulated_site.hpp"

#include <utility>

namespace wanwise::router {
namespace {

// Two failed scrapes make a dead node: at this period one is known within a second and a bit.
constexpr core::Micros kScrapePeriod = core::milliseconds(500);

sim::WorldConfig world_config(const core::Model& model, std::vector<sim::LinkTraces> traces,
                              std::uint64_t seed) {
  sim::WorldConfig out;
  out.model = model;
  out.links = std::move(traces);
  out.seed = seed;
  return out;
}

}  // namespace

SimulatedSite::SimulatedSite(SitePlan plan, std::uint64_t seed)
    : m_model(std::move(plan.model)),
      m_world(world_config(m_model, std::move(plan.traces), seed)),
      m_plant(m_world, m_model, plan.router) {}

core::Expected<std::unique_ptr<SimulatedSite>> SimulatedSite::start(SitePlan plan,
                                                                    const SiteRequest& request) {
  std::vector<sim::TimedDisturbance> scenario = std::move(plan.scenario);
  std::unique_ptr<SimulatedSite> site(new SimulatedSite(std::move(plan), request.seed));
  if (auto opened = site->open_door(request); !opened) {
    return core::Unexpected<core::Error>{opened.error()};
  }
  site->m_heartbeat.emplace(site->m_world, std::move(scenario));
  return site;
}

core::Expected<void> SimulatedSite::open_door(const SiteRequest& request) {
  auto door = sim::SiteDoor::open(
      m_io, m_model, [this](const std::function<void(sim::World&)>& use) { m_world.enter(use); },
      {.address = request.door_address, .port = request.door_port, .period = kScrapePeriod});
  if (!door) {
    return core::Unexpected<core::Error>{door.error()};
  }
  m_door = std::move(*door);
  m_door->start();
  m_door_thread = std::thread([this] { m_io.run(); });
  return {};
}

SimulatedSite::~SimulatedSite() {
  m_heartbeat.reset();
  if (m_door_thread.joinable()) {
    // The door belongs to its thread: it closes there, after which nothing is left to run.
    boost::asio::post(m_io, [this] { m_door.reset(); });
    m_door_thread.join();
  }
}

}  // namespace wanwise::router
