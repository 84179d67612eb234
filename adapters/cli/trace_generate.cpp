#include <fmt/core.h>

#include <boost/json.hpp>
#include <cmath>

#include "adapters/cli/table.hpp"
#include "adapters/cli/trace_commands.hpp"
#include "sim/traces/fields.hpp"
#include "sim/traces/fit.hpp"
#include "sim/traces/goodness.hpp"

namespace wanwise::cli {
namespace {

namespace json = boost::json;
using core::Bps;
using core::Expected;

constexpr const char* kDependence =
    "seconds depend on each other: sizes are what they are worth as independent ones; the law was "
    "fitted to the same recording, so p is an upper bound";

/// "12Mbps"
Expected<Bps> to_rate(const std::string& text) {
  constexpr std::pair<const char*, double> kUnits[] = {
      {"Gbps", 1e9}, {"Mbps", 1e6}, {"kbps", 1e3}, {"bps", 1}};
  for (const auto& [unit, scale] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const auto value = sim::to_number(
        sim::trimmed(std::string_view(text).substr(0, text.size() - std::string(unit).size())));
    // From a packet a second to what a trace file may hold in a day.
    if (!value || *value * scale < 12'000 || *value * scale > 10e9) break;
    return Bps{std::llround(*value * scale)};
  }
  return core::fail("trace-map", "rate '" + text + "' (allowed: 12kbps to 10Gbps)");
}

/// The law asked for, with means of the links it was tuned on where none are given.
Expected<sim::LinkLaw> start_law(const TraceGenerate& g) {
  const bool standing = g.law == "nr-static";
  Bps up{standing ? 40'000'000 : 12'000'000};
  Bps down{standing ? 200'000'000 : 16'000'000};
  for (const auto& [text, rate] : {std::pair{&g.uplink, &up}, std::pair{&g.downlink, &down}}) {
    if (text->empty()) continue;
    const auto given = to_rate(*text);
    if (!given) return core::Unexpected<core::Error>{given.error()};
    *rate = *given;
  }
  return standing ? sim::nr_static(up, down) : sim::lte_driving(up, down);
}

json::object rate_json(const sim::RateLaw& law) {
  return {{"mean_bps", law.mean.count},
          {"slow_sd", law.slow_sd},
          {"slow_seconds", law.slow_seconds},
          {"fast_sd", law.fast_sd},
          {"fast_seconds", law.fast_seconds},
          {"cap", law.cap},
          {"fade", law.fade}};
}

json::object pause_json(const sim::PauseLaw& law) {
  return {{"per_minute", law.per_minute},
          {"shortest_s", static_cast<double>(law.shortest.count) / 1e6},
          {"longest_s", static_cast<double>(law.longest.count) / 1e6},
          {"tail", law.tail}};
}

json::object radio_json(const sim::RadioLaw& law) {
  return {
      {"mean", law.mean}, {"sd", law.sd}, {"seconds", law.seconds}, {"with_rate", law.with_rate}};
}

json::object law_json(const sim::LinkLaw& law) {
  return {{"access", sim::name_of(law.access)},   {"uplink", rate_json(law.uplink)},
          {"downlink", rate_json(law.downlink)},  {"shared", law.shared},
          {"handover", pause_json(law.handover)}, {"failure", pause_json(law.failure)},
          {"hole", pause_json(law.hole)},         {"rsrp", radio_json(law.rsrp)},
          {"sinr", radio_json(law.sinr)},         {"rsrq", radio_json(law.rsrq)}};
}

json::array figures_json(const std::vector<sim::FigureFit>& figures) {
  json::array list;
  for (const auto& f : figures)
    list.push_back(
        {{"name", f.name},
         {"unit", f.unit},
         {"recorded", f.recorded},
         {"generated", f.generated},
         {"generated_p5", f.low},
         {"generated_p95", f.high},
         {"relative_error", f.relative_error ? json::value(*f.relative_error) : json::value()},
         {"verdict", name_of(f.verdict)}});
  return list;
}

json::object goodness_json(const sim::Goodness& goodness) {
  json::array rates;
  for (const auto& d : goodness.rates) {
    json::object object{{"direction", d.name},
                        {"figures", figures_json(d.figures)},
                        {"effective_seconds_recorded", d.recorded_size},
                        {"effective_seconds_generated", d.generated_size}};
    if (d.ks)
      object["kolmogorov_smirnov"] = json::object{{"distance", d.ks->distance},
                                                  {"effective_size", d.ks->size},
                                                  {"p", d.ks->p},
                                                  {"note", kDependence}};
    rates.push_back(std::move(object));
  }
  return {{"links", goodness.links},
          {"link_seconds", goodness.link_seconds},
          {"rates", std::move(rates)},
          {"radio", figures_json(goodness.radio)}};
}

json::array strings(const std::vector<std::string>& list) {
  json::array array;
  for (const std::string& text : list) array.push_back(json::string(text));
  return array;
}

void print_figures(const std::vector<sim::FigureFit>& figures, Style style) {
  std::vector<Row> rows;
  Row head;
  for (const char* name :
       {"figure", "unit", "recorded", "generated", "of links 5%..95%", "error", "verdict"})
    head.emplace_back(name, Tone::heading);
  rows.push_back(std::move(head));
  for (const auto& f : figures)
    rows.push_back({f.name, f.unit, fmt::format("{:.3g}", f.recorded),
                    fmt::format("{:.3g}", f.generated),
                    fmt::format("{:.3g}..{:.3g}", f.low, f.high),
                    f.relative_error ? fmt::format("{:+.0f}%", 100 * *f.relative_error) : "-",
                    Cell(name_of(f.verdict), f.verdict == sim::Verdict::off    ? Tone::bad
                                             : f.verdict == sim::Verdict::near ? Tone::doubtful
                                                                               : Tone::good)});
  fmt::print("{}", table(rows, 2, style));
}

void print_fit(const sim::LinkFit& fit, const sim::Goodness& goodness, Style style) {
  for (const std::string& text : fit.taken) fmt::print("fitted: {}\n", text);
  for (const std::string& text : fit.assumed) fmt::print("assumed: {}\n", text);
  for (const auto& d : goodness.rates) {
    const bool up = d.name == "uplink";
    const sim::RateLaw& law = up ? fit.law.uplink : fit.law.downlink;
    fmt::print(
        "{}: slow {:.2f} over {:.1f} s, fast {:.2f} over {:.1f} s, cap {:.2f}, fade {:.2f}\n",
        d.name, law.slow_sd, law.slow_seconds, law.fast_sd, law.fast_seconds, law.cap, law.fade);
    print_figures(d.figures, style);
    if (d.ks)
      fmt::print(
          "  Kolmogorov-Smirnov distance {:.3f}, p {:.2g} at {:.0f} effective seconds ({})\n",
          d.ks->distance, d.ks->p, d.ks->size, kDependence);
  }
  if (!goodness.radio.empty()) print_figures(goodness.radio, style);
}

/// Means asked for stand over the recording's.
void use_means(const TraceGenerate& g, const sim::LinkLaw& start, sim::LinkLaw& law) {
  if (!g.uplink.empty()) law.uplink.mean = start.uplink.mean;
  if (!g.downlink.empty()) law.downlink.mean = start.downlink.mean;
}

struct Made {
  sim::LinkLaw law;
  json::object report;
  std::string origin;
};

Expected<Made> fitted(const Common& common, const TraceOptions& options,
                      const sim::LinkLaw& start) {
  const std::string& file = options.input.files.front();
  const auto recording = read_trace(options.input, file);
  if (!recording) return core::Unexpected<core::Error>{recording.error()};
  const auto fit = sim::fit_link(recording->file, start);
  if (!fit) return core::Unexpected<core::Error>{fit.error()};
  const sim::Goodness goodness = sim::goodness_of(recording->file, fit->law);
  if (!common.json) {
    for (const sim::Defect& d : recording->report.defects)
      fmt::print("defect: {}\n", plain(line_of(d)));
    print_fit(*fit, goodness, Style{common.colour});
  }
  Made made;
  made.law = fit->law;
  use_means(options.generate, start, made.law);
  made.origin = "like " + plain(recording->file.origin);
  made.report = {{"like", plain(recording->file.origin)},
                 {"taken", strings(fit->taken)},
                 {"assumed", strings(fit->assumed)},
                 {"goodness", goodness_json(goodness)}};
  return made;
}

sim::TraceFile to_file(sim::GeneratedLink link, const Made& made, std::uint64_t seed) {
  sim::TraceFile file;
  file.source = "generated";
  file.origin = made.origin + ", seed " + std::to_string(seed);
  file.period = link.uplink.period;
  file.uplink.opportunities = std::move(link.uplink.opportunities);
  file.downlink.opportunities = std::move(link.downlink.opportunities);
  file.radio = std::move(link.radio.points);
  return file;
}

}  // namespace

int trace_generate(const Common& common, const TraceOptions& options) {
  const TraceGenerate& g = options.generate;
  const auto start = start_law(g);
  if (!start) return trace_failed(start.error());
  Made made;
  made.law = *start;
  made.origin = g.law.empty() ? "lte-driving" : g.law;
  if (!options.input.files.empty()) {
    auto fit = fitted(common, options, *start);
    if (!fit) return trace_failed(fit.error());
    made = std::move(*fit);
  }
  const double bits =
      static_cast<double>(made.law.uplink.mean.count + made.law.downlink.mean.count) *
      static_cast<double>(g.seconds);
  if (bits / 12'000 > static_cast<double>(sim::kMaxOpportunities))
    return trace_failed({"trace-map", "rate times length is more than a trace file may hold (" +
                                          std::to_string(sim::kMaxOpportunities) +
                                          " packets): fewer --seconds"});
  made.report["law"] = law_json(made.law);
  made.report["seed"] = g.seed;
  const auto file =
      to_file(sim::generate(made.law, core::seconds(g.seconds), g.seed), made, g.seed);
  if (const auto written = write_text(options.out, format_trace(file)); !written)
    return trace_failed(written.error());
  const std::string report = json::serialize(made.report);
  if (!g.report.empty())
    if (const auto written = write_text(g.report, report + "\n"); !written)
      return trace_failed(written.error());
  fmt::print("{}\n", common.json ? report : "written: " + options.out);
  return kOk;
}

}  // namespace wanwise::cli
