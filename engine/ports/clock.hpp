// The engine's time line. The runtime's is a steady clock; the simulator's is virtual.
#pragma once

#include "engine/core/units.hpp"

namespace wanwise::ports {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual core::Instant now() const = 0;
};

}  // namespace wanwise::ports
