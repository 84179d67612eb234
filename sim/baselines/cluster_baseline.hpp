// A Kubernetes cluster over the site and the cloud, with one of several schedulers: pods are placed
// once, moved only when their node is lost, and never moved back. One owner; not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/baselines/baseline.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/node_lifecycle.hpp"

namespace wanwise::sim {

/// The scheduler's filter and score plugins.
class Scorer {
 public:
  /// One of `feasible` (admissible, with room, ready; in the workload's order of preference, not
  /// empty), or kNone when its own filter leaves none.
  [[nodiscard]] virtual core::Index choose(const core::Model& model, core::Index workload,
                                           const std::vector<core::Index>& feasible,
                                           const std::vector<core::Index>& placed) const = 0;
  virtual ~Scorer() = default;
};

class ClusterBaseline final : public Baseline {
 public:
  ClusterBaseline(const core::Model& model, const Parameters& parameters,
                  std::unique_ptr<Scorer> scorer);

 protected:
  void observe(const core::EventBody& body) override;
  void decide() override;
  [[nodiscard]] std::optional<core::Instant> wakeup() const override;

 private:
  void begin();
  void schedule(core::Index workload, const char* why);
  [[nodiscard]] bool heard(core::Index target) const;
  [[nodiscard]] bool schedulable(core::Index target) const;

  NodeTiming m_timing;
  Beat m_monitor;
  std::unique_ptr<Scorer> m_scorer;
  std::vector<NodeLifecycle> m_nodes;  ///< by target; empty until the first event
  std::vector<bool> m_pending;         ///< by workload: evicted, and no node was found yet
};

/// The parameters of Kubernetes' node lifecycle, followed by the scheduler's own and the common.
[[nodiscard]] std::vector<ParameterRule> with_cluster(std::vector<ParameterRule> own);

}  // namespace wanwise::sim
