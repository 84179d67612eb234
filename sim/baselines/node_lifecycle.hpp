// What kube-controller-manager thinks of one node: ready while its Lease is renewed, unknown after
// the grace period, its pods evicted when their toleration has passed. Value type; one owner.
#pragma once

#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::sim {

struct NodeTiming {
  core::Micros heartbeat;   ///< a kubelet renews its Lease this often
  core::Micros grace;       ///< --node-monitor-grace-period
  core::Micros toleration;  ///< tolerationSeconds of not-ready and unreachable
};

class NodeLifecycle {
 public:
  NodeLifecycle(NodeTiming timing, core::Instant created)
      : m_timing(timing), m_heartbeat(created) {}

  /// The node could be heard now. Renewals in between two heartbeats are not sent.
  void heard(core::Instant now) {
    if (now - m_heartbeat < m_timing.heartbeat) return;
    m_heartbeat = now;
    m_unknown_since.reset();
  }
  /// The monitor looks (--node-monitor-period).
  void monitor(core::Instant now) {
    if (!m_unknown_since && now - m_heartbeat >= m_timing.grace) m_unknown_since = now;
  }

  /// Without a NoExecute taint: new pods may come.
  [[nodiscard]] bool ready() const { return !m_unknown_since.has_value(); }
  [[nodiscard]] bool evicts(core::Instant now) const {
    return m_unknown_since && now - *m_unknown_since >= m_timing.toleration;
  }
  /// When evicts() becomes true by time alone.
  [[nodiscard]] std::optional<core::Instant> eviction() const {
    if (!m_unknown_since) return std::nullopt;
    return *m_unknown_since + m_timing.toleration;
  }

 private:
  NodeTiming m_timing;
  core::Instant m_heartbeat;
  std::optional<core::Instant> m_unknown_since;
};

}  // namespace wanwise::sim
