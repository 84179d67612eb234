// What the runs of a study say: means, paired differences to the baseline, effects of factors and
// of taking an input from wanwise, verdicts. Everything that files and report show is taken from
// here. Refers to the samples. Immutable; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/study/statistics/samples.hpp"
#include "sim/study/statistics/stats.hpp"
#include "sim/study/statistics/verdict.hpp"

namespace wanwise::sim {

struct MetricResult {
  Estimate value;      ///< absolute: over seeds
  Paired to_baseline;  ///< this policy less the baseline, same seeds
};

struct PartResult {
  Measured totals;  ///< all seeds together; its latency gives quantiles of the union
  std::vector<MetricResult> metrics;  ///< in the order of metrics()
};

struct PolicyResult {
  std::size_t runs = 0;
  std::vector<PartResult> parts;  ///< in the order of Samples::parts()
};

/// What going from a factor's first level to its last does, the other factors held; same seeds.
struct FactorEffect {
  std::size_t factor = 0;
  std::size_t from = 0, to = 0;  ///< cells
  std::size_t policy = 0;
  std::size_t metric = 0;
  Estimate difference;
};

/// What taking an input from wanwise does: the ablated less the whole, same seeds.
struct AblationEffect {
  std::size_t cell = 0;
  std::size_t policy = 0;
  std::size_t metric = 0;
  Estimate difference;
};

struct Analysis {
  const Samples* samples = nullptr;
  std::vector<std::vector<PolicyResult>> results;  ///< by cell, policy
  std::vector<Evidence> claims;
  std::vector<FactorEffect> factor_effects;
  std::optional<std::size_t> whole;  ///< the policy that ablations are compared with
  std::vector<AblationEffect> ablations;
  /// Median over cells, policies and `miss-ratio` of Paired::variance_reduction().
  std::optional<double> variance_reduction;
  std::vector<std::string> warnings;  ///< sentences; what a reader must know first
};

/// Metrics that charts and effects are drawn of: positions in metrics().
[[nodiscard]] const std::vector<std::size_t>& headline_metrics();

[[nodiscard]] core::Expected<Analysis> analyse(const Samples& samples);

}  // namespace wanwise::sim
