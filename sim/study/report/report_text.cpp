#include <fmt/format.h>

#include <algorithm>

#include "sim/study/report/html.hpp"
#include "sim/study/report/report_parts.hpp"

namespace wanwise::sim {
namespace {

// Seeds that are listed one by one.
constexpr std::size_t kListedSeeds = 64;

std::string seconds_text(core::Micros time) {
  return number_text(static_cast<double>(time.count) / 1e6) + " s";
}

const char* verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "Supported";
    case Verdict::refuted:
      return "Refuted";
    case Verdict::inconclusive:
      return "Not decided";
  }
  return "";
}

std::string wanted(const Claim& claim, const Metric& metric) {
  const std::string margin = number_text(claim.margin) + " " + difference_unit(metric);
  switch (claim.relation) {
    case Relation::less:
      return claim.margin == 0 ? "interval below 0" : "interval below \u2212" + margin;
    case Relation::not_more:
      return "interval's upper end at most " + margin;
    case Relation::greater:
      return "interval above " + margin;
    case Relation::not_less:
      return claim.margin == 0 ? "interval's lower end at least 0"
                               : "interval's lower end at least \u2212" + margin;
  }
  return "";
}

std::string evidence_rows(const Analysis& analysis, const Evidence& evidence) {
  const Samples& samples = *analysis.samples;
  std::string out;
  for (std::size_t i = 0; i < evidence.comparisons.size(); ++i) {
    const Comparison& each = evidence.comparisons[i];
    const Estimate& d = each.difference.difference;
    const bool worst = evidence.worst == i;
    out += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"text\">{}</td><td data-v=\"{:.6g}\">{}</td>"
        "<td>{}</td><td>{}</td><td>{}</td><td class=\"text {}\">{}{}</td></tr>\n",
        html_escape(cell_name(samples.study(), samples.cells()[each.cell])),
        html_escape(samples.study().policies[each.against].name), d.mean,
        d.n > 0 ? signed_text(d.mean) : "\u2013",
        d.half ? fmt::format("[{}, {}]", signed_text(d.low()), signed_text(d.high())) : "\u2013",
        d.n, each.p_holm < 0.001 ? "< 0.001" : number_text(each.p_holm), to_text(each.verdict),
        verdict_word(each.verdict), worst ? " (weakest case)" : "");
  }
  return out;
}

std::string weakest(const Analysis& analysis, const Evidence& evidence) {
  if (!evidence.worst) return "none";
  const Samples& samples = *analysis.samples;
  const Comparison& worst = evidence.comparisons[*evidence.worst];
  const Estimate& d = worst.difference.difference;
  const std::string interval =
      d.half ? fmt::format(" [{}, {}]", signed_text(d.low()), signed_text(d.high())) : "";
  return fmt::format("{}{} {} against {}, {}; n = {}", signed_text(d.mean), interval,
                     html_escape(difference_unit(metrics()[evidence.metric])),
                     html_escape(samples.study().policies[worst.against].name),
                     html_escape(cell_name(samples.study(), samples.cells()[worst.cell])), d.n);
}

std::string evidence_of(const Analysis& analysis, const Evidence& evidence) {
  const Claim& claim = analysis.samples->study().claims[evidence.claim];
  const Metric& metric = metrics()[evidence.metric];
  std::string out = fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"text\">{}</td><td class=\"text\">{} of {}: {}</td>"
      "<td>{}</td><td>{}</td><td class=\"text\">{}</td><td class=\"text {}\">{}</td></tr>\n",
      html_escape(claim.id), html_escape(claim.text), html_escape(claim.metric),
      html_escape(claim.policy), html_escape(wanted(claim, metric)), evidence.comparisons.size(),
      evidence.holding, weakest(analysis, evidence), to_text(evidence.verdict),
      verdict_word(evidence.verdict));
  return out;
}

