// Scoring rules of schedulers from research, each in its own file: what is known of them and what
// had to be assumed stands in README.md. Stateless after construction.
#pragma once

#include <memory>
#include <vector>

#include "sim/baselines/cluster_baseline.hpp"

namespace wanwise::sim {

[[nodiscard]] std::vector<ParameterRule> diktyo_rules();
[[nodiscard]] std::unique_ptr<Scorer> make_diktyo(const Parameters& parameters);

[[nodiscard]] std::vector<ParameterRule> polaris_rules();
[[nodiscard]] std::unique_ptr<Scorer> make_polaris(const Parameters& parameters);

[[nodiscard]] std::vector<ParameterRule> skippy_rules();
[[nodiscard]] std::unique_ptr<Scorer> make_skippy(const Parameters& parameters);

/// The link that routing takes while everything is up: the lowest metric of the router that the
/// workload's first source stands behind.
[[nodiscard]] const core::Link* declared_route(const core::Model& model, core::Index workload);

}  // namespace wanwise::sim
