// One entry of the catalogue with what makes its controllers: a policy's own file ends in one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/baselines/catalogue.hpp"
#include "sim/baselines/parameters.hpp"

namespace wanwise::sim {

struct Definition {
  std::string name;
  PolicyKind kind = PolicyKind::fixed;
  std::string stands_for;
  std::string citation;
  std::vector<ParameterRule> rules;
  std::function<std::unique_ptr<Controller>(const core::Model&, const Parameters&,
                                            const Foresight&)>
      make;
};

/// A definition under another name with other published values.
[[nodiscard]] Definition preset(Definition base, const std::string& name, std::string stands_for,
                                std::string citation,
                                const std::map<std::string, std::string>& standards);

// Each in the file of its policy.
[[nodiscard]] std::vector<Definition> fixed_policies();
[[nodiscard]] std::vector<Definition> kubernetes_policies();
[[nodiscard]] std::vector<Definition> karmada_policies();
[[nodiscard]] std::vector<Definition> sdwan_policies();
[[nodiscard]] std::vector<Definition> ip_sla_policies();
[[nodiscard]] std::vector<Definition> wanwise_policies();
[[nodiscard]] Definition least_queue_policy();
[[nodiscard]] Definition lowest_rtt_policy();
[[nodiscard]] Definition rsrp_policy();
[[nodiscard]] Definition hybrid_policy();
[[nodiscard]] Definition qos_only_policy();
[[nodiscard]] Definition autorate_policy();
[[nodiscard]] Definition clairvoyant_policy();

}  // namespace wanwise::sim
