// What the report's scripts draw, as JSON: numbers in flat arrays, thinned to what a screen shows.
#include <algorithm>

#include "sim/study/report/csv_files.hpp"
#include "sim/study/report/html.hpp"
#include "sim/study/report/json_out.hpp"
#include "sim/study/report/report_html.hpp"
#include "sim/study/report/report_parts.hpp"
#include "sim/study/statistics/cdf.hpp"

namespace wanwise::sim {
namespace {

// A pixel of a chart is more than 1e-4 of its width.
constexpr int kDigits = 5;
// Numbers of about six characters: what keeps the page of 15 policies x 5 cells below 1.5 MB.
constexpr std::size_t kCdfNumbers = 50'000;
constexpr std::size_t kTimelineNumbers = 70'000;
constexpr std::size_t kTimelinePoints = 600, kFewestTimelinePoints = 60;
constexpr std::size_t kSeriesOfTimeline = 5;
// Marks of one time line; a policy that does more has them in timeline.csv.
constexpr std::size_t kTimelineMarks = 80;
constexpr std::size_t kCdfFewest = 40;

std::size_t shown_cells(const Analysis& analysis) {
  return std::min(analysis.results.size(), kReportCells);
}

void write_names(JsonOut& json, const Analysis& analysis) {
  const Samples& samples = *analysis.samples;
  const Study& study = samples.study();
  json.key("baseline").natural(samples.baseline());
  json.key("policies").begin_array();
  for (const PolicySpec& policy : study.policies) {
    json.begin_object().key("name").text(policy.name);
    json.key("ours").boolean(policy.policy == "wanwise" && policy.parameters.empty());
    json.key("ablated").boolean(policy.policy.starts_with("wanwise") &&
                                !(policy.policy == "wanwise" && policy.parameters.empty()));
    json.end_object();
  }
  json.end_array().key("factors").begin_array();
  for (const Factor& factor : study.factors) {
    json.begin_object().key("name").text(factor.name).key("unit").text(factor.unit);
    json.key("levels").begin_array();
    for (const Level& level : factor.levels) {
      json.begin_object().key("name").text(level.name);
      json.key("number").number(level.number).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("tables").natural(shown_cells(analysis)).key("cells").begin_array();
  for (const Cell& cell : samples.cells()) {
    json.begin_object().key("name").text(cell_name(study, cell)).key("levels").begin_array();
    for (const std::size_t level : cell.levels) json.natural(level);
    json.end_array().end_object();
  }
  json.end_array();
}

void write_metrics(JsonOut& json) {
  json.key("metrics").begin_array();
  for (const std::size_t position : headline_metrics()) {
    const Metric& metric = metrics()[position];
    json.begin_object().key("name").text(metric.name).key("title").text(metric.title);
    json.key("unit").text(metric.unit).key("better");
    switch (metric.direction) {
      case Better::less:
        json.text("less");
        break;
      case Better::more:
        json.text("more");
        break;
      case Better::neutral:
        json.text("");
        break;
    }
    json.end_object();
  }
  json.end_array();
}

/// mean, low, high; without an interval the ends are null.
void numbers(JsonOut& json, const Estimate& of) {
  json.number(of.n > 0 ? std::optional{of.mean} : std::nullopt);
  json.number(of.half ? std::optional{of.low()} : std::nullopt);
  json.number(of.half ? std::optional{of.high()} : std::nullopt);
}

/// By cell, policy: six numbers for each headline metric, of the value and of the difference.
void write_values(JsonOut& json, const Analysis& analysis) {
  json.key("values").begin_array();
  for (const auto& cell : analysis.results) {
    json.begin_array();
    for (const PolicyResult& policy : cell) {
      json.begin_array();
      for (const std::size_t metric : headline_metrics()) {
        numbers(json, policy.parts[0].metrics[metric].value);
        numbers(json, policy.parts[0].metrics[metric].to_baseline.difference);
      }
      json.end_array();
    }
    json.end_array();
  }
  json.end_array();
}

std::vector<std::size_t> cdf_parts(const Samples& samples) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < samples.parts().size(); ++i)
    if (samples.parts()[i].part != Part::workload) out.push_back(i);
  // One class is all: the same curve twice says nothing.
  if (out.size() == 2) out.erase(out.begin() + 1);
  return out;
}

/// By cell, policy, class: the latencies at `shares`, and how many percent completed.
void write_cdfs(JsonOut& json, const Analysis& analysis) {
  const Samples& samples = *analysis.samples;
  const auto parts = cdf_parts(samples);
  const std::size_t curves = shown_cells(analysis) * samples.study().policies.size() * parts.size();
  const std::size_t points = std::max(kCdfFewest, kCdfNumbers / std::max<std::size_t>(1, curves));
  const std::size_t step = (cdf_shares().size() + points - 1) / points;
  const auto kept = [&](std::size_t i) { return i % step == 0 || i + 8 >= cdf_shares().size(); };
  json.key("cdf").begin_object().key("shares").begin_array();
  for (std::size_t i = 0; i < cdf_shares().size(); ++i)
    if (kept(i)) json.number(static_cast<double>(cdf_shares()[i].count) / 1e4);
  json.end_array().key("cells").begin_array();
  for (std::size_t cell = 0; cell < shown_cells(analysis); ++cell) {
    json.begin_array();
    for (const PolicyResult& policy : analysis.results[cell]) {
      json.begin_array();
      for (const std::size_t part : parts) {
        const auto points_of = cdf(policy.parts[part].totals);
        json.begin_object().key("done").number(points_of.empty() ? 0
                                                                 : points_of.back().of_generated);
        json.key("ms").begin_array();
        for (std::size_t i = 0; i < points_of.size(); ++i)
          if (kept(i)) json.number(points_of[i].latency_ms);
        json.end_array().end_object();
      }
      json.end_array();
    }
    json.end_array();
  }
  json.end_array().end_object();
}

using Timeline = std::vector<TimelinePoint>;

/// One value for each slice of the time line.
template <class Value>
void thinned(JsonOut& json, const char* key, const Timeline& line, std::size_t slices,
             Value value) {
  json.key(key).begin_array();
  for (std::size_t i = 0; i < slices; ++i)
    json.number(value(i * line.size() / slices, (i + 1) * line.size() / slices));
  json.end_array();
}

template <class Of>
auto mean_of(const Timeline& line, Of of) {
  return [&line, of](std::size_t from, std::size_t to) {
    double sum = 0;
    for (std::size_t i = from; i < to; ++i) sum += of(line[i]);
    return sum / static_cast<double>(to - from);
  };
}

void write_marks(JsonOut& json, const Timeline& line) {
  json.key("marks").begin_array();
  std::size_t marks = 0;
  for (const TimelinePoint& point : line) {
    for (const std::string& event : point.events) {
      if (++marks > kTimelineMarks) break;
      json.begin_object().key("x").number(static_cast<double>(point.at.count) / 1e6);
      json.key("text").text(event).end_object();
    }
  }
  json.end_array();
}

void write_timeline(JsonOut& json, std::size_t policy, const RunRecord& run, std::size_t points) {
  const Timeline& line = run.result.timeline;
  const std::size_t slices = std::min(points, line.size());
  const auto mbps = [](core::Bps rate) { return static_cast<double>(rate.count) / 1e6; };
  json.begin_object().key("policy").natural(policy).key("seed").natural(run.seed);
  thinned(json, "at", line, slices, [&](std::size_t, std::size_t to) {
    return static_cast<double>(line[to - 1].at.count) / 1e6;
  });
  thinned(json, "rate", line, slices,
          mean_of(line, [&](const TimelinePoint& p) { return mbps(p.uplink_rate); }));
  thinned(json, "used", line, slices,
          mean_of(line, [&](const TimelinePoint& p) { return mbps(p.uplink_used); }));
  thinned(json, "shaper", line, slices,
          [&](std::size_t, std::size_t to) { return mbps(line[to - 1].shaper); });
  thinned(json, "missed", line, slices,
          mean_of(line, [](const TimelinePoint& p) { return static_cast<double>(p.missed); }));
  thinned(json, "cloud", line, slices,
          [&](std::size_t, std::size_t to) { return static_cast<double>(line[to - 1].in_cloud); });
  write_marks(json, line);
  json.end_object();
}

void write_timelines(JsonOut& json, const Analysis& analysis) {
  const Samples& samples = *analysis.samples;
  std::size_t lines = 0;
  for (std::size_t cell = 0; cell < shown_cells(analysis); ++cell)
    for (std::size_t policy = 0; policy < samples.study().policies.size(); ++policy)
      if (timeline_run(samples, cell, policy) != nullptr) ++lines;
  const std::size_t points =
      std::clamp(kTimelineNumbers / (std::max<std::size_t>(1, lines) * kSeriesOfTimeline),
                 kFewestTimelinePoints, kTimelinePoints);
  json.key("timelines").begin_array();
  for (std::size_t cell = 0; cell < shown_cells(analysis); ++cell) {
    json.begin_array();
    for (std::size_t policy = 0; policy < samples.study().policies.size(); ++policy) {
      const RunRecord* run = timeline_run(samples, cell, policy);
      if (run != nullptr) write_timeline(json, policy, *run, points);
    }
    json.end_array();
  }
  json.end_array();
}

std::size_t headline_position(std::size_t metric) {
  const auto& all = headline_metrics();
  return static_cast<std::size_t>(std::find(all.begin(), all.end(), metric) - all.begin());
}

void write_effects(JsonOut& json, const Analysis& analysis) {
  json.key("effects").begin_array();
  for (const FactorEffect& effect : analysis.factor_effects) {
    json.begin_array().natural(effect.factor).natural(effect.from).natural(effect.policy);
    json.natural(headline_position(effect.metric));
    numbers(json, effect.difference);
    json.end_array();
  }
  json.end_array().key("whole");
  analysis.whole ? json.natural(*analysis.whole) : json.null();
  json.key("ablations").begin_array();
  for (const AblationEffect& effect : analysis.ablations) {
    json.begin_array().natural(effect.cell).natural(effect.policy);
    json.natural(headline_position(effect.metric));
    numbers(json, effect.difference);
    json.end_array();
  }
  json.end_array();
}

}  // namespace

std::string report_data(const Analysis& analysis) {
  JsonOut json{kDigits};
  json.begin_object();
  write_names(json, analysis);
  write_metrics(json);
  json.key("parts").begin_array();
  for (const std::size_t part : cdf_parts(*analysis.samples))
    json.text(part == 0 ? "all classes" : analysis.samples->parts()[part].name);
  json.end_array();
  write_values(json, analysis);
  write_cdfs(json, analysis);
  write_timelines(json, analysis);
  write_effects(json, analysis);
  json.end_object();
  return json.take();
}

}  // namespace wanwise::sim
