#include "sim/study/statistics/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wanwise::sim {
namespace {

using Value = std::optional<double>;

constexpr double kSecondsPerHour = 3600;

double real(std::int64_t count) {
  return static_cast<double>(count);
}

Value percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return 100 * real(part) / real(whole);
}

Value per_second(double amount, const Measured& m) {
  if (!(m.seconds > 0)) return std::nullopt;
  return amount / m.seconds;
}

Value per_hour(double amount, const Measured& m) {
  return per_second(amount * kSecondsPerHour, m);
}

Value run_per_hour(const Measured& m, std::int64_t TrialResult::*count) {
  return m.run == nullptr ? std::nullopt : per_hour(real(m.run->*count), m);
}

template <std::int64_t kShare>
Value quantile(const Measured& m) {
  if (m.latency.count() == 0) return std::nullopt;
  return real(m.latency.quantile(core::Ppm{kShare}).count) / 1e3;
}

Value mean_latency(const Measured& m) {
  if (m.latency.count() == 0) return std::nullopt;
  return real(m.latency.sum().count) / real(m.latency.count()) / 1e3;
}

Value mean_seconds(const std::vector<core::Micros>& times) {
  if (times.empty()) return std::nullopt;
  double sum = 0;
  for (const core::Micros time : times) sum += real(time.count) / 1e6;
  return sum / real(static_cast<std::int64_t>(times.size()));
}

Value max_seconds(const std::vector<core::Micros>& times) {
  if (times.empty()) return std::nullopt;
  return real(std::max_element(times.begin(), times.end())->count) / 1e6;
}

std::vector<Metric> outcome_metrics() {
  return {
      {.name = "miss-ratio",
       .title = "Deadline misses",
       .unit = "%",
       .formula = "(late + lost + skipped) / generated",
       .of = [](const Measured& m) { return percent(m.late + m.lost + m.skipped, m.generated); }},
      {.name = "late-ratio",
       .title = "Late",
       .unit = "%",
       .formula = "completed after the objective's latency / generated",
       .of = [](const Measured& m) { return percent(m.late, m.generated); }},
      {.name = "loss-ratio",
       .title = "Lost",
       .unit = "%",
       .formula = "lost / generated",
       .of = [](const Measured& m) { return percent(m.lost, m.generated); }},
      {.name = "skip-ratio",
       .title = "Skipped",
       .unit = "%",
       .formula = "not sent: suspended or thinned / generated",
       .of = [](const Measured& m) { return percent(m.skipped, m.generated); }},
      {.name = "goodput",
       .title = "Goodput",
       .unit = "1/s",
       .direction = Better::more,
       .formula = "(completed - late) / measured time",
       .of = [](const Measured& m) { return per_second(real(m.completed - m.late), m); }},
  };
}

