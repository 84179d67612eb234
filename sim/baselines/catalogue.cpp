#include "sim/baselines/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/core/check.hpp"
#include "sim/baselines/definition.hpp"

namespace wanwise::sim {
namespace {

std::vector<Definition> collect() {
  std::vector<Definition> all;
  for (const auto family : {fixed_policies, kubernetes_policies, karmada_policies, sdwan_policies,
                            ip_sla_policies, wanwise_policies}) {
    std::ranges::move(family(), std::back_inserter(all));
  }
  for (const auto one : {least_queue_policy, lowest_rtt_policy, rsrp_policy, hybrid_policy,
                         qos_only_policy, autorate_policy, clairvoyant_policy}) {
    all.push_back(one());
  }
  std::sort(all.begin(), all.end(),
            [](const Definition& a, const Definition& b) { return a.name < b.name; });
  return all;
}

const std::vector<Definition>& definitions() {
  static const std::vector<Definition> all = collect();
  return all;
}

PolicyEntry entry_of(const Definition& definition) {
  PolicyEntry entry{
      definition.name, definition.kind, definition.stands_for, definition.citation, {}};
  for (const ParameterRule& rule : definition.rules) {
    entry.parameters.push_back(
        {rule.name, rule.standard,
         fmt::format("{} (allowed: {})", rule.meaning, allowed_values(rule))});
  }
  return entry;
}

const Definition* find(const std::string& name) {
  const auto found = std::find_if(definitions().begin(), definitions().end(),
                                  [&](const Definition& d) { return d.name == name; });
  return found == definitions().end() ? nullptr : &*found;
}

std::string names() {
  std::string all;
  for (const Definition& definition : definitions()) {
    all += (all.empty() ? "" : ", ") + definition.name;
  }
  return all;
}

}  // namespace

Definition preset(Definition base, const std::string& name, std::string stands_for,
                  std::string citation, const std::map<std::string, std::string>& standards) {
  base.name = name;
  base.stands_for = std::move(stands_for);
  base.citation = std::move(citation);
  for (const auto& [parameter, standard] : standards) {
    const auto rule = std::find_if(base.rules.begin(), base.rules.end(),
                                   [&](const ParameterRule& r) { return r.name == parameter; });
    WANWISE_CHECK(rule != base.rules.end());
    rule->standard = standard;
  }
  return base;
}

const std::vector<PolicyEntry>& catalogue() {
  static const std::vector<PolicyEntry> entries = [] {
    std::vector<PolicyEntry> all;
    std::ranges::transform(definitions(), std::back_inserter(all), entry_of);
    return all;
  }();
  return entries;
}

core::Expected<void> check(const PolicySpec& spec) {
  const Definition* definition = find(spec.policy);
  if (definition == nullptr) {
    return core::fail("unknown-policy",
                      fmt::format("unknown policy {} (allowed: {})", spec.policy, names()));
  }
  const auto parameters = read_parameters(spec.policy, definition->rules, spec.parameters);
  if (parameters) return {};
  return core::fail("wrong-parameter", fmt::format("{}", fmt::join(parameters.error(), "\n")));
}

std::unique_ptr<Controller> make_controller(const PolicySpec& spec, const core::Model& model,
                                            const Foresight& foresight) {
  const Definition* definition = find(spec.policy);
  WANWISE_CHECK(definition != nullptr);
  const auto parameters = read_parameters(spec.policy, definition->rules, spec.parameters);
  WANWISE_CHECK(parameters.has_value());
  return definition->make(model, *parameters, foresight);
}

}  // namespace wanwise::sim
