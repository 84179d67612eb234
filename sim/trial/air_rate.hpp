// What the air of a run offers, second by second: the links' traces under the story's factors. Pure
// but for its cursor; one owner.
#pragma once

#include <vector>

#include "sim/world/scenario.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

class AirRate {
 public:
  explicit AirRate(const WorldConfig& config);

  void disturb(const Disturbance& what);
  /// Mean over [from, to) of all links' uplinks together, at the factors of now.
  [[nodiscard]] core::Bps between(core::Micros from, core::Micros to) const;

 private:
  struct LinkAir {
    core::LinkName link;
    const RateTrace* uplink;
    core::Ppm factor = core::kWhole;
  };
  std::vector<LinkAir> m_links;
};

}  // namespace wanwise::sim