std::vector<Metric> latency_metrics() {
  const std::string of_completed = " of the completed requests; lost ones have none";
  const auto entry = [&](const char* name, const char* title, Value (*of)(const Measured&),
                         bool tail) {
    return Metric{.name = name,
                  .title = title,
                  .unit = "ms",
                  .group = MetricGroup::latency,
                  .formula = "end-to-end latency" + of_completed,
                  .of = of,
                  .tail = tail};
  };
  return {entry("latency-mean", "Mean latency", mean_latency, false),
          entry("latency-p50", "p50 latency", quantile<500'000>, false),
          entry("latency-p95", "p95 latency", quantile<950'000>, false),
          entry("latency-p99", "p99 latency", quantile<990'000>, true),
          entry("latency-p99.9", "p99.9 latency", quantile<999'000>, true)};
}

std::vector<Metric> placement_metrics() {
  return {{.name = "cloud-share",
           .title = "Served in the cloud",
           .unit = "%",
           .direction = Better::neutral,
           .group = MetricGroup::placement,
           .formula = "completed in the cloud / completed",
           .of = [](const Measured& m) { return percent(m.in_cloud, m.completed); }}};
}

std::vector<Metric> cost_metrics() {
  const auto entry = [](const char* name, const char* title, const char* unit, const char* formula,
                        Value (*of)(const Measured&)) {
    return Metric{.name = name,
                  .title = title,
                  .unit = unit,
                  .group = MetricGroup::cost,
                  .formula = formula,
                  .of = of,
                  .whole_run_only = true};
  };
  return {
      entry("wan-up", "WAN upload", "MB/h", "bytes sent over the WAN / measured time; MB = 1e6",
            [](const Measured& m) { return per_hour(real(m.run->uplink.count) / 1e6, m); }),
      entry("wan-down", "WAN download", "MB/h", "bytes received over the WAN / measured time",
            [](const Measured& m) { return per_hour(real(m.run->downlink.count) / 1e6, m); }),
      entry("link-cost", "Cost of links", "$/h", "bytes both ways x price per GB / measured time",
            [](const Measured& m) { return per_hour(real(m.run->link_cost.count) / 1e9, m); }),
      entry("cloud-cost", "Cost of cloud", "$/h",
            "price per hour while at least one workload runs there",
            [](const Measured& m) { return per_hour(real(m.run->cloud_cost.count) / 1e9, m); }),
      entry("total-cost", "Total cost", "$/h", "cost of links + cost of cloud",
            [](const Measured& m) {
              return per_hour(real((m.run->link_cost + m.run->cloud_cost).count) / 1e9, m);
            }),
  };
}

std::vector<Metric> energy_metrics() {
  return {{.name = "energy-per-request",
           .title = "Energy per request",
           .unit = "J",
           .group = MetricGroup::energy,
           .formula = "energy of the targets with a power model / completed",
           .of = [](const Measured& m) -> Value {
             if (m.completed == 0) return std::nullopt;
             return real(m.run->energy_mj) / 1e3 / real(m.completed);
           },
           .whole_run_only = true},
          {.name = "power",
           .title = "Mean power",
           .unit = "W",
           .group = MetricGroup::energy,
           .formula = "energy of the targets with a power model / measured time",
           .of = [](const Measured& m) { return per_second(real(m.run->energy_mj) / 1e3, m); },
           .whole_run_only = true}};
}

std::vector<Metric> stability_metrics() {
  const auto entry = [](const char* name, const char* title, const char* unit, const char* formula,
                        Value (*of)(const Measured&)) {
    return Metric{.name = name,
                  .title = title,
                  .unit = unit,
                  .group = MetricGroup::stability,
                  .formula = formula,
                  .of = of,
                  .whole_run_only = true};
  };
  return {
      entry("switches", "Switches", "1/h", "placements that became ready on another target",
            [](const Measured& m) { return run_per_hour(m, &TrialResult::moves); }),
      entry("failed-moves", "Failed moves", "1/h", "moves that did not become ready",
            [](const Measured& m) { return run_per_hour(m, &TrialResult::failed_moves); }),
      entry("router-writes", "Router writes", "1/h", "changes of the router's QoS",
            [](const Measured& m) { return run_per_hour(m, &TrialResult::router_writes); }),
      entry("stale-decisions", "Stale decisions", "1/h",
            "moves decided on link telemetry older than max(3 periods, 5 s)",
            [](const Measured& m) { return run_per_hour(m, &TrialResult::stale_moves); }),
      entry("fall-back-mean", "Time to fall back, mean", "s",
            "first missed request of a bad spell until the workload is ready at another place or "
            "rung; "
            "spells that nobody answered are not in it",
            [](const Measured& m) { return mean_seconds(m.run->fall_backs); }),
      entry("fall-back-max", "Time to fall back, longest", "s", "the longest of the run",
            [](const Measured& m) { return max_seconds(m.run->fall_backs); }),
      entry("return-mean", "Time to return, mean", "s",
            "end of the disturbance until the workload is back at its first preference",
            [](const Measured& m) { return mean_seconds(m.run->returns); }),
      entry("return-max", "Time to return, longest", "s", "the longest of the run",
            [](const Measured& m) { return max_seconds(m.run->returns); }),
  };
}

struct ClassPair {
  double increase = 0;  ///< of the miss ratio, percentage points
  double moved = 0;     ///< difference of the cloud's shares, 0..1
};

std::vector<ClassPair> class_pairs(const TrialResult& of, const TrialResult& baseline) {
  std::vector<core::ClassName> names;
  for (const WorkloadResult& workload : of.workloads) names.push_back(workload.service_class);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const Metric& miss = metrics()[*find_metric("miss-ratio")];
  const Metric& cloud = metrics()[*find_metric("cloud-share")];
  std::vector<ClassPair> out;
  for (const core::ClassName& name : names) {
    const Measured mine = measure_class(of, name);
    const Measured other = measure_class(baseline, name);
    const Value a = miss.of(mine), b = miss.of(other);
    if (!a || !b) continue;
    const double shift = cloud.of(mine).value_or(0) - cloud.of(other).value_or(0);
    out.push_back({*a - *b, std::max(shift, -shift) / 100});
  }
  return out;
}

Value harm_any(const TrialResult& of, const TrialResult& baseline) {
  Value worst;
  for (const ClassPair& pair : class_pairs(of, baseline)) {
    worst = std::max(worst.value_or(0), pair.increase);
  }
  return worst;
}

Value harm_others(const TrialResult& of, const TrialResult& baseline) {
  Value worst;
  for (const ClassPair& pair : class_pairs(of, baseline)) {
    if (pair.moved <= kSamePlacement) worst = std::max(worst.value_or(0), pair.increase);
  }
  return worst;
}

std::vector<Metric> harm_metrics() {
  const auto entry = [](const char* name, const char* title, const char* formula,
                        Value (*against)(const TrialResult&, const TrialResult&)) {
    return Metric{.name = name,
                  .title = title,
                  .unit = "pp",
                  .group = MetricGroup::harm,
                  .formula = formula,
                  .against = against,
                  .whole_run_only = true};
  };
  return {entry("harm-others", "Harm to other classes",
                "largest increase of a class's miss ratio over the baseline's in the same seed, of "
                "the classes placed as under the baseline; 0: none is worse",
                harm_others),
          entry("harm-any", "Harm to any class", "the same of all classes", harm_any)};
}

template <class Keep>
Measured sum(const TrialResult& run, Keep keep) {
  Measured out;
  out.seconds = real(run.measured.count) / 1e6;
  for (const WorkloadResult& workload : run.workloads) {
    if (!keep(workload)) continue;
    out.generated += workload.generated;
    out.skipped += workload.skipped;
    out.completed += workload.completed;
    out.lost += workload.lost;
    out.late += workload.late;
    out.on_site += workload.on_site;
    out.in_cloud += workload.in_cloud;
    out.latency.merge(workload.latency);
  }
  return out;
}

}  // namespace

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = [] {
    std::vector<Metric> out;
    for (auto* part : {outcome_metrics, latency_metrics, placement_metrics, cost_metrics,
                       energy_metrics, stability_metrics, harm_metrics}) {
      for (Metric& metric : part()) out.push_back(std::move(metric));
    }
    return out;
  }();
  return all;
}

std::optional<std::size_t> find_metric(std::string_view name) {
  const auto& all = metrics();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name) return i;
  return std::nullopt;
}

core::Expected<MetricRef> parse_metric(std::string_view text) {
  const std::size_t at = text.find('@');
  const std::string_view name = text.substr(0, at);
  const auto metric = find_metric(name);
  if (!metric) {
    std::string known;
    for (const Metric& each : metrics()) known += (known.empty() ? "" : ", ") + each.name;
    return core::fail("unknown-metric", fmt::format("no metric \"{}\" (known: {})", name, known));
  }
  MetricRef ref{.metric = *metric, .part = Part::run, .name = ""};
  if (at == std::string_view::npos) return ref;
  const std::string_view part = text.substr(at + 1);
  const std::size_t colon = part.find(':');
  const std::string_view kind = part.substr(0, colon);
  if ((kind != "class" && kind != "workload") || colon == std::string_view::npos ||
      colon + 1 == part.size()) {
    return core::fail("bad-metric",
                      fmt::format("\"{}\": after @ comes class:NAME or workload:NAME", text));
  }
  if (metrics()[*metric].whole_run_only) {
    return core::fail("bad-metric", fmt::format("{} is of whole runs only", name));
  }
  ref.part = kind == "class" ? Part::service_class : Part::workload;
  ref.name = part.substr(colon + 1);
  return ref;
}

Measured measure(const TrialResult& run) {
  Measured out = sum(run, [](const WorkloadResult&) { return true; });
  out.run = &run;
  return out;
}

Measured measure_class(const TrialResult& run, const core::ClassName& name) {
  return sum(run, [&](const WorkloadResult& w) { return w.service_class == name; });
}

Measured measure_workload(const TrialResult& run, const core::WorkloadName& name) {
  return sum(run, [&](const WorkloadResult& w) { return w.workload == name; });
}

}  // namespace wanwise::sim
