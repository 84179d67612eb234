// How many requests are in the system, and the exact integral of that number over time: the left
// side of Little's law, to be held against the sojourns of the requests. O(1) a change. Value type;
// any thread.
#pragma once

#include <cstdint>

#include "sim/world/kernel/time.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

__extension__ using WideNanos = __int128;

constexpr RequestTime to_request_time(WideNanos total) {
  return {static_cast<std::int64_t>(total / kNanosPerSecond),
          static_cast<std::int64_t>(total % kNanosPerSecond)};
}

class Census {
 public:
  void enter(Nanos now) { change(now, +1); }
  void leave(Nanos now) { change(now, -1); }

  [[nodiscard]] std::int64_t count() const { return m_count; }
  [[nodiscard]] RequestTime total(Nanos now) const {
    return to_request_time(m_total + WideNanos{m_count} * (now - m_since));
  }

 private:
  void change(Nanos now, std::int64_t by) {
    m_total += WideNanos{m_count} * (now - m_since);
    m_since = now;
    m_count += by;
  }

  std::int64_t m_count = 0;
  WideNanos m_total = 0;
  Nanos m_since = 0;
};

}  // namespace wanwise::sim
