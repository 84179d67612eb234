// A whole simulated site behind the emulated router: the world, its heartbeat and scenario, and the
// door through which the simulated cluster is steered. Owns them and their threads; one owner.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/expected.hpp"
#include "engine/core/model.hpp"
#include "sim/door/site_door.hpp"
#include "sim/router/plant/heartbeat.hpp"
#include "sim/router/plant/shared_world.hpp"
#include "sim/router/plant/world_plant.hpp"

namespace wanwise::router {

/// What a cellular link goes through without recordings (sim/world/generate.hpp).
enum class TraceKind : std::uint8_t { lte_driving, nr_static, constant };

struct SiteRequest {
  std::vector<std::string> documents;
  std::string schema_dir;
  std::string site;    ///< empty: the only one
  std::string router;  ///< empty: the site's first
  TraceKind trace = TraceKind::lte_driving;
  std::string radio_file;
  std::string rate_file;
  std::string scenario_file;
  core::Micros scenario_length;  ///< what its shares are shares of
  std::uint64_t seed = 1;
  std::string door_address;
  std::uint16_t door_port = 0;
};

/// What the documents and recordings come down to, before anything runs.
struct SitePlan {
  core::Model model;
  core::RouterName router;
  std::vector<sim::LinkTraces> traces;
  std::vector<sim::TimedDisturbance> scenario;
  std::vector<std::string> notes;  ///< what the readers of recordings noticed
};

[[nodiscard]] core::Expected<SitePlan> plan_site(const SiteRequest& request);

class SimulatedSite {
 public:
  /// Everything but the door runs when this returns; the scenario's time begins.
  [[nodiscard]] static core::Expected<std::unique_ptr<SimulatedSite>> start(
      SitePlan plan, const SiteRequest& request);
  ~SimulatedSite();
  SimulatedSite(const SimulatedSite&) = delete;
  SimulatedSite& operator=(const SimulatedSite&) = delete;

  [[nodiscard]] Plant& plant() { return m_plant; }
  [[nodiscard]] std::uint16_t door_port() const { return m_door->port(); }

 private:
  SimulatedSite(SitePlan plan, std::uint64_t seed);
  [[nodiscard]] core::Expected<void> open_door(const SiteRequest& request);

  core::Model m_model;
  SharedWorld m_world;
  WorldPlant m_plant;
  boost::asio::io_context m_io;
  std::unique_ptr<sim::SiteDoor> m_door;
  std::thread m_door_thread;
  std::optional<Heartbeat> m_heartbeat;
};

}  // namespace wanwise::router
