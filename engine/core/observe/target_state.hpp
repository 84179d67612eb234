// What is known of one place where workloads can run. One owner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/node_liveness.hpp"
#include "engine/core/status.hpp"

namespace wanwise::core {

struct TargetView {
  Health health = Health::alive;
  bool draining = false;
  Ppm slowdown = kWhole;  ///< power mode times heat
  bool operator==(const TargetView&) const = default;
};

class TargetState {
 public:
  /// `reports`: the target is expected to have metrics (edge nodes are, clouds need not).
  TargetState(TargetName name, const DeviceProfile& profile, PowerModeName assumed, bool reports,
              Micros stale_after);

  void observe(const TargetSample& sample);
  void observe(const NodePort& port) { m_liveness.observe(port); }
  void observe(const NodeObserved& node) { m_liveness.observe(node); }
  void drain(bool on) { m_draining = on; }

  bool refresh(Instant now);
  [[nodiscard]] const TargetView& view() const { return m_view; }
  [[nodiscard]] std::optional<Instant> next_expiry(Instant now) const {
    return m_liveness.next_expiry(now);
  }
  [[nodiscard]] bool reported() const { return m_liveness.reported() || !m_reports; }

  [[nodiscard]] TargetStatus status() const;
  void append_degradations(std::vector<Degradation>& out) const;

 private:
  [[nodiscard]] Ppm slowdown() const;

  TargetName m_name;
  const DeviceProfile* m_profile;
  PowerModeName m_mode;
  bool m_reports;
  NodeLiveness m_liveness;
  TargetView m_view;
  Instant m_looked_at;               ///< when the view was brought up to date
  std::optional<Instant> m_seen_at;  ///< last sample, good or failed
  std::optional<TargetSample> m_last_good;
  bool m_unknown_mode = false;  ///< the node names a power mode its profile lacks
  bool m_draining = false;
};

}  // namespace wanwise::core
