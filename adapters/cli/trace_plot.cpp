#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "adapters/cli/table.hpp"
#include "adapters/cli/trace_commands.hpp"
#include "sim/study/report/plot_page.hpp"
#include "sim/traces/info.hpp"
#include "sim/traces/series.hpp"

namespace wanwise::cli {
namespace {

// More vertical lines than these hide the curves.
constexpr std::size_t kMostMarks = 40;

struct Plotted {
  std::string name;
  sim::TraceFile file;
  sim::TraceInfo info;
};

sim::PlotSeries over_time(const std::string& name, const sim::Series& seconds) {
  sim::PlotSeries series;
  series.name = name;
  series.steps = true;
  for (std::size_t i = 0; i < seconds.size(); ++i)
    series.points.emplace_back(static_cast<double>(i), seconds[i]);
  return series;
}

sim::PlotSeries distribution(const std::string& name, sim::Series values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double x) { return std::isnan(x); }),
               values.end());
  std::sort(values.begin(), values.end());
  sim::PlotSeries series;
  series.name = name;
  series.steps = true;
  for (std::size_t i = 0; i < values.size(); ++i)
    series.points.emplace_back(values[i],
                               static_cast<double>(i + 1) / static_cast<double>(values.size()));
  return series;
}

std::string title_of(const std::vector<Plotted>& plotted, const std::string& what) {
  std::string title;
  for (const Plotted& p : plotted)
    for (const auto& s : p.info.series)
      if (s.name == what && title.empty())
        title = fmt::format("{}: median {:.3g} {}, 5% below {:.3g}, 95% below {:.3g}", what,
                            s.summary.p50, s.unit, s.summary.p5, s.summary.p95);
  return plotted.size() > 1 && !title.empty() ? title + " (" + plotted.front().name + ")" : title;
}

std::vector<sim::PlotMark> outages(const sim::TraceRates& rates, core::Micros period) {
  std::vector<sim::PlotMark> marks;
  auto pauses = sim::pauses_of(rates, period, core::seconds(2));
  std::stable_sort(pauses.begin(), pauses.end(), [](const auto& a, const auto& b) {
    return a.second - a.first > b.second - b.first;
  });
  pauses.resize(std::min(pauses.size(), kMostMarks));
  std::sort(pauses.begin(), pauses.end());
  for (const auto& [from, to] : pauses)
    marks.push_back(
        {static_cast<double>(from.count) / 1e6,
         fmt::format("{:.0f} s without delivery", static_cast<double>((to - from).count) / 1e6)});
  return marks;
}

std::vector<sim::PlotMark> handovers(const sim::TraceFile& file) {
  std::vector<sim::PlotMark> marks;
  const auto list = sim::handovers_of(file.radio);
  if (list.size() > kMostMarks) return marks;
  for (const core::Micros at : list)
    marks.push_back({static_cast<double>(at.count) / 1e6, "new cell"});
  return marks;
}

void add_rates(sim::PlotPage& page, const std::vector<Plotted>& plotted, sim::Direction direction) {
  sim::PlotChart course;
  sim::PlotChart shares;
  for (const Plotted& p : plotted) {
    const sim::TraceRates& rates =
        direction == sim::Direction::uplink ? p.file.uplink : p.file.downlink;
    if (rates.empty()) continue;
    const sim::Series seconds = sim::rate_seconds(rates, p.file.period);
    course.series.push_back(over_time(p.name, seconds));
    shares.series.push_back(distribution(p.name, seconds));
    if (plotted.size() == 1) course.marks = outages(rates, p.file.period);
  }
  if (course.series.empty()) return;
  const std::string name = sim::name_of(direction);
  course.title = title_of(plotted, name);
  course.says = "Mean of each second; a gap is a second without a recorded rate.";
  course.x.label = "time [s]";
  course.y.label = name + " [Mb/s]";
  shares.title = "How often the " + name + " is below a rate";
  shares.x.label = name + " [Mb/s]";
  shares.y.label = "share of seconds";
  page.charts.push_back(std::move(course));
  page.charts.push_back(std::move(shares));
}

void add_radio(sim::PlotPage& page, const std::vector<Plotted>& plotted, sim::RadioField field) {
  sim::PlotChart chart;
  for (const Plotted& p : plotted) {
    const sim::Series series = sim::radio_seconds(p.file.radio, field, p.file.period);
    if (sim::summarise(series).count == 0) continue;
    chart.series.push_back(over_time(p.name, series));
    if (plotted.size() == 1) chart.marks = handovers(p.file);
  }
  if (chart.series.empty()) return;
  chart.title = title_of(plotted, name_of(field));
  chart.x.label = "time [s]";
  chart.y.label = fmt::format("{} [{}]", name_of(field), unit_of(field));
  page.charts.push_back(std::move(chart));
}

void add_round_trips(sim::PlotPage& page, const std::vector<Plotted>& plotted) {
  sim::PlotChart chart;
  for (const Plotted& p : plotted) {
    if (p.file.rtt.empty()) continue;
    sim::PlotSeries series;
    series.name = p.name;
    series.points_only = true;
    for (const sim::RttPoint& point : p.file.rtt)
      series.points.emplace_back(static_cast<double>(point.offset.count) / 1e6,
                                 point.rtt
                                     ? std::max(static_cast<double>(point.rtt->count) / 1000, 0.001)
                                     : sim::kUnknown);
    chart.series.push_back(std::move(series));
  }
  if (chart.series.empty()) return;
  chart.title = title_of(plotted, "rtt");
  chart.x.label = "time [s]";
  chart.y = {"round trip [ms]", true};
  page.charts.push_back(std::move(chart));
}

std::string facts_of(const Plotted& p) {
  std::string text = fmt::format("{}, {:.0f} s", p.info.source, p.info.seconds);
  if (!p.info.delivery.empty()) text += ", rates: " + p.info.meaning;
  if (!p.info.licence.empty()) text += "; " + p.info.licence;
  return plain(text);
}

sim::PlotPage page_of(const std::vector<Plotted>& plotted) {
  sim::PlotPage page;
  page.title = plotted.size() == 1 ? plotted.front().name
                                   : std::to_string(plotted.size()) + " recordings of links";
  for (const Plotted& p : plotted) page.facts.emplace_back(p.name, facts_of(p));
  add_rates(page, plotted, sim::Direction::uplink);
  add_rates(page, plotted, sim::Direction::downlink);
  for (const sim::RadioField field : sim::kRadioFields) add_radio(page, plotted, field);
  add_round_trips(page, plotted);
  return page;
}

}  // namespace

int trace_plot(const Common& common, const TraceOptions& options) {
  std::vector<Plotted> plotted;
  for (const std::string& file : options.input.files) {
    auto trace = read_trace(options.input, file);
    if (!trace) return trace_failed(trace.error());
    sim::TraceInfo info = sim::info_of(trace->file);
    plotted.push_back({plain(std::filesystem::path(file).filename().string()),
                       std::move(trace->file), std::move(info)});
    if (!common.json)
      for (const sim::Defect& d : trace->report.defects)
        fmt::print("{}: {}\n", plotted.back().name, plain(line_of(d)));
  }
  if (const auto written = write_text(options.out, sim::plot_page(page_of(plotted))); !written)
    return trace_failed(written.error());
  if (!common.json) fmt::print("written: {}\n", options.out);
  return kOk;
}

}  // namespace wanwise::cli
