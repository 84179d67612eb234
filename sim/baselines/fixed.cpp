// Policies that look at nothing: always-edge, always-cloud, round-robin.
#include <algorithm>
#include <utility>

#include "sim/baselines/baseline.hpp"
#include "sim/baselines/beat.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

/// Each workload where it is allowed, nodes first or clouds first; the most important have the
/// first claim on memory. Where its kind of target is not allowed, it runs where it may.
class AlwaysThere final : public Baseline {
 public:
  AlwaysThere(const core::Model& believed, const Parameters& parameters, bool cloud)
      : Baseline(believed, parameters) {
    for (const core::Index w : by_priority(model())) {
      std::vector<core::Index> order = admissible_targets(model(), w);
      std::stable_partition(order.begin(), order.end(), [&](core::Index target) {
        return core::is_cloud(model(), target) == cloud;
      });
      place_where_it_fits(w, order, cloud ? "always in the cloud" : "always on the site");
    }
  }

 protected:
  void decide() override {}
};

/// Workloads over the targets in turn, in the model's order; one that may not run on the target
/// whose turn it is takes the next that it may. Every `re-spread` the deal begins one target later.
class RoundRobin final : public Baseline {
 public:
  RoundRobin(const core::Model& believed, const Parameters& parameters)
      : Baseline(believed, parameters), m_beat(parameters.duration("re-spread")) {
    spread();
  }

 protected:
  void decide() override {
    if (m_beat.due(now())) spread();
  }
  [[nodiscard]] std::optional<core::Instant> wakeup() const override { return m_beat.next(); }

 private:
  void spread() {
    core::Index turn = m_first++ % std::max<core::Index>(1, targets());
    for (core::Index w = 0; w < workloads(); ++w) {
      const auto allowed = admissible_targets(model(), w);
      for (core::Index tried = 0; tried < targets(); ++tried) {
        const core::Index target = (turn + tried) % targets();
        const bool may = std::find(allowed.begin(), allowed.end(), target) != allowed.end();
        if (!may || !fits(w, target)) continue;
        place(w, target, "its turn");
        turn = (target + 1) % targets();
        break;
      }
    }
  }

  Beat m_beat;
  core::Index m_first = 0;
};

Definition always(bool cloud) {
  return {cloud ? "always-cloud" : "always-edge",
          PolicyKind::fixed,
          cloud ? "everything that may leave the site runs in the cloud"
                : "everything that may runs beside the router",
          cloud ? "cloud-only, as in Neurosurgeon (ASPLOS'17) and EdgeCloudSim (FMEC'17)"
                : "edge-only, as in Neurosurgeon (ASPLOS'17) and EdgeCloudSim (FMEC'17)",
          with_common({}),
          [cloud](const core::Model& model, const Parameters& parameters, const Foresight&) {
            return std::make_unique<AlwaysThere>(model, parameters, cloud);
          }};
}

}  // namespace

std::vector<Definition> fixed_policies() {
  Definition round_robin{
      "round-robin",
      PolicyKind::fixed,
      "workloads dealt to the targets in turn",
      "round robin, as in load balancers and EdgeCloudSim's orchestrators",
      with_common({{"re-spread",
                    "0s",
                    "how often they are dealt again; 0s: never",
                    ParameterKind::duration,
                    "0s",
                    "24h",
                    {}}}),
      [](const core::Model& model, const Parameters& parameters, const Foresight&) {
        return std::make_unique<RoundRobin>(model, parameters);
      }};
  return {always(false), always(true), std::move(round_robin)};
}

}  // namespace wanwise::sim
