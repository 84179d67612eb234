#include "sim/baselines/static_qos.hpp"

#include "engine/core/decide/qos_plan.hpp"

namespace wanwise::sim {

core::RouterQos static_qos(const core::Model& model, core::Index router,
                           const std::vector<core::Bps>& shapers) {
  std::vector<core::LinkDemand> links;
  // No load: every class gets its guarantee and class-default the rest.
  for (const core::Bps shaper : shapers) {
    links.push_back({shaper, std::vector<core::Bps>(model.policy.classes.size())});
  }
  return core::plan_qos(model, router, links, nullptr);
}

core::RouterQos static_qos(const core::Model& model, core::Index router, core::Ppm of_declared) {
  std::vector<core::Bps> shapers;
  for (const core::Link& link : model.site.links) {
    shapers.push_back(link.uplink * of_declared.count / core::kWhole.count);
  }
  return static_qos(model, router, shapers);
}

}  // namespace wanwise::sim
