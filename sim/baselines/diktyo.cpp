// Diktyo's NetworkOverhead: the dependency of an inference pod is its source on the site's LAN.
#include <algorithm>
#include <limits>

#include "sim/baselines/schedulers.hpp"

namespace wanwise::sim {
namespace {

// Costs of the plugin where no entry of the NetworkTopology is asked (networkoverhead.go).
constexpr std::int64_t kSameZone = 1;
constexpr std::int64_t kMaxCost = 100;

class Diktyo final : public Scorer {
 public:
  explicit Diktyo(bool filters) : m_filters(filters) {}

  [[nodiscard]] core::Index choose(const core::Model& model, core::Index workload,
                                   const std::vector<core::Index>& feasible,
                                   const std::vector<core::Index>&) const override {
    core::Index best = core::kNone;
    std::int64_t best_cost = std::numeric_limits<std::int64_t>::max();
    const core::Workload& w = core::at(model.policy.workloads, workload);
    const std::int64_t most = std::max<std::int64_t>(1, w.objective.latency.count / 1'000);
    for (const core::Index target : feasible) {
      const std::int64_t network_cost = cost(model, workload, target);
      // One dependency: violated outvotes satisfied as soon as it is violated.
      if (m_filters && network_cost > most) continue;
      if (network_cost < best_cost) best = target, best_cost = network_cost;
    }
    return best;
  }

 private:
  /// Milliseconds of round trip between the zones, as its netperf script writes them.
  static std::int64_t cost(const core::Model& model, core::Index workload, core::Index target) {
    if (!core::is_cloud(model, target)) return kSameZone;
    const core::Link* link = declared_route(model, workload);
    if (link == nullptr) return kMaxCost;
    const auto cloud = static_cast<std::size_t>(target - core::count(model.site.nodes));
    return (link->rtt + model.site.clouds[cloud].beyond_probe).count / 1'000;
  }

  bool m_filters;
};

}  // namespace

const core::Link* declared_route(const core::Model& model, core::Index workload) {
  const core::SourceName& name = core::at(model.policy.workloads, workload).sources.front();
  const core::Index source = core::index_of(model.site.sources, name);
  const core::RouterName& router = core::at(model.site.sources, source).router;
  const core::Link* best = nullptr;
  for (const core::Link& link : model.site.links) {
    if (link.router != router) continue;
    if (best == nullptr || link.metric < best->metric) best = &link;
  }
  return best;
}

std::vector<ParameterRule> diktyo_rules() {
  return {{"max-network-cost",
           "objective",
           "objective: the workload's latency in ms is its maxNetworkCost; none: no filter",
           ParameterKind::word,
           "",
           "",
           {"none", "objective"}}};
}

std::unique_ptr<Scorer> make_diktyo(const Parameters& parameters) {
  return std::make_unique<Diktyo>(parameters.is("max-network-cost", "objective"));
}

}  // namespace wanwise::sim
