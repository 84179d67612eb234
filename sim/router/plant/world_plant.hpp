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
  void configure(const sim::QosConfig& config) override;

 private:
  SharedWorld& m_world;
  std::vector<core::Link> m_links;  ///< of this router
  std::string m_lan_interface;
};

}  // namespace wanwise::router
