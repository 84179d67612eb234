// Wait after a failure, longer each time. Value type.
#pragma once

#include <algorithm>
#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::core {

class Backoff {
 public:
  /// A router that refuses once usually means it (a missing feature, a foreign policy); a second is
  /// enough for a passing lock. A minute is the longest an operator should wait after mending the
  /// cause.
  static constexpr Micros kFirst = seconds(1);
  static constexpr Micros kLongest = seconds(60);

  void failed(Instant now) {
    m_until = now + m_next;
    m_next = std::min(m_next * 2, kLongest);
  }
  void succeeded() { *this = Backoff{}; }

  [[nodiscard]] bool waiting(Instant now) const { return m_until && now < *m_until; }
  [[nodiscard]] std::optional<Instant> until() const { return m_until; }

 private:
  Micros m_next = kFirst;
  std::optional<Instant> m_until;
};

}  // namespace wanwise::core
