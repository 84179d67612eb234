#include <fmt/format.h>

#include <algorithm>

#include "sim/study/report/html.hpp"
#include "sim/study/report/report_html.hpp"
#include "sim/study/report/report_parts.hpp"

namespace wanwise::sim {
namespace {

using Positions = std::vector<std::size_t>;

const char* group_title(MetricGroup group) {
  switch (group) {
    case MetricGroup::outcome:
      return "What became of the requests";
    case MetricGroup::latency:
      return "Latency, mean of the seeds";
    case MetricGroup::placement:
      return "Edge and cloud";
    case MetricGroup::cost:
      return "Bytes and money";
    case MetricGroup::energy:
      return "Energy";
    case MetricGroup::stability:
      return "Switching, falling back and returning";
    case MetricGroup::harm:
      return "Harm to other classes";
  }
  return "";
}

const char* group_note(MetricGroup group) {
  switch (group) {
    case MetricGroup::outcome:
      return "A request misses its deadline when it is late, lost or never sent.";
    case MetricGroup::latency:
      return "Of completed requests only: read it beside the losses above. The quantile of each "
             "seed, averaged.";
    case MetricGroup::placement:
      return "";
    case MetricGroup::cost:
      return "Per hour of measured time.";
    case MetricGroup::energy:
      return "Of the targets that have a power model.";
    case MetricGroup::stability:
      return "Times are of runs in which it happened; n is smaller where it did not in every run.";
    case MetricGroup::harm:
      return "How much worse the worst class fares than under the baseline, in percentage points "
             "of its deadline misses. Other classes: those that the policy places as the baseline "
             "does.";
  }
  return "";
}

std::string header(const std::string& first, const std::vector<std::string>& columns) {
  std::string out = "<thead><tr><th scope=\"col\" class=\"text\">" + html_escape(first) + "</th>";
  for (const std::string& column : columns) out += "<th scope=\"col\">" + column + "</th>";
  return out + "</tr></thead>";
}

std::string metric_column(const Metric& metric) {
  const char* better = "";
  switch (metric.direction) {
    case Better::less:
      better = "less is better";
      break;
    case Better::more:
      better = "more is better";
      break;
    case Better::neutral:
      better = "neither is better";
      break;
  }
  return fmt::format("<span title=\"{}; {}\">{}</span><span class=\"unit\">{}</span>",
                     html_escape(metric.formula), better, html_escape(metric.title),
                     html_escape(metric.unit));
}

std::string value_cell(const Metric& metric, const MetricResult& result, bool baseline) {
  if (result.value.n == 0) return "<td>\u2013<span class=\"diff\">no value</span></td>";
  const bool thin = is_indicative(metric, result.value.n);
  std::string out = fmt::format("<td data-v=\"{:.6g}\">{}{}", result.value.mean,
                                number_text(result.value.mean), thin ? "*" : "");
  if (baseline) {
    if (result.value.half)
      out += "<span class=\"diff\">\u00b1 " + number_text(*result.value.half) + "</span>";
  } else {
    out += difference_html(metric, result.to_baseline.difference);
  }
  return out + "</td>";
}

/// The caption is for who can not see the heading above it.
std::string open_table(const std::string& caption) {
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table "
      "class=\"results\"><caption><span class=\"unseen\">{0}</span></caption>",
      html_escape(caption));
}

std::string row_head(const Analysis& analysis, std::size_t policy) {
  const Samples& samples = *analysis.samples;
  const bool baseline = policy == samples.baseline();
  return fmt::format("<tr{}><th scope=\"row\">{}{}</th>", baseline ? " class=\"baseline\"" : "",
                     html_escape(samples.study().policies[policy].name),
                     baseline ? "<span class=\"unit\">baseline</span>" : "");
}

/// Policies down, metrics across, of one part.
std::string metric_table(const Analysis& analysis, std::size_t cell, std::size_t part,
                         const Positions& shown, const std::string& caption) {
  std::vector<std::string> columns;
  for (const std::size_t metric : shown) columns.push_back(metric_column(metrics()[metric]));
  std::string out = open_table(caption) + header("Policy", columns) + "<tbody>";
  for (std::size_t policy = 0; policy < analysis.results[cell].size(); ++policy) {
    const PartResult& result = analysis.results[cell][policy].parts[part];
    out += row_head(analysis, policy);
    for (const std::size_t metric : shown)
      out += value_cell(metrics()[metric], result.metrics[metric],
                        policy == analysis.samples->baseline());
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>";
}

/// Policies down, classes or workloads across, of one metric.
std::string part_table(const Analysis& analysis, std::size_t cell, Part kind, std::size_t metric,
                       const std::string& caption) {
  const auto& parts = analysis.samples->parts();
  std::vector<std::string> columns;
  for (const PartName& part : parts)
    if (part.part == kind)
      columns.push_back(html_escape(part.name) + "<span class=\"unit\">" +
                        html_escape(metrics()[metric].unit) + "</span>");
  std::string out = open_table(caption) + header("Policy", columns) + "<tbody>";
  for (std::size_t policy = 0; policy < analysis.results[cell].size(); ++policy) {
    out += row_head(analysis, policy);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (parts[part].part != kind) continue;
      out +=
          value_cell(metrics()[metric], analysis.results[cell][policy].parts[part].metrics[metric],
                     policy == analysis.samples->baseline());
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>";
}

constexpr std::int64_t kQuantiles[] = {500'000, 950'000, 990'000, 999'000, 1'000'000};

/// Requests beyond a quantile below which it is told by a handful of them.
constexpr double kEnoughBeyond = 10;

std::string quantile_cell(const Measured& totals, std::int64_t share, std::size_t runs) {
  if (totals.latency.count() == 0) return "<td>\u2013</td>";
  const double value = static_cast<double>(totals.latency.quantile(core::Ppm{share}).count) / 1e3;
  const double beyond =
      static_cast<double>(totals.latency.count()) * (1 - static_cast<double>(share) / 1e6);
  const bool thin =
      share < 1'000'000 &&
      (beyond < kEnoughBeyond || runs < (share >= 990'000 ? kSeedsForTails : kSeedsForMeans));
  return fmt::format("<td data-v=\"{:.6g}\">{}{}</td>", value, number_text(value), thin ? "*" : "");
}

std::string quantile_table(const Analysis& analysis, std::size_t cell) {
  const auto& parts = analysis.samples->parts();
  std::string out = open_table("Latency quantiles by class, ms") +
                    header("Policy", {"Class", "Completed<span class=\"unit\">%</span>", "p50",
                                      "p95", "p99", "p99.9", "Longest"}) +
                    "<tbody>";
  for (std::size_t policy = 0; policy < analysis.results[cell].size(); ++policy) {
    const PolicyResult& result = analysis.results[cell][policy];
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (parts[part].part == Part::workload) continue;
      const Measured& totals = result.parts[part].totals;
      const double done = totals.generated == 0 ? 0
                                                : 100 * static_cast<double>(totals.completed) /
                                                      static_cast<double>(totals.generated);
      out += row_head(analysis, policy) + "<td class=\"text\">" +
             (part == 0 ? std::string{"all"} : html_escape(parts[part].name)) +
             fmt::format("</td><td data-v=\"{:.6g}\">{}</td>", done, number_text(done));
      for (const std::int64_t share : kQuantiles) out += quantile_cell(totals, share, result.runs);
      out += "</tr>\n";
    }
  }
  return out + "</tbody></table></div>";
}

std::string group_table(const Analysis& analysis, std::size_t cell, MetricGroup group) {
  Positions shown;
  for (std::size_t i = 0; i < metrics().size(); ++i)
    if (metrics()[i].group == group) shown.push_back(i);
  std::string out = fmt::format("<h3>{}</h3>", group_title(group));
  if (*group_note(group) != '\0') out += fmt::format("<p class=\"soft\">{}</p>", group_note(group));
  return out + metric_table(analysis, cell, 0, shown, group_title(group));
}

/// What fits beside each other on a screen.
const Positions& glance() {
  static const Positions shown = [] {
    Positions out;
    for (const char* name : {"miss-ratio", "latency-p99", "goodput", "cloud-share", "total-cost",
                             "power", "switches", "harm-others"}) {
      out.push_back(*find_metric(name));
    }
    return out;
  }();
  return shown;
}

std::string cell_tables(const Analysis& analysis, std::size_t cell) {
  const Samples& samples = *analysis.samples;
  const std::string name = cell_name(samples.study(), samples.cells()[cell]);
  std::string out = fmt::format("<section class=\"cell\" data-cell=\"{}\"><h2>Results: {}</h2>",
                                cell, html_escape(name));
  out += "<h3>At a glance</h3>" + metric_table(analysis, cell, 0, glance(), "At a glance: " + name);
  out += group_table(analysis, cell, MetricGroup::outcome);
  const std::size_t miss = *find_metric("miss-ratio");
  out += "<h3>Deadline misses by class and workload</h3>" +
         part_table(analysis, cell, Part::service_class, miss, "Deadline misses of each class") +
         "<p class=\"soft\">And of each workload:</p>" +
         part_table(analysis, cell, Part::workload, miss, "Deadline misses of each workload");
  out += group_table(analysis, cell, MetricGroup::latency);
  out +=
      "<h3>Latency quantiles by class</h3><p class=\"soft\">In ms, of all runs together; beside "
      "them the share of requests that completed at all.</p>" +
      quantile_table(analysis, cell);
  for (const MetricGroup group : {MetricGroup::placement, MetricGroup::cost, MetricGroup::energy,
                                  MetricGroup::stability, MetricGroup::harm}) {
    out += group_table(analysis, cell, group);
  }
  return out + "</section>\n";
}

}  // namespace

std::string difference_html(const Metric& metric, const Estimate& difference) {
  if (difference.n == 0) return "<span class=\"diff\">no pair</span>";
  if (!difference.half) {
    return "<span class=\"diff\">" + signed_text(difference.mean) + " no interval</span>";
  }
  const bool below = difference.high()<0, above = difference.low()> 0;
  const char* kind = "";
  const char* word = "unclear";
  if (difference.sd == 0 && difference.mean == 0) {
    word = "equal";
  } else if (below || above) {
    switch (metric.direction) {
      case Better::less:
        kind = word = below ? "better" : "worse";
        break;
      case Better::more:
        kind = word = above ? "better" : "worse";
        break;
      case Better::neutral:
        word = below ? "lower" : "higher";
        break;
    }
  }
  return fmt::format("<span class=\"diff {}\">{} {} <span class=\"range\">[{}, {}]</span></span>",
                     kind, signed_text(difference.mean), word, signed_text(difference.low()),
                     signed_text(difference.high()));
}

std::string report_results(const Analysis& analysis) {
  const std::size_t shown = std::min(analysis.results.size(), kReportCells);
  std::string out =
      "<p class=\"soft\">Each table holds the mean of the seeds; below it stands the paired "
      "difference to the baseline with its 95 % interval, in the same unit (of %, in percentage "
      "points). \u201cUnclear\u201d: zero is inside the interval. An asterisk marks what is "
      "indicative only, for want of seeds. A column's head sorts.</p>";
  if (shown < analysis.results.size()) {
    out += fmt::format(
        "<p class=\"warning\">Tables of the first {} of {} combinations are here; "
        "summary.csv has all.</p>",
        shown, analysis.results.size());
  }
  for (std::size_t cell = 0; cell < shown; ++cell) out += cell_tables(analysis, cell);
  return out;
}

}  // namespace wanwise::sim
