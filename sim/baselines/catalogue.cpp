#include "sim/baselines/catalogue.hpp"

#include "engine/core/check.hpp"

namespace wanwise::sim {

const std::vector<PolicyEntry>& catalogue() {
  static const std::vector<PolicyEntry> entries;
  return entries;
}

core::Expected<void> check(const PolicySpec& spec) {
  return core::fail("unknown-policy", spec.policy);
}

std::unique_ptr<Controller> make_controller(const PolicySpec&, const core::Model&,
                                            const Foresight&) {
  WANWISE_CHECK(false);
  return nullptr;
}

}  // namespace wanwise::sim
