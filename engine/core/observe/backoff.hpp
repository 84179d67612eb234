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
    m_shy_until = *m_until + m_next;
    m_next = std::min(m_next * 2, kLongest);
  }
  void succeeded() { *this = Backoff{}; }

  /// Nothing is tried.
  [[nodiscard]] bool waiting(Instant now) const { return m_until && now < *m_until; }
  /// Something else may be tried, but not what failed; as long again as the wait.
  [[nodiscard]] bool shy(Instant now) const { return m_shy_until && now < *m_shy_until; }
  /// When the next of the two ends.
  [[nodiscard]] std::optional<Instant> next_change(Instant now) const {
    if (waiting(now)) return m_until;
    return shy(now) ? m_shy_until : std::nullopt;
  }

 private:
  Micros m_next = kFirst;
  std::optional<Instant> m_until;
  std::optional<Instant> m_shy_until;
};

}  // namespace wanwise::core
