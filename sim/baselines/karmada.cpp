// Karmada's cluster condition: ready or not only after 30 s of the same, then a taint, then, where
// that is switched on, eviction. The site's nodes and each cloud are member clusters.
#include <algorithm>
#include <utility>

#include "engine/core/observe/freshness.hpp"
#include "sim/baselines/baseline.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/debounce.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

class Karmada final : public Baseline {
 public:
  Karmada(const core::Model& believed, const Parameters& parameters)
      : Baseline(believed, parameters),
        m_poll(parameters.duration("status-update-frequency")),
        m_toleration(parameters.duration("toleration")),
        m_evicts(parameters.is("eviction", "on")),
        m_returns(parameters.is("return", "when-ready")),
        m_clusters(static_cast<std::size_t>(targets()),
                   Debounce{parameters.duration("failure-threshold"),
                            parameters.duration("success-threshold")}) {
    for (const core::Index w : by_priority(model())) {
      place_where_it_fits(w, admissible_targets(model(), w), "propagated");
    }
  }

 protected:
  void decide() override {
    if (m_poll.due(now())) {
      for (core::Index t = 0; t < targets(); ++t) {
        core::at(m_clusters, t).observe(answers(t), now());
      }
    }
    if (!m_evicts) return;
    for (const core::Index w : by_priority(model())) {
      const core::Index here = place_of(w);
      if (here != core::kNone && evicts(here)) {
        move(w, "its cluster failed");
      } else if (m_returns) {
        move(w, "its cluster is ready again");
      }
    }
  }

  [[nodiscard]] std::optional<core::Instant> wakeup() const override {
    std::optional<core::Instant> next = m_poll.next();
    for (const Debounce& cluster : m_clusters) {
      if (cluster.good() || !cluster.since()) continue;
      const core::Instant eviction = *cluster.since() + m_toleration;
      if (eviction > now()) next = core::earlier(next, eviction);
    }
    return next;
  }

 private:
  /// The control plane stands on the site.
  [[nodiscard]] bool answers(core::Index target) const {
    return view().target(target).reachable &&
           (!core::is_cloud(model(), target) || view().any_link_up());
  }
  [[nodiscard]] bool evicts(core::Index target) const {
    const Debounce& cluster = core::at(m_clusters, target);
    return !cluster.good() && now() - *cluster.since() >= m_toleration;
  }
  /// To the first ready cluster in the order of preference.
  void move(core::Index workload, const char* why) {
    std::vector<core::Index> ready;
    for (const core::Index target : admissible_targets(model(), workload)) {
      if (core::at(m_clusters, target).good() || (!evicts(target) && target == place_of(workload)))
        ready.push_back(target);
    }
    const core::Index target = first_fit(workload, ready);
    if (target != core::kNone) place(workload, target, why);
  }

  Beat m_poll;
  core::Micros m_toleration;
  bool m_evicts;
  bool m_returns;
  std::vector<Debounce> m_clusters;  ///< by target
};

}  // namespace

std::vector<Definition> karmada_policies() {
  const auto time = [](const char* name, const char* standard, const char* meaning) {
    return ParameterRule{name, standard, meaning, ParameterKind::duration, "0s", "1h", {}};
  };
  Definition failover{
      "karmada-failover",
      PolicyKind::compute,
      "Karmada with its failover switched on: 30 s of failure, then 300 s of toleration",
      "karmada-io/karmada @f8fdd02 cluster_condition_cache.go and options; PR 5899, 6404",
      with_common({
          time("status-update-frequency", "10s", "--cluster-status-update-frequency"),
          time("failure-threshold", "30s", "--cluster-failure-threshold"),
          time("success-threshold", "30s", "--cluster-success-threshold"),
          time("toleration", "300s", "--default-not-ready-toleration-seconds"),
          {"eviction",
           "on",
           "--enable-no-execute-taint-eviction; Karmada itself ships off: nothing ever moves",
           ParameterKind::word,
           "",
           "",
           {"off", "on"}},
          {"return",
           "never",
           "when-ready: back as soon as the cluster is ready again",
           ParameterKind::word,
           "",
           "",
           {"never", "when-ready"}},
      }),
      [](const core::Model& model, const Parameters& parameters, const Foresight&) {
        return std::make_unique<Karmada>(model, parameters);
      }};
  Definition debounce =
      preset(failover, "karmada-debounce",
             "the symmetric 30 s / 30 s debounce alone, acting both ways as soon as it has decided",
             "karmada-io/karmada @f8fdd02 pkg/controllers/status/cluster_condition_cache.go",
             {{"toleration", "0s"}, {"return", "when-ready"}});
  return {std::move(failover), std::move(debounce)};
}

}  // namespace wanwise::sim
