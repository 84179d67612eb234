// A World that follows the steady clock and may be used by several threads: NETCONF, the door of
// the simulated cluster, the scenario. Whoever enters sees the world as of now. Its origin is the
// moment it was made.
#pragma once

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "sim/world/world.hpp"

namespace wanwise::router {

class SharedWorld {
 public:
  explicit SharedWorld(sim::WorldConfig config)
      : m_world(std::move(config)), m_origin(std::chrono::steady_clock::now()) {}

  /// Calls `use(sim::World&)` with the world advanced to now. Do not enter again from inside.
  template <class Use>
  auto enter(Use use) {
    const std::lock_guard lock(m_mutex);
    m_world.advance_to(now());
    return use(m_world);
  }

  [[nodiscard]] core::Instant now() const {
    return core::Instant{std::chrono::duration_cast<std::chrono::microseconds>(
                             std::chrono::steady_clock::now() - m_origin)
                             .count()};
  }

 private:
  std::mutex m_mutex;
  sim::World m_world;
  const std::chrono::steady_clock::time_point m_origin;
};

}  // namespace wanwise::router
