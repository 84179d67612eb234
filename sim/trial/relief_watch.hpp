// Tells the steps of a story that end a disturbance from those that begin one: less demand than
// before, more air, less heat, a thing that is back. From then on a return is waited for. One
// owner; not thread-safe.
#pragma once

#include <map>
#include <string>

#include "sim/world/scenario.hpp"

namespace wanwise::sim {

class ReliefWatch {
 public:
  /// To be asked of every step, in order.
  [[nodiscard]] bool ends_something(const Disturbance& what);

 private:
  /// The factor in force before this one, which replaces it.
  core::Ppm exchange(const std::string& of, core::Ppm factor);

  std::map<std::string, core::Ppm> m_factors;  ///< at most one for each name of the site
};

}  // namespace wanwise::sim
