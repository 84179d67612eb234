// Kubernetes' own scheduler and three from research, on the same cluster: they differ in where a
// pod is put when it is scheduled, and in nothing after that.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/decide/latency/demand.hpp"
#include "sim/baselines/cluster_baseline.hpp"
#include "sim/baselines/definition.hpp"
#include "sim/baselines/schedulers.hpp"

namespace wanwise::sim {
namespace {

/// preferredDuringScheduling node affinity in the declared order: `feasible` has it.
class PreferenceScorer final : public Scorer {
 public:
  [[nodiscard]] core::Index choose(const core::Model&, core::Index,
                                   const std::vector<core::Index>& feasible,
                                   const std::vector<core::Index>&) const override {
    return feasible.front();
  }
};

template <class MakeScorer>
Definition cluster(std::string name, PolicyKind kind, std::string stands_for, std::string citation,
                   std::vector<ParameterRule> own, MakeScorer scorer) {
  return {std::move(name),
          kind,
          std::move(stands_for),
          std::move(citation),
          with_cluster(std::move(own)),
          [scorer](const core::Model& model, const Parameters& parameters, const Foresight&) {
            return std::make_unique<ClusterBaseline>(model, parameters, scorer(parameters));
          }};
}

}  // namespace

std::vector<Definition> kubernetes_policies() {
  std::vector<Definition> all;
  all.push_back(cluster(
      "kubernetes-defaults", PolicyKind::compute,
      "a Kubernetes cluster with stock timing: replaces a lost node's pods, moves nothing back",
      "kubernetes/kubernetes v1.32 (PR 126287: grace 50 s); DefaultTolerationSeconds 300 s", {},
      [](const Parameters&) { return std::make_unique<PreferenceScorer>(); }));
  all.push_back(
      cluster("diktyo", PolicyKind::network,
              "network costs declared or measured once, used when a pod is scheduled",
              "scheduler-plugins pkg/networkaware @903da7d; Santos et al., IEEE TNSM 2023",
              diktyo_rules(), make_diktyo));
  all.push_back(cluster("polaris", PolicyKind::network,
                        "bandwidth, delay and their variance, used when a pod is scheduled",
                        "polaris-slo-cloud/polaris-scheduler @398107f, NetworkQoS plugin; UCC'22",
                        polaris_rules(), make_polaris));
  all.push_back(cluster(
      "skippy", PolicyKind::both, "five priorities of weight 1, used when a pod is scheduled",
      "edgerun/skippy-core @09f9cbb; Rausch et al., FGCS 114 (2021)", skippy_rules(), make_skippy));
  return all;
}

}  // namespace wanwise::sim
