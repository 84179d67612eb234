#include <fmt/format.h>

#include <algorithm>

#include "sim/study/report/csv_files.hpp"
#include "sim/study/report/html.hpp"
#include "sim/study/report/report_parts.hpp"

namespace wanwise::sim {
namespace {

/// A title that says what to see, the canvas, and a table that the script fills with what it drew.
std::string figure(const std::string& id, const std::string& title, const std::string& says,
                   const std::string& controls = "", const std::string& kind = "") {
  return fmt::format(
      "<figure id=\"{0}\"><h3>{1}</h3><p class=\"soft\">{2}</p>{3}<div class=\"canvas {4}\">"
      "<canvas role=\"img\" aria-label=\"{1}. The numbers are in the table below.\"></canvas></div>"
      "<details><summary>Data as a table</summary><div class=\"scroll\" tabindex=\"0\"></div>"
      "</details></figure>\n",
      html_escape(id), html_escape(title), html_escape(says),
      controls.empty() ? "" : "<div class=\"control-line\">" + controls + "</div>",
      html_escape(kind));
}

std::string metric_choice(const std::string& id) {
  std::string out =
      fmt::format("<label>Metric <select data-choice=\"metric\" name=\"{}-metric\">", id);
  for (std::size_t i = 0; i < headline_metrics().size(); ++i) {
    const Metric& metric = metrics()[headline_metrics()[i]];
    out += fmt::format("<option value=\"{}\">{}, {}</option>", i, html_escape(metric.title),
                       html_escape(metric.unit));
  }
  return out + "</select></label>";
}

bool is_axis(const Factor& factor) {
  return factor.levels.size() > 1 &&
         std::all_of(factor.levels.begin(), factor.levels.end(),
                     [](const Level& level) { return level.number.has_value(); });
}

std::string knee_figures(const Study& study) {
  std::string out;
  for (std::size_t f = 0; f < study.factors.size(); ++f) {
    const Factor& factor = study.factors[f];
    if (!is_axis(factor)) continue;
    const std::string id = fmt::format("knee-{}", f);
    const std::string choice =
        metric_choice(id) + "<label>Show <select data-choice=\"view\" name=\"" + id +
        "-view\"><option value=\"0\">mean</option><option value=\"3\">paired difference to " +
        html_escape(study.baseline) + "</option></select></label>";
    out += figure(id, "Where each policy breaks as " + factor.name + " changes",
                  "A bend upward is the knee; bars are 95 % intervals. Other factors as selected.",
                  choice);
  }
  return out;
}

std::string cdf_figures(const Samples& samples) {
  std::vector<std::string> names{"all classes"};
  for (const PartName& part : samples.parts())
    if (part.part == Part::service_class) names.push_back(part.name);
  if (names.size() == 2) names.pop_back();
  std::string out =
      "<h2>How soon requests complete</h2><p class=\"soft\">Left and high is better. A curve ends "
      "at the share that completes at all; the rest was lost or not sent.</p>"
      "<div class=\"charts\">";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += figure(fmt::format("cdf-{}", i), "Latency of " + names[i],
                  "Share of generated requests completed within a time.");
  }
  return out + "</div>";
}

bool has_timeline(const Samples& samples) {
  for (std::size_t cell = 0; cell < samples.cells().size(); ++cell)
    for (std::size_t policy = 0; policy < samples.study().policies.size(); ++policy)
      if (timeline_run(samples, cell, policy) != nullptr) return true;
  return false;
}

std::string timeline_figures(const Samples& samples) {
  if (!has_timeline(samples)) return "";
  return "<h2>What happened, second by second</h2><p class=\"soft\">One run, of the first seed. "
         "Dashed lines mark events of the link and moves of the policy chosen here.</p>"
         "<div class=\"control-line\"><label>Events and uplink of <select id=\"time-policy\" "
         "name=\"time-policy\"></select></label><label>Window <select id=\"time-window\" "
         "name=\"time-window\"></select></label></div>" +
         figure("time-uplink", "Does the shaper stay below what the air offers?",
                "Uplink in Mb/s: offered by the air, used, and the shaper's rate.") +
         figure("time-misses", "When deadlines are missed",
                "Requests a second that were late, lost or not sent, by policy.", "", "low") +
         figure("time-cloud", "Where the workloads run", "Workloads placed in the cloud.", "",
                "low");
}

bool shown_in_tables(std::size_t metric) {
  for (const char* name : {"miss-ratio", "latency-p99", "total-cost"})
    if (metric == find_metric(name)) return true;
  return false;
}

// Rows of the static tables of effects; results.json has all.
constexpr std::size_t kEffectRows = 300;

std::string effect_row(const std::string& first, const std::string& second, std::size_t metric,
                       const Estimate& difference) {
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"text\">{}</td><td class=\"text\">{}, "
      "{}</td><td data-v=\"{:.6g}\">{}</td><td>{}</td></tr>\n",
      html_escape(first), html_escape(second), html_escape(metrics()[metric].title),
      html_escape(difference_unit(metrics()[metric])), difference.mean,
      difference_html(metrics()[metric], difference), difference.n);
}