std::string comparisons_of(const Analysis& analysis, const Evidence& evidence) {
  const Claim& claim = analysis.samples->study().claims[evidence.claim];
  const Metric& metric = metrics()[evidence.metric];
  return fmt::format(
      "<details><summary>{}: the {} comparisons</summary><div class=\"scroll\" tabindex=\"0\">"
      "<table class=\"results\"><caption>{} of {} less that of the other, {}; wanted: {}</caption>"
      "<thead><tr><th scope=\"col\" class=\"text\">Where</th><th scope=\"col\" class=\"text\">"
      "Against</th><th scope=\"col\">Difference</th><th scope=\"col\">95 % interval</th>"
      "<th scope=\"col\">n</th><th scope=\"col\">p, Holm</th><th scope=\"col\" class=\"text\">"
      "Verdict</th></tr></thead><tbody>{}</tbody></table></div></details>\n",
      html_escape(claim.id), evidence.comparisons.size(), html_escape(claim.metric),
      html_escape(claim.policy), html_escape(difference_unit(metric)),
      html_escape(wanted(claim, metric)), evidence_rows(analysis, evidence));
}

std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  std::string out;
  for (std::size_t i = 0; i < std::min(seeds.size(), kListedSeeds); ++i)
    out += fmt::format("{}{}", i == 0 ? "" : ", ", seeds[i]);
  if (seeds.size() > kListedSeeds) out += ", \u2026 (all in results.json)";
  return fmt::format("{}: {}", seeds.size(), out);
}

std::string warm_up_text(const Study& study, const RunChecks& checks) {
  return fmt::format("{} cut off ({}); longest truncation that MSER-5 proposes: {}, by {}",
                     seconds_text(checks.warm_up),
                     study.warm_up_rule == WarmUpRule::fixed
                         ? "fixed by the study"
                         : "the longest MSER-5 truncation of the pilot runs",
                     seconds_text(checks.mser5), checks.mser5_run);
}

std::string policies_text(const Study& study) {
  std::string out;
  for (const PolicySpec& policy : study.policies) {
    out += (out.empty() ? "" : "; ") + html_escape(policy.name);
    std::string with = policy.policy == policy.name ? "" : policy.policy;
    for (const auto& [name, value] : policy.parameters)
      with += (with.empty() ? "" : ", ") + name + " " + value;
    if (!with.empty()) out += " (" + html_escape(with) + ")";
  }
  return out;
}

std::string entry(const std::string& name, const std::string& html) {
  return "<dt>" + name + "</dt><dd>" + html + "</dd>\n";
}

}  // namespace

std::string report_answer(const Analysis& analysis) {
  const Study& study = analysis.samples->study();
  std::string out = fmt::format("<header><h1>{}</h1><p class=\"lead\">{}</p></header>\n",
                                html_escape(study.name), html_escape(study.question));
  for (const std::string& warning : analysis.warnings)
    out += "<p class=\"warning\"><strong>Note.</strong> " + html_escape(warning) + "</p>";
  out += "<section id=\"answer\"><h2>The answer</h2>";
  if (analysis.claims.empty()) {
    out += "<p>The study makes no claim; the tables below compare its policies.</p>";
  }
  out += "<ul class=\"claims\">";
  for (const Evidence& evidence : analysis.claims) {
    const Claim& claim = study.claims[evidence.claim];
    out += fmt::format(
        "<li class=\"{}\"><span class=\"verdict\">{}.</span> {}<br><span "
        "class=\"soft\">{} {}</span></li>\n",
        to_text(evidence.verdict), verdict_word(evidence.verdict), html_escape(claim.text),
        html_escape(claim.id + "."), html_escape(evidence.words));
  }
  return out + "</ul></section>\n";
}

