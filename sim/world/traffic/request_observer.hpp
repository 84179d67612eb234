// Told what became of every request: how studies measure. Called from within World::advance_to() on
// its thread; must not call the world.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

enum class RequestFate : std::uint8_t {
  completed,
  lost,     ///< refused, timed out, or died with a target or a packet
  skipped,  ///< not sent: suspended, or the rung's rate
};

struct RequestEnd {
  std::uint32_t workload = 0;           ///< position in model.policy.workloads
  std::uint32_t source = 0;             ///< position in model.site.sources
  std::optional<std::uint32_t> target;  ///< nodes, then clouds; absent: it was sent nowhere
  RequestFate fate = RequestFate::completed;
  Nanos created = 0;
  Nanos ended = 0;
};

class RequestObserver {
 public:
  virtual void on_end(const RequestEnd& request) = 0;

  virtual ~RequestObserver() = default;
};

}  // namespace wanwise::sim
