#include "sim/study/report/plot_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/study/report/html.hpp"
#include "sim/study/report/json_out.hpp"
#include "sim/study/report/page_assets.hpp"

namespace wanwise::sim {
namespace {

using Points = std::vector<std::pair<double, double>>;

// Rows of a table under a chart; the rest is in the data the chart was made of.
constexpr std::size_t kTableRows = 40;
// Seven digits keep milliseconds apart in a day of seconds.
constexpr int kDigits = 8;

/// Lowest, highest and, if there is one, a gap of points[from, to), in their order.
void append_extremes(const Points& points, std::size_t from, std::size_t to, Points& out) {
  std::vector<std::size_t> kept;
  std::optional<std::size_t> low, high, gap;
  for (std::size_t i = from; i < to; ++i) {
    const double y = points[i].second;
    if (!std::isfinite(y)) {
      gap = i;
      continue;
    }
    if (!low || y < points[*low].second) low = i;
    if (!high || y > points[*high].second) high = i;
  }
  for (const auto& index : {low, high, gap})
    if (index) kept.push_back(*index);
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  for (const std::size_t i : kept) out.push_back(points[i]);
}

/// Dots are a sample of the whole; of a line, what sticks out must stay.
Points thinned(const PlotSeries& series) {
  const Points& points = series.points;
  if (points.size() <= kPlotPoints) return points;
  if (series.points_only) {
    Points out;
    for (std::size_t i = 0; i < kPlotPoints; ++i)
      out.push_back(points[i * points.size() / kPlotPoints]);
    return out;
  }
  const std::size_t slices = kPlotPoints / 2;
  Points out;
  for (std::size_t i = 0; i < slices; ++i) {
    append_extremes(points, i * points.size() / slices, (i + 1) * points.size() / slices, out);
  }
  return out;
}

void write_axis(JsonOut& json, const char* key, const PlotAxis& axis) {
  json.key(key).begin_object().key("label").text(axis.label);
  json.key("log").boolean(axis.logarithmic).end_object();
}

void write_chart(JsonOut& json, const PlotChart& chart) {
  json.begin_object().key("title").text(chart.title);
  write_axis(json, "x", chart.x);
  write_axis(json, "y", chart.y);
  json.key("series").begin_array();
  for (const PlotSeries& series : chart.series) {
    json.begin_object().key("name").text(series.name);
    json.key("steps").boolean(series.steps).key("dots").boolean(series.points_only);
    json.key("points").begin_array();
    for (const auto& [x, y] : thinned(series)) json.number(x).number(y);
    json.end_array().end_object();
  }
  json.end_array().key("marks").begin_array();
  for (const PlotMark& mark : chart.marks) {
    json.begin_object().key("x").number(mark.x).key("text").text(mark.text).end_object();
  }
  json.end_array().end_object();
}

std::string series_table(const PlotChart& chart) {
  std::string out;
  for (const PlotSeries& series : chart.series) {
    const std::size_t step =
        std::max<std::size_t>(1, (series.points.size() + kTableRows - 1) / kTableRows);
    out += fmt::format(
        "<div class=\"scroll\" tabindex=\"0\"><table><caption>{}: {}</caption><thead><tr><th "
        "scope=\"col\">{}"
        "</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        html_escape(series.name),
        step == 1 ? "all values"
                  : fmt::format("every {}. of {} values", step, series.points.size()),
        html_escape(chart.x.label), html_escape(chart.y.label));
    for (std::size_t i = 0; i < series.points.size(); i += step) {
      const auto& [x, y] = series.points[i];
      out += fmt::format("<tr><td>{}</td><td>{}</td></tr>", number_text(x),
                         std::isfinite(y) ? number_text(y) : "no value");
    }
    out += "</tbody></table></div>";
  }
  return out;
}

std::string figure(const PlotChart& chart, std::size_t position) {
  return fmt::format(
      "<figure id=\"plot-{0}\"><h2>{1}</h2><p>{2}</p><div class=\"canvas\"><canvas role=\"img\" "
      "aria-label=\"{1}. {3} over {4}; the numbers are in the table below.\"></canvas></div>"
      "<details><summary>Data as a table</summary>{5}</details></figure>\n",
      position, html_escape(chart.title), html_escape(chart.says), html_escape(chart.y.label),
      html_escape(chart.x.label), series_table(chart));
}

}  // namespace

std::string plot_page(const PlotPage& page) {
  JsonOut json{kDigits};
  json.begin_object().key("charts").begin_array();
  for (const PlotChart& chart : page.charts) write_chart(json, chart);
  json.end_array().end_object();

  std::string body = fmt::format("<main>\n<header><h1>{}</h1><p class=\"lead\">{}</p></header>\n",
                                 html_escape(page.title), html_escape(page.intro));
  if (!page.facts.empty()) {
    body += "<div class=\"scroll\" tabindex=\"0\"><table class=\"facts\"><tbody>";
    for (const auto& [name, value] : page.facts) {
      body += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", html_escape(name),
                          html_escape(value));
    }
    body += "</tbody></table></div>\n";
  }
  for (std::size_t i = 0; i < page.charts.size(); ++i) body += figure(page.charts[i], i);
  body += "</main>";
  return html_page(page.title, body, json.take(), {page_js(), plot_js()});
}

}  // namespace wanwise::sim