std::string report_evidence(const Analysis& analysis) {
  if (analysis.claims.empty()) return "";
  std::string out =
      "<section id=\"evidence\"><h2>Claims and their evidence</h2><p class=\"soft\">A claim is "
      "supported only if every comparison holds: that takes no correction. It is refuted if the "
      "whole interval of at least one comparison lies on the other side, and still does after "
      "Holm's correction for the claim's comparisons. Otherwise it is not decided.</p>"
      "<div class=\"scroll\" tabindex=\"0\"><table><caption>One row a claim</caption><thead><tr>"
      "<th scope=\"col\" class=\"text\">Claim</th><th scope=\"col\" class=\"text\">Says</th>"
      "<th scope=\"col\" class=\"text\">Wanted</th><th scope=\"col\">Comparisons</th><th "
      "scope=\"col\">Hold</th><th scope=\"col\" class=\"text\">Weakest case</th><th scope=\"col\" "
      "class=\"text\">Verdict</th></tr></thead><tbody>";
  for (const Evidence& evidence : analysis.claims) out += evidence_of(analysis, evidence);
  out += "</tbody></table></div>";
  for (const Evidence& evidence : analysis.claims) out += comparisons_of(analysis, evidence);
  return out + "</section>\n";
}

std::string report_methods(const Analysis& analysis, const Provenance& provenance) {
  const Study& study = analysis.samples->study();
  const RunChecks& checks = analysis.samples->checks();
  std::string out = "<section id=\"methods\"><h2>Methods</h2><dl>\n";
  out +=
      entry("Runs", fmt::format("{} of {}: {} combinations of factors \u00d7 {} policies \u00d7 "
                                "{} seeds",
                                checks.present, checks.expected, analysis.samples->cells().size(),
                                study.policies.size(), study.seeds.size()));
  out += entry("Seeds", seeds_text(study.seeds));
  out += entry("Horizon", seconds_text(study.horizon) + " of simulated time a run");
  out += entry("Warm-up", html_escape(warm_up_text(study, checks)));
  out += entry("Baseline", html_escape(study.baseline));
  out += entry("Policies", policies_text(study));
  out += entry("Intervals",
               "95 %, Student's t over seeds; differences are paired by seed. Each interval is "
               "for one comparison: of twenty, one is expected to miss. Claims are corrected as "
               "their section says.");
  out += entry("Quantiles",
               "Of all runs together in the table by class; differences and intervals are of each "
               "seed's own quantile. Latencies are kept to 1.6 %.");
  out += entry("Same requests",
               fmt::format("checked: in all {} groups of runs that share a cell and a seed the "
                           "arrivals are bit for bit the same under every policy",
                           checks.same_arrivals));
  out += entry("Gain of pairing",
               analysis.variance_reduction
                   ? fmt::format("median variance of a difference in deadline misses is {} times "
                                 "smaller than unpaired",
                                 number_text(*analysis.variance_reduction))
                   : "not told: the differences do not vary");
  out += entry("Conservation",
               fmt::format("{} runs in which generated = skipped + completed + lost + open does "
                           "not hold; Little's law off by at most {} %",
                           checks.not_conserved.size(),
                           number_text(static_cast<double>(checks.worst_little.count) / 1e4)));
  out += entry("Inputs' hash", "<code>" + html_escape(study.hash) + "</code>");
  out += entry("Commit", "<code>" + html_escape(provenance.commit) + "</code>");
  out += entry("Make it again", "<code>" + html_escape(provenance.command) + "</code>");
  out += entry("Files beside this one",
               "results.json (all of this), runs.csv, summary.csv, per_class.csv, cdf.csv, "
               "timeline.csv");
  out +=
      "</dl><details><summary>What each metric is</summary><div class=\"scroll\" "
      "tabindex=\"0\"><table><thead><tr><th scope=\"col\" class=\"text\">Metric</th><th "
      "scope=\"col\" class=\"text\">Unit</th><th scope=\"col\" class=\"text\">Formula</th>"
      "</tr></thead><tbody>";
  for (const Metric& metric : metrics()) {
    out += fmt::format(
        "<tr><th scope=\"row\">{} (<code>{}</code>)</th><td class=\"text\">{}</td>"
        "<td class=\"text\">{}</td></tr>\n",
        html_escape(metric.title), html_escape(metric.name), html_escape(metric.unit),
        html_escape(metric.formula));
  }
  return out + "</tbody></table></div></details></section>\n";
}

}  // namespace wanwise::sim
