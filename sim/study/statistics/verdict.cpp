#include "sim/study/statistics/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/study/report/html.hpp"

namespace wanwise::sim {
namespace {

constexpr double kLevel = 1 - kConfidence;

std::optional<std::size_t> find_policy(const Study& study, const std::string& name) {
  for (std::size_t i = 0; i < study.policies.size(); ++i)
    if (study.policies[i].name == name) return i;
  return std::nullopt;
}

bool wants_less(Relation relation) {
  return relation == Relation::less || relation == Relation::not_more;
}

/// Where the difference changes from the claim's side to the other.
double boundary(const Claim& claim) {
  switch (claim.relation) {
    case Relation::less:
    case Relation::not_less:
      return -claim.margin;
    case Relation::not_more:
    case Relation::greater:
      return claim.margin;
  }
  return 0;
}

bool holds(const Claim& claim, const Estimate& d) {
  if (!d.half) return false;
  switch (claim.relation) {
    case Relation::less:
      return d.high() < boundary(claim);
    case Relation::not_more:
      return d.high() <= boundary(claim);
    case Relation::greater:
      return d.low() > boundary(claim);
    case Relation::not_less:
      return d.low() >= boundary(claim);
  }
  return false;
}

/// The whole interval lies where the claim can not be true.
bool contradicts(const Claim& claim, const Estimate& d) {
  if (!d.half) return false;
  switch (claim.relation) {
    case Relation::less:
      return d.low() >= boundary(claim);
    case Relation::not_more:
      return d.low() > boundary(claim);
    case Relation::greater:
      return d.high() <= boundary(claim);
    case Relation::not_less:
      return d.high() < boundary(claim);
  }
  return false;
}

/// The end of the interval that is worst for the claim; larger is worse.
double badness(const Claim& claim, const Estimate& d) {
  return wants_less(claim.relation) ? d.high() : -d.low();
}

core::Expected<std::vector<std::size_t>> cells_of(const Samples& samples, const Claim& claim) {
  const Study& study = samples.study();
  std::vector<std::optional<std::size_t>> wanted(study.factors.size());
  for (const auto& [name, level] : claim.where) {
    bool found = false;
    for (std::size_t f = 0; f < study.factors.size(); ++f) {
      if (study.factors[f].name != name) continue;
      for (std::size_t l = 0; l < study.factors[f].levels.size(); ++l) {
        if (study.factors[f].levels[l].name == level) wanted[f] = l, found = true;
      }
    }
    if (!found) {
      return core::fail("bad-claim",
                        fmt::format("claim {}: no level {} of factor {}", claim.id, level, name));
    }
  }
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < samples.cells().size(); ++c) {
    bool in = true;
    for (std::size_t f = 0; f < wanted.size(); ++f)
      in = in && (!wanted[f] || *wanted[f] == samples.cells()[c].levels[f]);
    if (in) out.push_back(c);
  }
  return out;
}

void judge_comparisons(const Claim& claim, Evidence& evidence) {
  std::vector<double> p;
  for (Comparison& each : evidence.comparisons) {
    each.p = p_value(each.difference.difference, boundary(claim));
    p.push_back(each.p);
  }
  const std::vector<double> corrected = holm(p);
  for (std::size_t i = 0; i < evidence.comparisons.size(); ++i) {
    Comparison& each = evidence.comparisons[i];
    const Estimate& d = each.difference.difference;
    each.p_holm = corrected[i];
    // Without any spread there is nothing to test: the runs all say the same.
    const bool certain = d.n > 1 && d.sd == 0;
    if (holds(claim, d)) {
      each.verdict = Verdict::supported;
      ++evidence.holding;
    } else if (contradicts(claim, d) && (certain || each.p_holm <= kLevel)) {
      each.verdict = Verdict::refuted;
      ++evidence.contradicting;
    }
    if (d.n > 0 &&
        (!evidence.worst ||
         badness(claim, d) >
             badness(claim, evidence.comparisons[*evidence.worst].difference.difference))) {
      evidence.worst = i;
    }
  }
  evidence.verdict = evidence.contradicting > 0 ? Verdict::refuted
                     : evidence.holding == evidence.comparisons.size() && evidence.holding > 0
                         ? Verdict::supported
                         : Verdict::inconclusive;
}

std::string worst_words(const Samples& samples, const Evidence& evidence, const Metric& metric) {
  if (!evidence.worst) return "No two runs could be compared.";
  const Comparison& worst = evidence.comparisons[*evidence.worst];
  const Estimate& d = worst.difference.difference;
  const std::string against = samples.study().policies[worst.against].name;
  const std::string where = samples.study().factors.empty()
                                ? std::string{}
                                : " at " + cell_name(samples.study(), samples.cells()[worst.cell]);
  const std::string interval =
      d.half ? fmt::format("[{}, {}]", signed_text(d.low()), signed_text(d.high()))
             : std::string{"no interval from one seed"};
  return fmt::format("Its weakest case is against {}{}: {} {} {}, n = {}.", against, where,
                     signed_text(d.mean), difference_unit(metric), interval, d.n);
}

std::string words(const Samples& samples, const Evidence& evidence) {
  const Metric& metric = metrics()[evidence.metric];
  const std::size_t all = evidence.comparisons.size();
  std::string out;
  switch (evidence.verdict) {
    case Verdict::supported:
      out = all == 1 ? "It holds in the one comparison made. "
                     : fmt::format("It holds in all {} comparisons. ", all);
      break;
    case Verdict::refuted:
      out = fmt::format("{} of {} comparisons contradict it, {} hold. ", evidence.contradicting,
                        all, evidence.holding);
      break;
    case Verdict::inconclusive:
      out = fmt::format("{} of {} comparisons hold, none contradicts it; the others do not tell. ",
                        evidence.holding, all);
      break;
  }
  out += worst_words(samples, evidence, metric);
  if (evidence.indicative) {
    out += fmt::format(" Indicative only: fewer than {} seeds.",
                       metric.tail ? kSeedsForTails : kSeedsForMeans);
  }
  return out;
}

core::Expected<Evidence> weigh(const Samples& samples, std::size_t position) {
  const Claim& claim = samples.study().claims[position];
  const auto metric = parse_metric(claim.metric);
  if (!metric) return core::fail("bad-claim", "claim " + claim.id + ": " + metric.error().message);
  const auto part = samples.find_part(metric->part, metric->name);
  if (!part) {
    return core::fail("bad-claim",
                      fmt::format("claim {}: no \"{}\" in the runs", claim.id, metric->name));
  }
  const auto policy = find_policy(samples.study(), claim.policy);
  if (!policy) {
    return core::fail("bad-claim", fmt::format("claim {}: no policy {}", claim.id, claim.policy));
  }
  auto cells = cells_of(samples, claim);
  if (!cells) return core::Unexpected{cells.error()};
  Evidence out;
  out.claim = position;
  out.metric = metric->metric;
  for (const std::size_t cell : *cells) {
    const auto mine = samples.values(cell, *policy, *part, metric->metric);
    for (const std::string& name : claim.against) {
      const auto other = find_policy(samples.study(), name);
      if (!other) {
        return core::fail("bad-claim", fmt::format("claim {}: no policy {}", claim.id, name));
      }
      Comparison comparison;
      comparison.cell = cell;
      comparison.against = *other;
      comparison.difference = paired(mine, samples.values(cell, *other, *part, metric->metric));
      out.comparisons.push_back(comparison);
    }
  }
  judge_comparisons(claim, out);
  for (const Comparison& each : out.comparisons)
    if (is_indicative(metrics()[out.metric], each.difference.difference.n)) out.indicative = true;
  out.words = words(samples, out);
  return out;
}

}  // namespace

const char* to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "supported";
    case Verdict::refuted:
      return "refuted";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

core::Expected<std::vector<Evidence>> weigh_claims(const Samples& samples) {
  std::vector<Evidence> out;
  for (std::size_t i = 0; i < samples.study().claims.size(); ++i) {
    auto evidence = weigh(samples, i);
    if (!evidence) return core::Unexpected{evidence.error()};
    out.push_back(std::move(*evidence));
  }
  return out;
}

}  // namespace wanwise::sim