std::string effect_table(const std::string& caption, const char* first, const char* second,
                         const std::vector<std::string>& rows) {
  std::string out = fmt::format(
      "<details><summary>{0}: table</summary><div class=\"scroll\" tabindex=\"0\"><table "
      "class=\"results\"><caption>{0}</caption><thead><tr><th scope=\"col\" class=\"text\">{1}</th>"
      "<th scope=\"col\" class=\"text\">{2}</th><th scope=\"col\" class=\"text\">Metric</th><th "
      "scope=\"col\">Difference, 95 % interval</th><th scope=\"col\">n</th></tr></thead><tbody>",
      html_escape(caption), first, second);
  for (std::size_t i = 0; i < std::min(rows.size(), kEffectRows); ++i) out += rows[i];
  if (rows.size() > kEffectRows) {
    out += fmt::format("<tr><td class=\"text\" colspan=\"5\">and {} more in results.json</td></tr>",
                       rows.size() - kEffectRows);
  }
  return out + "</tbody></table></div></details>";
}

std::string sensitivity(const Analysis& analysis) {
  if (analysis.factor_effects.empty()) return "";
  const Samples& samples = *analysis.samples;
  const Study& study = samples.study();
  std::string out = figure(
      "sensitivity", "Which factor moves which policy",
      "Change of the metric from a factor's first level to its last, other factors as selected; "
      "same seeds. A bar whose whisker crosses zero shows no effect.",
      metric_choice("sensitivity"), "bars");
  std::vector<std::string> rows;
  for (const FactorEffect& effect : analysis.factor_effects) {
    if (!shown_in_tables(effect.metric)) continue;
    rows.push_back(effect_row(cell_name(study, samples.cells()[effect.from]) + " \u2192 " +
                                  study.factors[effect.factor].levels.back().name,
                              study.policies[effect.policy].name, effect.metric,
                              effect.difference));
  }
  return out + effect_table("Effect of each factor", "From, to", "Policy", rows);
}

std::string ablation(const Analysis& analysis) {
  if (analysis.ablations.empty()) return "";
  const Samples& samples = *analysis.samples;
  const Study& study = samples.study();
  const std::string whole = study.policies[*analysis.whole].name;
  std::string out = figure("ablation", "What each input is worth to " + whole,
                           "Difference to " + whole +
                               " when something is taken from it, same seeds. Right of zero: the "
                               "metric is higher without it.",
                           metric_choice("ablation"), "bars");
  std::vector<std::string> rows;
  for (const AblationEffect& effect : analysis.ablations) {
    if (!shown_in_tables(effect.metric)) continue;
    rows.push_back(effect_row(study.policies[effect.policy].name,
                              cell_name(study, samples.cells()[effect.cell]), effect.metric,
                              effect.difference));
  }
  return out + effect_table("Each ablation less the whole", "Without", "Where", rows);
}

}  // namespace

std::string report_charts(const Analysis& analysis) {
  const Samples& samples = *analysis.samples;
  const Study& study = samples.study();
  std::string out =
      "<section id=\"charts\"><noscript><p>The charts need JavaScript; their numbers are in the "
      "tables and in the CSV files.</p></noscript><div class=\"needs-script\">\n"
      "<h2>Charts</h2>";
  out += figure("compare", "How far each policy is from " + study.baseline,
                "Paired difference with its 95 % interval; the line at zero is the baseline.",
                metric_choice("compare"), "bars");
  out += knee_figures(study);
  out += cdf_figures(samples);
  out += timeline_figures(samples);
  return out + "</div></section>\n";
}

std::string report_effects(const Analysis& analysis) {
  const std::string parts = sensitivity(analysis) + ablation(analysis);
  return "<section id=\"effects\"><h2>Sensitivity and ablation</h2>" +
         (parts.empty() ? std::string{"<p>The study varies no factor and ablates nothing.</p>"}
                        : parts) +
         "</section>\n";
}

}  // namespace wanwise::sim
