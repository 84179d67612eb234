// A fixed period on a policy's own time line, counted from its first event. Value type.
#pragma once

#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::sim {

class Beat {
 public:
  /// A period of 0 never beats.
  explicit Beat(core::Micros period) : m_period(period) {}

  /// True once for each period that ended; several that ended at once count as one.
  bool due(core::Instant now) {
    if (m_period.count <= 0) return false;
    if (!m_next) m_next = now + m_period;
    if (now < *m_next) return false;
    const std::int64_t periods = (now - *m_next).count / m_period.count + 1;
    m_next = *m_next + m_period * periods;
    return true;
  }
  [[nodiscard]] std::optional<core::Instant> next() const { return m_next; }

 private:
  core::Micros m_period;
  std::optional<core::Instant> m_next;
};

}  // namespace wanwise::sim
