#include "sim/study/report/results_json.hpp"

#include <fmt/format.h>

#include "sim/study/report/json_out.hpp"

namespace wanwise::sim {
namespace {

// As in the CSV files.
constexpr int kDigits = 10;

double seconds(core::Micros time) {
  return static_cast<double>(time.count) / 1e6;
}

const char* to_text(Better direction) {
  switch (direction) {
    case Better::less:
      return "less";
    case Better::more:
      return "more";
    case Better::neutral:
      return "neutral";
  }
  return "";
}

const char* to_text(Relation relation) {
  switch (relation) {
    case Relation::less:
      return "less";
    case Relation::not_more:
      return "not-more";
    case Relation::greater:
      return "greater";
    case Relation::not_less:
      return "not-less";
  }
  return "";
}

const char* to_text(Part part) {
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

void members(JsonOut& json, const Estimate& of) {
  json.key("n").natural(of.n).key("mean").number(of.n > 0 ? std::optional{of.mean} : std::nullopt);
  json.key("low").number(of.half ? std::optional{of.low()} : std::nullopt);
  json.key("high").number(of.half ? std::optional{of.high()} : std::nullopt);
  json.key("sd").number(of.n > 1 ? std::optional{of.sd} : std::nullopt);
}

void write_policies(JsonOut& json, const Study& study) {
  json.key("policies").begin_array();
  for (const PolicySpec& policy : study.policies) {
    json.begin_object().key("name").text(policy.name).key("policy").text(policy.policy);
    json.key("parameters").begin_object();
    for (const auto& [name, value] : policy.parameters) json.key(name).text(value);
    json.end_object().end_object();
  }
  json.end_array();
}

void write_factors(JsonOut& json, const Study& study) {
  json.key("factors").begin_array();
  for (const Factor& factor : study.factors) {
    json.begin_object().key("name").text(factor.name).key("unit").text(factor.unit);
    json.key("levels").begin_array();
    for (const Level& level : factor.levels) {
      json.begin_object().key("name").text(level.name);
      json.key("number").number(level.number).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

void write_study(JsonOut& json, const Study& study, const RunChecks& checks) {
  json.key("study").begin_object();
  json.key("name").text(study.name).key("question").text(study.question);
  json.key("hash").text(study.hash).key("baseline").text(study.baseline);
  write_policies(json, study);
  write_factors(json, study);
  json.key("seeds").begin_array();
  for (const std::uint64_t seed : study.seeds) json.natural(seed);
  json.end_array();
  json.key("horizon_s").number(seconds(study.horizon));
  json.key("warm_up_rule").text(study.warm_up_rule == WarmUpRule::fixed ? "fixed" : "mser-5");
  json.key("warm_up_s").number(seconds(checks.warm_up));
  json.key("classes").begin_array();
  for (const std::string& name : study.class_names) json.text(name);
  json.end_array().end_object();
}

void write_checks(JsonOut& json, const Analysis& analysis) {
  const RunChecks& checks = analysis.samples->checks();
  json.key("checks").begin_object();
  json.key("runs_expected").natural(checks.expected).key("runs").natural(checks.present);
  json.key("groups_with_equal_arrivals").natural(checks.same_arrivals);
  json.key("not_conserved").begin_array();
  for (const std::string& run : checks.not_conserved) json.text(run);
  json.end_array();
  json.key("worst_little_error_ppm").integer(checks.worst_little.count);
  json.key("longest_mser5_s").number(seconds(checks.mser5));
  json.key("longest_mser5_run").text(checks.mser5_run);
  json.key("median_variance_reduction").number(analysis.variance_reduction).end_object();
  json.key("warnings").begin_array();
  for (const std::string& warning : analysis.warnings) json.text(warning);
  json.end_array();
}

void write_metrics(JsonOut& json) {
  json.key("metrics").begin_array();
  for (const Metric& metric : metrics()) {
    json.begin_object().key("name").text(metric.name).key("title").text(metric.title);
    json.key("unit").text(metric.unit).key("better").text(to_text(metric.direction));
    json.key("formula").text(metric.formula).end_object();
  }
  json.end_array();
}

void write_comparison(JsonOut& json, const Study& study, const Comparison& comparison) {
  json.begin_object().key("cell").natural(comparison.cell);
  json.key("against").text(study.policies[comparison.against].name);
  members(json, comparison.difference.difference);
  json.key("p").number(comparison.p).key("p_holm").number(comparison.p_holm);
  json.key("verdict").text(to_text(comparison.verdict)).end_object();
}

void write_claims(JsonOut& json, const Analysis& analysis) {
  const Study& study = analysis.samples->study();
  json.key("claims").begin_array();
  for (const Evidence& evidence : analysis.claims) {
    const Claim& claim = study.claims[evidence.claim];
    json.begin_object().key("id").text(claim.id).key("text").text(claim.text);
    json.key("metric").text(claim.metric).key("policy").text(claim.policy);
    json.key("relation").text(to_text(claim.relation)).key("margin").number(claim.margin);
    json.key("verdict").text(to_text(evidence.verdict)).key("words").text(evidence.words);
    json.key("indicative").boolean(evidence.indicative);
    json.key("worst");
    evidence.worst ? json.natural(*evidence.worst) : json.null();
    json.key("comparisons").begin_array();
    for (const Comparison& each : evidence.comparisons) write_comparison(json, study, each);
    json.end_array().end_object();
  }
  json.end_array();
}

void write_part(JsonOut& json, const PartName& name, const PartResult& part) {
  json.begin_object().key("part").text(to_text(name.part)).key("name").text(name.name);
  const Measured& totals = part.totals;
  json.key("generated").integer(totals.generated).key("completed").integer(totals.completed);
  json.key("late").integer(totals.late).key("lost").integer(totals.lost);
  json.key("skipped").integer(totals.skipped);
  json.key("on_site").integer(totals.on_site).key("in_cloud").integer(totals.in_cloud);
  json.key("latency_ms_of_all_runs").begin_object();
  for (const std::int64_t share : {500'000, 950'000, 990'000, 999'000, 1'000'000}) {
    json.key(fmt::format("p{:g}", static_cast<double>(share) / 1e4));
    totals.latency.count() == 0
        ? json.null()
        : json.number(static_cast<double>(totals.latency.quantile(core::Ppm{share}).count) / 1e3);
  }
  json.end_object().key("metrics").begin_object();
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    const MetricResult& result = part.metrics[i];
    if (metrics()[i].whole_run_only && name.part != Part::run) continue;
    json.key(metrics()[i].name).begin_object();
    members(json, result.value);
    json.key("difference").begin_object();
    members(json, result.to_baseline.difference);
    json.key("sd_unpaired").number(result.to_baseline.sd_unpaired).end_object();
    json.key("indicative").boolean(is_indicative(metrics()[i], result.to_baseline.difference.n));
    json.end_object();
  }
  json.end_object().end_object();
}

void write_cells(JsonOut& json, const Analysis& analysis) {
  const Samples& samples = *analysis.samples;
  const Study& study = samples.study();
  json.key("cells").begin_array();
  for (std::size_t c = 0; c < analysis.results.size(); ++c) {
    json.begin_object().key("cell").natural(c).key("levels").begin_object();
    for (std::size_t f = 0; f < study.factors.size(); ++f)
      json.key(study.factors[f].name)
          .text(study.factors[f].levels[samples.cells()[c].levels[f]].name);
    json.end_object().key("policies").begin_array();
    for (std::size_t p = 0; p < analysis.results[c].size(); ++p) {
      const PolicyResult& result = analysis.results[c][p];
      json.begin_object().key("policy").text(study.policies[p].name);
      json.key("runs").natural(result.runs).key("parts").begin_array();
      for (std::size_t part = 0; part < result.parts.size(); ++part)
        write_part(json, samples.parts()[part], result.parts[part]);
      json.end_array().end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

void write_effects(JsonOut& json, const Analysis& analysis) {
  const Study& study = analysis.samples->study();
  json.key("factor_effects").begin_array();
  for (const FactorEffect& effect : analysis.factor_effects) {
    json.begin_object().key("factor").text(study.factors[effect.factor].name);
    json.key("from_cell").natural(effect.from).key("to_cell").natural(effect.to);
    json.key("policy").text(study.policies[effect.policy].name);
    json.key("metric").text(metrics()[effect.metric].name);
    members(json, effect.difference);
    json.end_object();
  }
  json.end_array().key("ablations").begin_array();
  for (const AblationEffect& effect : analysis.ablations) {
    json.begin_object().key("cell").natural(effect.cell);
    json.key("policy").text(study.policies[effect.policy].name);
    json.key("metric").text(metrics()[effect.metric].name);
    members(json, effect.difference);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string results_json(const Analysis& analysis, const Provenance& provenance) {
  JsonOut json{kDigits, true};
  json.begin_object().key("schema").text(kResultsSchema);
  json.key("commit").text(provenance.commit).key("command").text(provenance.command);
  json.key("intervals")
      .text("95 % Student t over seeds; differences paired by seed; per comparison");
  write_study(json, analysis.samples->study(), analysis.samples->checks());
  write_checks(json, analysis);
  write_metrics(json);
  write_claims(json, analysis);
  write_cells(json, analysis);
  write_effects(json, analysis);
  json.key("distributions").text("cdf.csv").key("time_lines").text("timeline.csv");
  json.end_object();
  return json.take();
}

}  // namespace wanwise::sim
