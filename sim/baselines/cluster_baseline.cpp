#include "sim/baselines/cluster_baseline.hpp"

#include <utility>

#include "engine/core/check.hpp"
#include "engine/core/observe/freshness.hpp"

namespace wanwise::sim {

std::vector<ParameterRule> with_cluster(std::vector<ParameterRule> own) {
  const auto time = [&](const char* name, const char* standard, const char* meaning,
                        const char* least) {
    own.push_back({name, standard, meaning, ParameterKind::duration, least, "1h", {}});
  };
  time("heartbeat", "10s", "a kubelet renews its Lease this often", "1s");
  time("node-monitor-period", "5s", "how often the controller looks at the Leases", "1s");
  time("node-monitor-grace-period", "50s", "without renewal until unknown; 40s before v1.32", "1s");
  time("toleration", "300s", "DefaultTolerationSeconds of not-ready and unreachable", "0s");
  return with_common(std::move(own));
}

ClusterBaseline::ClusterBaseline(const core::Model& model, const Parameters& parameters,
                                 std::unique_ptr<Scorer> scorer)
    : Baseline(model, parameters),
      m_timing{parameters.duration("heartbeat"), parameters.duration("node-monitor-grace-period"),
               parameters.duration("toleration")},
      m_monitor(parameters.duration("node-monitor-period")),
      m_scorer(std::move(scorer)),
      m_pending(model.policy.workloads.size()) {}

/// The control plane stands on the site: a cloud's Lease crosses the WAN.
bool ClusterBaseline::heard(core::Index target) const {
  return view().target(target).reachable &&
         (!core::is_cloud(model(), target) || view().any_link_up());
}

bool ClusterBaseline::schedulable(core::Index target) const {
  return core::at(m_nodes, target).ready() && !view().target(target).draining;
}

void ClusterBaseline::begin() {
  m_nodes.assign(static_cast<std::size_t>(targets()), NodeLifecycle{m_timing, now()});
  for (const core::Index w : by_priority(model())) schedule(w, "scheduled");
}

void ClusterBaseline::observe(const core::EventBody& body) {
  if (m_nodes.empty()) begin();
  const auto* sample = std::get_if<core::TargetSample>(&body);
  if (sample == nullptr) return;
  const core::Index target = core::target_index(model(), sample->target);
  if (target != core::kNone && heard(target)) core::at(m_nodes, target).heard(now());
}

void ClusterBaseline::decide() {
  if (m_monitor.due(now())) {
    for (NodeLifecycle& node : m_nodes) node.monitor(now());
  }
  for (const core::Index w : by_priority(model())) {
    const core::Index here = place_of(w);
    const bool lost = here != core::kNone &&
                      (core::at(m_nodes, here).evicts(now()) || view().target(here).draining);
    if (lost || here == core::kNone || m_pending[static_cast<std::size_t>(w)]) {
      schedule(w, lost ? "evicted from a lost node" : "scheduled");
    }
  }
}

void ClusterBaseline::schedule(core::Index workload, const char* why) {
  std::vector<core::Index> feasible;
  for (const core::Index target : admissible_targets(model(), workload)) {
    if (schedulable(target) && fits(workload, target)) feasible.push_back(target);
  }
  std::vector<core::Index> placed;
  for (core::Index w = 0; w < workloads(); ++w) placed.push_back(place_of(w));
  const core::Index target =
      feasible.empty() ? core::kNone : m_scorer->choose(model(), workload, feasible, placed);
  m_pending[static_cast<std::size_t>(workload)] = target == core::kNone;
  if (target != core::kNone) place(workload, target, why);
}

std::optional<core::Instant> ClusterBaseline::wakeup() const {
  std::optional<core::Instant> next = m_monitor.next();
  for (const NodeLifecycle& node : m_nodes) {
    const auto eviction = node.eviction();
    if (eviction && *eviction > now()) next = core::earlier(next, eviction);
  }
  return next;
}

}  // namespace wanwise::sim
