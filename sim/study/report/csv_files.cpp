#include "sim/study/report/csv_files.hpp"

#include "sim/study/report/csv_out.hpp"
#include "sim/study/statistics/cdf.hpp"

namespace wanwise::sim {
namespace {

const Study& study_of(const Analysis& analysis) {
  return analysis.samples->study();
}

/// Columns that tell the cell and the policy.
void begin_header(CsvOut& csv, const Study& study) {
  csv.text("cell");
  for (const Factor& factor : study.factors) csv.text("factor:" + factor.name);
  csv.text("policy");
}

void begin_row(CsvOut& csv, const Analysis& analysis, std::size_t cell, std::size_t policy) {
  const Study& study = study_of(analysis);
  csv.natural(cell);
  const Cell& at = analysis.samples->cells()[cell];
  for (std::size_t f = 0; f < study.factors.size(); ++f)
    csv.text(study.factors[f].levels[at.levels[f]].name);
  csv.text(study.policies[policy].name);
}

template <class Row>
void each_policy(const Analysis& analysis, Row row) {
  for (std::size_t cell = 0; cell < analysis.results.size(); ++cell)
    for (std::size_t policy = 0; policy < analysis.results[cell].size(); ++policy)
      row(cell, policy, analysis.results[cell][policy]);
}

void names(CsvOut& csv, std::initializer_list<const char*> all) {
  for (const char* name : all) csv.text(name);
}

void interval(CsvOut& csv, const Estimate& of) {
  csv.natural(of.n);
  of.n == 0 ? csv.empty() : csv.number(of.mean);
  of.half ? csv.number(of.low()).number(of.high()) : csv.empty().empty();
}

void counts(CsvOut& csv, const Measured& of) {
  for (const std::int64_t count :
       {of.generated, of.completed, of.late, of.lost, of.skipped, of.on_site, of.in_cloud}) {
    csv.integer(count);
  }
}

const char* part_text(Part part) {
  switch (part) {
    case Part::run:
      return "run";
    case Part::service_class:
      return "class";
    case Part::workload:
      return "workload";
  }
  return "";
}

void summary_row(CsvOut& csv, const Metric& metric, const MetricResult& result) {
  csv.text(metric.name).text(metric.unit);
  interval(csv, result.value);
  csv.number(result.value.sd);
  interval(csv, result.to_baseline.difference);
  csv.number(result.to_baseline.difference.sd).number(result.to_baseline.sd_unpaired);
  csv.text(is_indicative(metric, result.to_baseline.difference.n) ? "yes" : "no");
  csv.end_row();
}

void class_row(CsvOut& csv, const PartName& part, const PartResult& result) {
  csv.text(part_text(part.part)).text(part.name);
  counts(csv, result.totals);
  const LatencyHistogram& latency = result.totals.latency;
  for (const std::int64_t share : {500'000, 950'000, 990'000, 999'000}) {
    latency.count() == 0
        ? csv.empty()
        : csv.number(static_cast<double>(latency.quantile(core::Ppm{share}).count) / 1e3);
  }
  const MetricResult& miss = result.metrics[*find_metric("miss-ratio")];
  interval(csv, miss.value);
  interval(csv, miss.to_baseline.difference);
  csv.end_row();
}

void timeline_row(CsvOut& csv, std::uint64_t seed, const TimelinePoint& point) {
  csv.natural(seed).number(static_cast<double>(point.at.count) / 1e6);
  csv.integer(point.uplink_rate.count).integer(point.uplink_used.count).integer(point.shaper.count);
  csv.integer(point.ended).integer(point.missed);
  csv.number(static_cast<double>(point.worst.count) / 1e3).integer(point.in_cloud);
  std::string events;
  for (const std::string& event : point.events) events += (events.empty() ? "" : "; ") + event;
  csv.text(events);
  csv.end_row();
}

}  // namespace

std::string runs_csv(const Analysis& analysis) {
  const Samples& samples = *analysis.samples;
  CsvOut csv;
  begin_header(csv, samples.study());
  names(csv, {"seed", "arrival_hash", "checksum", "measured_s", "generated", "completed", "late",
              "lost", "skipped", "on_site", "in_cloud"});
  for (const Metric& metric : metrics()) csv.text(metric.name);
  names(csv, {"mser5_s", "conserved", "little_error_ppm", "world_events", "controller_events"});
  csv.end_row();
  each_policy(analysis, [&](std::size_t cell, std::size_t policy, const PolicyResult&) {
    for (std::size_t seed = 0; seed < samples.study().seeds.size(); ++seed) {
      const RunRecord* run = samples.run(cell, policy, seed);
      if (run == nullptr) continue;
      begin_row(csv, analysis, cell, policy);
      csv.natural(run->seed).hex(run->result.arrival_hash).hex(run->result.checksum);
      csv.number(static_cast<double>(run->result.measured.count) / 1e6);
      counts(csv, measure(run->result));
      for (std::size_t metric = 0; metric < metrics().size(); ++metric)
        csv.number(samples.value(cell, policy, seed, 0, metric));
      csv.number(static_cast<double>(run->result.mser5.count) / 1e6);
      csv.text(run->result.conserved ? "yes" : "no").integer(run->result.little_error.count);
      csv.natural(run->result.world_events).natural(run->result.controller_events);
      csv.end_row();
    }
  });
  return csv.take();
}

std::string summary_csv(const Analysis& analysis) {
  CsvOut csv;
  begin_header(csv, study_of(analysis));
  names(csv, {"metric", "unit", "n", "mean", "ci_low", "ci_high", "sd", "diff_n", "diff_mean",
              "diff_ci_low", "diff_ci_high", "diff_sd_paired", "diff_sd_unpaired", "indicative"});
  csv.end_row();
  each_policy(analysis, [&](std::size_t cell, std::size_t policy, const PolicyResult& result) {
    for (std::size_t metric = 0; metric < metrics().size(); ++metric) {
      begin_row(csv, analysis, cell, policy);
      summary_row(csv, metrics()[metric], result.parts[0].metrics[metric]);
    }
  });
  return csv.take();
}

std::string per_class_csv(const Analysis& analysis) {
  CsvOut csv;
  begin_header(csv, study_of(analysis));
  names(csv, {"part",
              "name",
              "generated",
              "completed",
              "late",
              "lost",
              "skipped",
              "on_site",
              "in_cloud",
              "p50_ms",
              "p95_ms",
              "p99_ms",
              "p99.9_ms",
              "miss_n",
              "miss_mean",
              "miss_ci_low",
              "miss_ci_high",
              "miss_diff_n",
              "miss_diff_mean",
              "miss_diff_ci_low",
              "miss_diff_ci_high"});
  csv.end_row();
  each_policy(analysis, [&](std::size_t cell, std::size_t policy, const PolicyResult& result) {
    for (std::size_t part = 1; part < result.parts.size(); ++part) {
      begin_row(csv, analysis, cell, policy);
      class_row(csv, analysis.samples->parts()[part], result.parts[part]);
    }
  });
  return csv.take();
}

std::string cdf_csv(const Analysis& analysis) {
  CsvOut csv;
  begin_header(csv, study_of(analysis));
  names(csv, {"part", "name", "percent_of_completed", "percent_of_generated", "latency_ms"});
  csv.end_row();
  each_policy(analysis, [&](std::size_t cell, std::size_t policy, const PolicyResult& result) {
    for (std::size_t part = 0; part < result.parts.size(); ++part) {
      const PartName& name = analysis.samples->parts()[part];
      if (name.part == Part::workload) continue;
      for (const CdfPoint& point : cdf(result.parts[part].totals)) {
        begin_row(csv, analysis, cell, policy);
        csv.text(part_text(name.part)).text(name.name);
        csv.number(point.of_completed).number(point.of_generated).number(point.latency_ms);
        csv.end_row();
      }
    }
  });
  return csv.take();
}

const RunRecord* timeline_run(const Samples& samples, std::size_t cell, std::size_t policy) {
  for (std::size_t seed = 0; seed < samples.study().seeds.size(); ++seed) {
    const RunRecord* run = samples.run(cell, policy, seed);
    if (run != nullptr && !run->result.timeline.empty()) return run;
  }
  return nullptr;
}

std::string timeline_csv(const Analysis& analysis) {
  CsvOut csv;
  begin_header(csv, study_of(analysis));
  names(csv, {"seed", "at_s", "uplink_rate_bps", "uplink_used_bps", "shaper_bps", "ended", "missed",
              "worst_ms", "workloads_in_cloud", "events"});
  csv.end_row();
  each_policy(analysis, [&](std::size_t cell, std::size_t policy, const PolicyResult&) {
    const RunRecord* run = timeline_run(*analysis.samples, cell, policy);
    if (run == nullptr) return;
    for (const TimelinePoint& point : run->result.timeline) {
      begin_row(csv, analysis, cell, policy);
      timeline_row(csv, run->seed, point);
    }
  });
  return csv.take();
}

}  // namespace wanwise::sim
