// How long to wait before the next try to reach a router. A NETCONF server that restarts (a change
// of its features, an upgrade) is back within a minute, so for longer than that the tries stay
// dense; only then the wait grows. Pure; belongs to one router's loop.
#pragma once

#include <algorithm>

#include "adapters/iosxe/config.hpp"
#include "engine/core/units.hpp"

namespace wanwise::iosxe {

class Backoff {
 public:
  /// Waits stay at or below kDenseWait until so much has been waited: 30 to 60 s restarts seen on
  /// devices, and half as much again.
  static constexpr core::Micros kRestartBudget = core::seconds(90);
  static constexpr core::Micros kDenseWait = core::seconds(5);

  explicit Backoff(const Limits& limits) : m_limits(&limits) { succeeded(); }

  void succeeded() {
    m_next = m_limits->first_backoff;
    m_waited = core::Micros{0};
  }
  /// The wait after a failure. `refused`: the router answered, and will not change its mind soon.
  [[nodiscard]] core::Micros failed(bool refused) {
    if (refused) return m_limits->refused_backoff;
    const bool dense = m_waited < kRestartBudget;
    const core::Micros cap =
        dense ? std::min(kDenseWait, m_limits->max_backoff) : m_limits->max_backoff;
    const core::Micros wait = std::min(m_next, cap);
    m_next = std::min(wait * 2, m_limits->max_backoff);
    m_waited += wait;
    return wait;
  }

 private:
  const Limits* m_limits;
  core::Micros m_next;
  core::Micros m_waited;
};

}  // namespace wanwise::iosxe
