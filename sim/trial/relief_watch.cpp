#include "sim/trial/relief_watch.hpp"

#include <utility>

namespace wanwise::sim {

core::Ppm ReliefWatch::exchange(const std::string& of, core::Ppm factor) {
  return std::exchange(m_factors.try_emplace(of, core::kWhole).first->second, factor);
}

bool ReliefWatch::ends_something(const Disturbance& what) {
  if (const auto* it = std::get_if<DemandChange>(&what))
    return it->factor < exchange("demand " + it->workload.text, it->factor);
  if (const auto* it = std::get_if<UplinkChange>(&what))
    return it->factor > exchange("uplink " + it->link.text, it->factor);
  if (const auto* it = std::get_if<ThrottleChange>(&what))
    return it->factor < exchange("heat " + it->target.text, it->factor);
  if (const auto* it = std::get_if<AliveChange>(&what)) return it->alive;
  if (const auto* it = std::get_if<LinkChange>(&what)) return it->up;
  return false;
}

}  // namespace wanwise::sim
