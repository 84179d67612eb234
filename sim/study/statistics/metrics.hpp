// What a study measures: every metric with its unit, which way is better, and its formula from the
// result of a run; of the whole run, of one class of service or of one workload. Pure; any thread.
//
// Harm to others. Of a pair of runs of one cell and seed, a policy P and the baseline B:
//   increase(c) = miss ratio of class c under P - miss ratio of class c under B
//   harm-any    = max(0, the largest increase(c) over all classes)
//   harm-others = the same over the classes that P did not place otherwise than B: their share of
//                 requests served in the cloud differs by at most kSamePlacement. No such class: no
//                 value. So a policy that moves video to the cloud answers here for what its upload
//                 does to those that stayed, and not for the video.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/trial/trial.hpp"

namespace wanwise::sim {

enum class Better : std::uint8_t { less, more, neutral };  ///< which value is the better one

enum class MetricGroup : std::uint8_t {
  outcome,  ///< deadlines and goodput
  latency,
  placement,
  cost,
  energy,
  stability,
  harm,
};

/// A run, or a part of it, summed up once for all metrics.
struct Measured {
  std::int64_t generated = 0, skipped = 0, completed = 0, lost = 0, late = 0;
  std::int64_t on_site = 0, in_cloud = 0;
  LatencyHistogram latency;
  double seconds = 0;                ///< measured
  const TrialResult* run = nullptr;  ///< only of whole runs: what is not told apart by workload
};

struct Metric {
  std::string name;   ///< "miss-ratio": in files and claims
  std::string title;  ///< "Deadline misses"
  std::string unit;   ///< "%"
  Better direction = Better::less;
  MetricGroup group = MetricGroup::outcome;
  std::string formula;  ///< for the reader
  std::optional<double> (*of)(const Measured&) = nullptr;
  /// For metrics that need the baseline's run of the same cell and seed; then `of` is null.
  std::optional<double> (*against)(const TrialResult&, const TrialResult& baseline) = nullptr;
  bool whole_run_only = false;  ///< has no value for a class or a workload
  bool tail = false;            ///< a far quantile: wants kSeedsForTails
};

/// Below, intervals are marked as indicative: of anything, and of tails.
inline constexpr std::size_t kSeedsForMeans = 10;
inline constexpr std::size_t kSeedsForTails = 30;
/// An interval from n seeds is too thin to rest a decision on.
[[nodiscard]] inline bool is_indicative(const Metric& metric, std::size_t n) {
  return n < (metric.tail ? kSeedsForTails : kSeedsForMeans);
}
/// Of a difference: that of a share is in percentage points.
[[nodiscard]] inline std::string difference_unit(const Metric& metric) {
  return metric.unit == "%" ? "pp" : metric.unit;
}
/// Shares of the cloud that differ by less are one placement: a request or two in flight at a move.
inline constexpr double kSamePlacement = 0.01;

/// In the order of the tables.
[[nodiscard]] const std::vector<Metric>& metrics();
/// Position in metrics().
[[nodiscard]] std::optional<std::size_t> find_metric(std::string_view name);

enum class Part : std::uint8_t { run, service_class, workload };

/// What a claim names: "miss-ratio", "latency-p99@class:realtime", "goodput@workload:detector".
struct MetricRef {
  std::size_t metric = 0;  ///< position in metrics()
  Part part = Part::run;
  std::string name;  ///< of the class or workload
  bool operator==(const MetricRef&) const = default;
};
/// Whether the class or workload exists is not known here.
[[nodiscard]] core::Expected<MetricRef> parse_metric(std::string_view text);

[[nodiscard]] Measured measure(const TrialResult& run);
[[nodiscard]] Measured measure_class(const TrialResult& run, const core::ClassName& name);
[[nodiscard]] Measured measure_workload(const TrialResult& run, const core::WorkloadName& name);

}  // namespace wanwise::sim
