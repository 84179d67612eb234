// The data plane of one router of a simulated site. Thread-safe; the world outlives it.
#pragma once

#include "engine/core/model.hpp"
#include "sim/router/plant/plant.hpp"
#include "sim/router/plant/shared_world.hpp"

namespace wanwise::router {

class WorldPlant : public Plant {
 public:
  WorldPlant(SharedWorld& world, const core::Model& model, const core::RouterName& router);

  [[nodiscard]] PlantReading read() override;
  void configure(const PlantConfig& config) override;
  [[nodiscard]] bool set_interface(const std::string& name, bool up) override;

 private:
  [[nodiscard]] const core::Link* link_behind(const std::string& next_hop) const;
  [[nodiscard]] std::optional<sim::SteerRule> steer(const RouteWish& wish) const;

  SharedWorld& m_world;
  const core::RouterName m_router;
  std::vector<core::Link> m_links;  ///< of this router
  std::vector<core::Node> m_nodes;  ///< whose port on this router is known
  std::string m_lan_interface;
};

}  // namespace wanwise::router
