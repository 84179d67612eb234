#include <fmt/core.h>

#include <boost/json.hpp>

#include "adapters/cli/table.hpp"
#include "adapters/cli/trace_commands.hpp"
#include "sim/traces/info.hpp"

namespace wanwise::cli {
namespace {

namespace json = boost::json;

std::string number(double value) {
  return fmt::format("{:.4g}", value);
}

std::string maybe(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

json::value optional_json(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value();
}

json::object series_json(const sim::SeriesInfo& s) {
  return {{"name", s.name},
          {"unit", s.unit},
          {"points", s.points},
          {"step_s", s.step_seconds},
          {"gaps", s.gaps},
          {"longest_gap_s", s.longest_gap_seconds},
          {"known", s.summary.count},
          {"unknown", s.summary.unknown},
          {"min", s.summary.min},
          {"p5", s.summary.p5},
          {"p50", s.summary.p50},
          {"p95", s.summary.p95},
          {"p99", s.summary.p99},
          {"max", s.summary.max},
          {"mean", s.summary.mean},
          {"sd", s.summary.sd},
          {"cv", optional_json(s.summary.cv)},
          {"autocorrelation_1s", optional_json(s.after_1)},
          {"autocorrelation_10s", optional_json(s.after_10)}};
}

json::object info_json(const std::string& file, const sim::TraceInfo& info) {
  json::array series;
  for (const auto& s : info.series) series.push_back(series_json(s));
  json::array delivery;
  for (const auto& d : info.delivery)
    delivery.push_back({{"direction", d.name},
                        {"dead_seconds", d.dead_seconds},
                        {"known_seconds", d.known_seconds},
                        {"longest_pause_s", d.longest_pause_seconds}});
  json::array correlations;
  for (const auto& c : info.correlations)
    correlations.push_back(
        {{"a", c.a}, {"b", c.b}, {"r", c.correlation.r}, {"pairs", c.correlation.pairs}});
  json::object access;
  for (const auto& [name, share] : info.access_shares) access[name] = share;
  return {{"file", plain(file)},
          {"source", plain(info.source)},
          {"licence", plain(info.licence)},
          {"rates", info.meaning},
          {"seconds", info.seconds},
          {"series", std::move(series)},
          {"delivery", std::move(delivery)},
          {"handovers_per_minute", optional_json(info.handovers_per_minute)},
          {"access", std::move(access)},
          {"out_of_service_share", info.out_of_service_share},
          {"probes", info.probes},
          {"probes_lost", info.probes_lost},
          {"correlations", std::move(correlations)}};
}

std::string series_table(const sim::TraceInfo& info, Style style) {
  std::vector<Row> rows;
  Row head;
  for (const char* name : {"series", "unit", "points", "step s", "gaps", "unknown", "min", "p5",
                           "p50", "p95", "p99", "max", "mean", "CV", "r 1 s", "r 10 s"})
    head.emplace_back(name, Tone::heading);
  rows.push_back(std::move(head));
  for (const auto& s : info.series) {
    const sim::Summary& u = s.summary;
    rows.push_back({s.name, s.unit, std::to_string(s.points), number(s.step_seconds),
                    std::to_string(s.gaps), std::to_string(u.unknown), number(u.min), number(u.p5),
                    number(u.p50), number(u.p95), number(u.p99), number(u.max), number(u.mean),
                    maybe(u.cv), maybe(s.after_1), maybe(s.after_10)});
  }
  return table(rows, 2, style);
}

void print_info(const std::string& file, const sim::TraceInfo& info, Style style) {
  fmt::print("{}: {}, {:.1f} s{}\n", plain(file), plain(info.source), info.seconds,
             info.delivery.empty() ? "" : ", rates: " + info.meaning);
  if (!info.licence.empty()) fmt::print("  licence: {}\n", plain(info.licence));
  fmt::print("{}", series_table(info, style));
  for (const auto& d : info.delivery)
    fmt::print("  {}: {} of {} seconds without delivery ({:.1f}%), longest pause {:.1f} s\n",
               d.name, d.dead_seconds, d.known_seconds,
               d.known_seconds == 0 ? 0
                                    : 100.0 * static_cast<double>(d.dead_seconds) /
                                          static_cast<double>(d.known_seconds),
               d.longest_pause_seconds);
  if (info.probes > 0) fmt::print("  probes: {} of {} lost\n", info.probes_lost, info.probes);
  if (!info.access_shares.empty()) {
    std::string shares;
    for (const auto& [name, share] : info.access_shares)
      shares += fmt::format("{}{} {:.1f}%", shares.empty() ? "" : ", ", name, 100 * share);
    fmt::print("  radio: {}; out of service {:.1f}%; handovers {}\n", shares,
               100 * info.out_of_service_share,
               info.handovers_per_minute ? fmt::format("{:.2f}/min", *info.handovers_per_minute)
                                         : "unknown");
  }
  for (const auto& c : info.correlations)
    fmt::print("  correlation {} with {}: {:.2f} (n {})\n", c.a, c.b, c.correlation.r,
               c.correlation.pairs);
}

}  // namespace

int trace_info(const Common& common, const TraceOptions& options) {
  json::array traces;
  for (const std::string& file : options.input.files) {
    const auto trace = read_trace(options.input, file);
    if (!trace) return trace_failed(trace.error());
    const sim::TraceInfo info = sim::info_of(trace->file);
    if (common.json) {
      traces.push_back(info_json(file, info));
      continue;
    }
    print_info(file, info, Style{common.colour});
    for (const sim::Defect& d : trace->report.defects)
      fmt::print("  defect: {}\n", plain(line_of(d)));
  }
  if (common.json) fmt::print("{}\n", json::serialize(json::object{{"traces", std::move(traces)}}));
  return kOk;
}

}  // namespace wanwise::cli
