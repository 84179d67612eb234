// A loop that judges the WAN path and nothing else: while the path is good a workload runs at home,
// while it is bad on the site. What vendors sell as path selection, with the site as the other
// path. One owner; not thread-safe.
#pragma once

#include <vector>

#include "sim/baselines/baseline.hpp"

namespace wanwise::sim {

class PathLoop : public Baseline {
 protected:
  PathLoop(const core::Model& model, const Parameters& parameters);

  /// Is the path this workload would take good enough for it?
  [[nodiscard]] virtual bool good(core::Index workload) const = 0;
  /// Why a workload goes: "the SLA is violated".
  [[nodiscard]] virtual const char* reason(bool good) const = 0;

  void decide() final;
  /// Before the workloads are looked at, after each event.
  virtual void judge() {}

 private:
  [[nodiscard]] std::vector<core::Index> order(core::Index workload, bool good) const;

  bool m_cloud_is_home;
  std::vector<core::Index> m_by_priority;
};

/// `home`, the policy's own, and the common parameters.
[[nodiscard]] std::vector<ParameterRule> with_path(std::vector<ParameterRule> own);

}  // namespace wanwise::sim
