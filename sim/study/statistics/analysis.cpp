#include "sim/study/statistics/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/check.hpp"
#include "sim/study/report/html.hpp"

namespace wanwise::sim {
namespace {

// Little's law is exact but for requests that straddle the ends of the measured time: of 1e4
// requests, a hundred in flight are 1 %.
constexpr core::Ppm kLittleTolerance{20'000};
// Runs that are named one by one in a warning; the rest is counted.
constexpr std::size_t kNamedRuns = 5;

void add(Measured& to, const Measured& from) {
  to.generated += from.generated;
  to.skipped += from.skipped;
  to.completed += from.completed;
  to.lost += from.lost;
  to.late += from.late;
  to.on_site += from.on_site;
  to.in_cloud += from.in_cloud;
  to.latency.merge(from.latency);
  to.seconds += from.seconds;
}

Measured measure_part(const TrialResult& run, const PartName& part) {
  switch (part.part) {
    case Part::run: {
      Measured whole = measure(run);
      whole.run = nullptr;
      return whole;
    }
    case Part::service_class:
      return measure_class(run, core::ClassName{part.name});
    case Part::workload:
      return measure_workload(run, core::WorkloadName{part.name});
  }
  return {};
}

Estimate estimate_present(const std::vector<std::optional<double>>& values) {
  std::vector<double> present;
  for (const auto& value : values)
    if (value) present.push_back(*value);
  return estimate(present);
}

PartResult part_result(const Samples& samples, std::size_t cell, std::size_t policy,
                       std::size_t part) {
  PartResult out;
  for (std::size_t seed = 0; seed < samples.study().seeds.size(); ++seed) {
    const RunRecord* run = samples.run(cell, policy, seed);
    if (run != nullptr) add(out.totals, measure_part(run->result, samples.parts()[part]));
  }
  for (std::size_t metric = 0; metric < metrics().size(); ++metric) {
    const auto mine = samples.values(cell, policy, part, metric);
    const auto other = samples.values(cell, samples.baseline(), part, metric);
    out.metrics.push_back({estimate_present(mine), paired(mine, other)});
  }
  return out;
}

PolicyResult policy_result(const Samples& samples, std::size_t cell, std::size_t policy) {
  PolicyResult out;
  for (std::size_t seed = 0; seed < samples.study().seeds.size(); ++seed)
    if (samples.run(cell, policy, seed) != nullptr) ++out.runs;
  for (std::size_t part = 0; part < samples.parts().size(); ++part)
    out.parts.push_back(part_result(samples, cell, policy, part));
  return out;
}

/// The cell with another level of one factor.
std::size_t cell_at(const Samples& samples, std::size_t cell, std::size_t factor,
                    std::size_t level) {
  Cell wanted = samples.cells()[cell];
  wanted.levels[factor] = level;
  const auto found = std::find(samples.cells().begin(), samples.cells().end(), wanted);
  WANWISE_CHECK(found != samples.cells().end());
  return static_cast<std::size_t>(found - samples.cells().begin());
}

void find_factor_effects(const Samples& samples, Analysis& out) {
  const Study& study = samples.study();
  for (std::size_t factor = 0; factor < study.factors.size(); ++factor) {
    const std::size_t levels = study.factors[factor].levels.size();
    if (levels < 2) continue;
    for (std::size_t from = 0; from < samples.cells().size(); ++from) {
      if (samples.cells()[from].levels[factor] != 0) continue;
      const std::size_t to = cell_at(samples, from, factor, levels - 1);
      for (std::size_t policy = 0; policy < study.policies.size(); ++policy) {
        for (const std::size_t metric : headline_metrics()) {
          const Paired effect = paired(samples.values(to, policy, 0, metric),
                                       samples.values(from, policy, 0, metric));
          out.factor_effects.push_back({factor, from, to, policy, metric, effect.difference});
        }
      }
    }
  }
}

void find_ablations(const Samples& samples, Analysis& out) {
  const auto& policies = samples.study().policies;
  for (std::size_t i = 0; i < policies.size() && !out.whole; ++i)
    if (policies[i].policy == "wanwise" && policies[i].parameters.empty()) out.whole = i;
  if (!out.whole) return;
  for (std::size_t cell = 0; cell < samples.cells().size(); ++cell) {
    for (std::size_t policy = 0; policy < policies.size(); ++policy) {
      if (policy == *out.whole || !policies[policy].policy.starts_with("wanwise")) continue;
      for (const std::size_t metric : headline_metrics()) {
        const Paired effect = paired(samples.values(cell, policy, 0, metric),
                                     samples.values(cell, *out.whole, 0, metric));
        out.ablations.push_back({cell, policy, metric, effect.difference});
      }
    }
  }
}

void find_variance_reduction(Analysis& out) {
  const std::size_t miss = *find_metric("miss-ratio");
  std::vector<double> all;
  for (const auto& cell : out.results)
    for (const PolicyResult& policy : cell) {
      const auto reduction = policy.parts[0].metrics[miss].to_baseline.variance_reduction();
      if (reduction) all.push_back(*reduction);
    }
  if (all.empty()) return;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  out.variance_reduction = *middle;
}

std::string seconds_text(core::Micros time) {
  return number_text(static_cast<double>(time.count) / 1e6) + " s";
}

void warn(const Samples& samples, Analysis& out) {
  const RunChecks& checks = samples.checks();
  const std::size_t seeds = samples.study().seeds.size();
  if (checks.present < checks.expected) {
    out.warnings.push_back(
        fmt::format("Incomplete: {} of {} runs are here.", checks.present, checks.expected));
  }
  if (!checks.not_conserved.empty()) {
    std::string names;
    for (std::size_t i = 0; i < std::min(kNamedRuns, checks.not_conserved.size()); ++i)
      names += (i == 0 ? "" : "; ") + checks.not_conserved[i];
    out.warnings.push_back(
        fmt::format("In {} runs requests were not conserved: do not trust them. "
                    "{}",
                    checks.not_conserved.size(), names));
  }
  if (checks.worst_little > kLittleTolerance) {
    out.warnings.push_back(
        fmt::format("Little's law is off by {} % in one run.",
                    number_text(static_cast<double>(checks.worst_little.count) / 1e4)));
  }
  if (checks.mser5 > checks.warm_up) {
    out.warnings.push_back(
        fmt::format("The warm-up may be short: {} were cut off, MSER-5 proposes {} for {}.",
                    seconds_text(checks.warm_up), seconds_text(checks.mser5), checks.mser5_run));
  }
  if (seeds < 2) {
    out.warnings.push_back("One seed: there are no intervals, and no difference is established.");
  } else if (seeds < kSeedsForMeans) {
    out.warnings.push_back(
        fmt::format("Indicative only: {} seeds; differences want at least {}, tails {}.", seeds,
                    kSeedsForMeans, kSeedsForTails));
  } else if (seeds < kSeedsForTails) {
    out.warnings.push_back(fmt::format(
        "{} seeds: enough for means; p99 and p99.9 want {} and are marked as indicative.", seeds,
        kSeedsForTails));
  }
}

}  // namespace

const std::vector<std::size_t>& headline_metrics() {
  static const std::vector<std::size_t> positions = [] {
    std::vector<std::size_t> out;
    for (const char* name : {"miss-ratio", "latency-mean", "latency-p99", "goodput", "cloud-share",
                             "total-cost", "wan-up", "power", "switches", "harm-others"}) {
      out.push_back(*find_metric(name));
    }
    return out;
  }();
  return positions;
}

core::Expected<Analysis> analyse(const Samples& samples) {
  Analysis out;
  out.samples = &samples;
  auto claims = weigh_claims(samples);
  if (!claims) return core::Unexpected{claims.error()};
  out.claims = std::move(*claims);
  for (std::size_t cell = 0; cell < samples.cells().size(); ++cell) {
    out.results.emplace_back();
    for (std::size_t policy = 0; policy < samples.study().policies.size(); ++policy)
      out.results.back().push_back(policy_result(samples, cell, policy));
  }
  find_factor_effects(samples, out);
  find_ablations(samples, out);
  find_variance_reduction(out);
  warn(samples, out);
  return out;
}

}  // namespace wanwise::sim
