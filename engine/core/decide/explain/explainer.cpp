#include "engine/core/decide/explain/explainer.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/decide/shared_use.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/text.hpp"

namespace wanwise::core {
namespace {

std::string quantile_rule(Ppm quantile) {
  return "latency p" + std::to_string(quantile.count / 10'000);
}

OptionReport report_of_option(const Model& model, const Option& option) {
  OptionReport report;
  if (option.target != kNone) report.target = target_name(model, option.target);
  if (option.link != kNone) report.link = at(model.site.links, option.link).name;
  report.rung = option.rung;
  if (option.splits()) {
    report.split = Split{target_name(model, option.spill.target), option.spill.share};
    if (option.spill.link != kNone) {
      report.split_link = at(model.site.links, option.spill.link).name;
    }
  }
  return report;
}

std::string told_place(const Model& model, Index workload, const OptionReport& report) {
  std::string place = report.target ? report.target->text : "nowhere";
  if (report.split) place += " " + text(kWhole - report.split->share);
  if (report.link) place += " over " + report.link->text;
  if (report.split) {
    place += ", " + report.split->target.text + " " + text(report.split->share);
    if (report.split_link) place += " over " + report.split_link->text;
  }
  if (report.rung == 0) return place;
  const Rung& rung = at(at(model.policy.workloads, workload).ladder, report.rung);
  if (rung.rate.count == 0) return "suspended";
  return place + ", degraded to " + text(rung.rate) + " of " + rung.model.text;
}

class Explainer {
 public:
  Explainer(const Model& model, const Situation& situation, const Decision& decision,
            Index workload)
      : m_model(model),
        m_situation(situation),
        m_decision(decision),
        m_workload(workload),
        m_input(at(situation.workloads, workload)),
        m_chosen(at(decision.chosen, workload)),
        m_best(evaluate(situation, decision.chosen)),
        m_others(situation) {
    for (Index w = 0; w < count(situation.workloads); ++w) {
      const Index chosen = at(decision.chosen, w);
      if (w == workload || chosen == kNone) continue;
      const WorkloadInput& other = at(situation.workloads, w);
      m_others.add(other, at(other.options, chosen));
    }
  }

  Explanation run(const std::vector<Rejection>& rejected, Instant decided_at) const {
    Explanation out;
    out.workload = at(m_model.policy.workloads, m_workload).name;
    out.decided_at = decided_at;
    for (Index o = 0; o < count(m_input.options); ++o) out.options.push_back(report(o));
    for (const Rejection& rejection : rejected) {
      OptionReport report = named(rejection.option);
      report.verdict = rejection.verdict;
      report.findings.push_back(rejection.finding);
      out.options.push_back(std::move(report));
    }
    std::stable_sort(out.options.begin(), out.options.end(), [](const auto& a, const auto& b) {
      return std::pair{a.verdict != Verdict::chosen, a.rung} <
             std::pair{b.verdict != Verdict::chosen, b.rung};
    });
    out.summary = summary(out.options);
    out.would_change = would_change(out.options);
    return out;
  }

 private:
  OptionReport named(const Option& option) const { return report_of_option(m_model, option); }

  /// The decided assignment with this workload on another option.
  Assignment with(Index option) const {
    Assignment assignment = m_decision.chosen;
    at(assignment, m_workload) = option;
    return assignment;
  }

  OptionReport report(Index index) const {
    const Option& option = at(m_input.options, index);
    OptionReport report = named(option);
    if (option.target == kNone) {
      report.verdict = verdict(index, report);
      return report;
    }
    const Assignment assignment = with(index);
    Load load = m_others;
    load.add(m_input, option);
    report.predicted = load.latency(m_input, option);
    report.forecast = load.forecast(m_input, option);
    report.parts = load.parts(m_input, option);
    if (index != m_input.current) {
      report.first_request = first_request(m_situation, m_workload, index);
    }
    report.findings.push_back({quantile_rule(m_input.quantile), "≤ " + text(m_input.objective),
                               text(*report.predicted), *report.predicted <= m_input.objective});
    if (option.discredited) {
      report.findings.push_back({"observed misses", "as the objective allows", "more", false});
    }
    add_memory(option.target, assignment, report);
    if (option.splits()) add_memory(option.spill.target, assignment, report);
    add_toll(option, assignment, report);
    if (index != m_chosen) add_comparison(assignment, report);
    report.verdict = verdict(index, report);
    return report;
  }

  void add_memory(Index target, const Assignment& assignment, OptionReport& report) const {
    Bytes needed;
    for (Index w = 0; w < count(m_situation.workloads); ++w) {
      const WorkloadInput& input = at(m_situation.workloads, w);
      const Index chosen = at(assignment, w);
      if (chosen == kNone) continue;
      const Option& other = at(input.options, chosen);
      if (other.target == target) needed += input.memory;
      if (other.splits() && other.spill.target == target) needed += input.memory;
    }
    const Bytes memory = at(m_situation.targets, target).memory;
    if (needed <= memory) return;
    report.findings.push_back({"memory", "≤ " + text(memory), text(needed), false});
  }

  /// What it pays for something that several sites share and is short; it breaks the rule where
  /// the option would be chosen without.
  void add_toll(const Option& option, const Assignment& assignment, OptionReport& report) const {
    const Cost toll = tolls_on(m_situation, m_input, option);
    const auto paid = std::find_if(toll.goals.begin(), toll.goals.end(),
                                   [](std::int64_t charged) { return charged > 0; });
    if (paid == toll.goals.end()) return;
    Cost without = evaluate(m_situation, assignment);
    without -= toll;
    const auto goal = static_cast<Goal>(paid - toll.goals.begin());
    const std::string weight = goal == Goal::money ? text(NanoUsd{*paid}) + " an hour"
                                                   : "as much as " + objectives_text(goal);
    report.findings.push_back({"toll on " + tolled_name(option), "room for all sites", weight,
                               assignment == m_decision.chosen || without >= m_best});
  }

  std::string tolled_name(const Option& option) const {
    const auto charged = [&](Index target) {
      return target != kNone && at(m_situation.targets, target).toll.level != TollLevel::none;
    };
    if (charged(option.target)) return target_name(m_model, option.target).text;
    if (option.splits() && charged(option.spill.target)) {
      return target_name(m_model, option.spill.target).text;
    }
    const Index link = option.link != kNone ? option.link : option.spill.link;
    return at(m_model.site.links, link).name.text;
  }

  static std::string objectives_text(Goal goal) {
    constexpr const char* kNames[kPriorities] = {"critical", "high", "normal", "low"};
    for (const Priority p : kAllPriorities) {
      if (unmet_goal(p) != goal) continue;
      return std::string{"objectives of "} + kNames[static_cast<std::size_t>(p)] + " workloads";
    }
    return "a data plan";
  }

  /// The first goal in which the two differ.
  void add_comparison(const Assignment& other, OptionReport& report) const {
    const Cost cost = evaluate(m_situation, other);
    for (std::size_t g = 0; g < kGoals; ++g) {
      if (cost.goals[g] == m_best.goals[g]) continue;
      const auto goal = static_cast<Goal>(g);
      report.findings.push_back(compared(goal, cost.goals[g], m_best.goals[g]));
      if (cost.goals[g] > m_best.goals[g]) name_victims(goal, other, report.findings.back());
      return;
    }
    report.findings.push_back({"sum of latencies", "smallest", "not smaller", false});
  }

  /// Whose objectives would be given up, by name and number: "guard at 282 ms of 200 ms".
  void name_victims(Goal goal, const Assignment& other, Finding& finding) const {
    const std::vector<Micros> now = predict(m_situation, m_decision.chosen);
    const std::vector<Micros> then = predict(m_situation, other);
    std::string first;
    int more = 0;
    for (Index w = 0; w < count(other); ++w) {
      const WorkloadInput& input = at(m_situation.workloads, w);
      const Index before = at(m_decision.chosen, w);
      const Index after = at(other, w);
      if (unmet_goal(input.priority) != goal || before == kNone || after == kNone) continue;
      const Option& option = at(input.options, after);
      const bool worse = unmet_cost(input, option, at(then, w)) >
                         unmet_cost(input, at(input.options, before), at(now, w));
      if (worse && first.empty()) {
        first = victim(w, option, at(then, w));
      } else if (worse) {
        ++more;
      }
    }
    if (first.empty()) return;
    finding.got = first + (more > 0 ? " and " + std::to_string(more) + " more" : "");
  }

  std::string victim(Index workload, const Option& option, Micros latency) const {
    const WorkloadInput& input = at(m_situation.workloads, workload);
    const std::string name =
        workload == m_workload ? "its own" : at(m_model.policy.workloads, workload).name.text;
    if (option.target == kNone) return name + " suspended";
    if (latency > input.objective) {
      return name + " at " + text(latency) + " of " + text(input.objective);
    }
    if (option.discredited) return name + " late, as measured";
    return name + " on less than its full demand";
  }

  static Finding compared(Goal goal, std::int64_t other, std::int64_t best) {
    const bool better = other < best;
    const auto objectives = [&](const char* priority) {
      return Finding{std::string{"objectives of "} + priority + " workloads", "none worse",
                     better ? "better" : "worse", better};
    };
    switch (goal) {
      case Goal::unmet_critical:
        return objectives("critical");
      case Goal::unmet_high:
        return objectives("high");
      case Goal::over_quota: {
        const std::string most = "≤ " + text(Bps{best}) + " over its quota";
        return {"data plan", most, text(Bps{other}), better};
      }
      case Goal::unmet_normal:
        return objectives("normal");
      case Goal::unmet_low:
        return objectives("low");
      case Goal::money:
        return {"money per hour", "no more than the chosen's " + text(NanoUsd{best}),
                text(NanoUsd{other}), better};
      case Goal::preference:
        return {"order of preference", "no later than the chosen", better ? "earlier" : "later",
                better};
      case Goal::switches:
        return {"switching", "no move without gain", "a move", false};
      case Goal::latency:
        break;
    }
    return {"sum of latencies", "smallest", "not smaller", false};
  }

  Verdict verdict(Index index, OptionReport& report) const {
    if (index == m_chosen) return Verdict::chosen;
    const auto& held = at(m_decision.held, m_workload);
    if (held && held->option == index) {
      report.findings.insert(report.findings.end(), held->verdict.findings.begin(),
                             held->verdict.findings.end());
      return Verdict::held;
    }
    const bool late = report.predicted && *report.predicted > m_input.objective;
    const bool too_big = std::any_of(report.findings.begin(), report.findings.end(),
                                     [](const Finding& f) { return f.rule == "memory"; });
    return late || too_big ? Verdict::rejected : Verdict::possible;
  }

  std::string place_text(const OptionReport& report) const {
    return told_place(m_model, m_workload, report);
  }

  std::string summary(const std::vector<OptionReport>& options) const {
    const OptionReport& chosen = options.front();
    std::string line = place_text(chosen);
    if (chosen.predicted) {
      line += ": " + text(*chosen.predicted) + " at p" +
              std::to_string(m_input.quantile.count / 10'000) + ", wanted " +
              text(m_input.objective);
    }
    const auto first = best_other(options);
    if (first == options.end() || first->findings.empty()) return line;
    const Finding& finding = *decisive(*first);
    const bool held = first->verdict == Verdict::held;
    return line + "; not " + place_text(*first) + (held ? " yet: " : ": ") + finding.rule + " " +
           finding.got + ", wanted " + finding.wanted;
  }

  std::string would_change(const std::vector<OptionReport>& options) const {
    const auto& held = at(m_decision.held, m_workload);
    if (held && held->verdict.held_by != HoldRule::none) {
      return place_text(named(at(m_input.options, held->option))) + " once " +
             hold_rule_name(held->verdict.held_by) +
             " is over, if it still is the better place then";
    }
    const auto first = best_other(options);
    if (first == options.end() || first->findings.empty())
      return "nothing: there is no other option";
    const Finding& finding = *decisive(*first);
    return place_text(*first) + " once this holds: " + finding.rule + " " + finding.wanted +
           " (now " + finding.got + ")";
  }

  /// The option people would ask about: the most preferred full-demand one that was not chosen.
  static std::vector<OptionReport>::const_iterator best_other(
      const std::vector<OptionReport>& options) {
    return options.size() > 1 ? options.begin() + 1 : options.end();
  }

  static std::vector<Finding>::const_iterator decisive(const OptionReport& report) {
    const auto broken = std::find_if(report.findings.begin(), report.findings.end(),
                                     [](const Finding& f) { return !f.holds; });
    return broken != report.findings.end() ? broken : report.findings.begin();
  }

  const Model& m_model;
  const Situation& m_situation;
  const Decision& m_decision;
  Index m_workload;
  const WorkloadInput& m_input;
  Index m_chosen;
  Cost m_best;    ///< of what was decided
  Load m_others;  ///< of everybody else, as decided
};

std::string told(const Finding& finding) {
  return finding.rule + " " + finding.got + ", wanted " + finding.wanted;
}

const OptionReport* report_of(const Explanation& explanation, const Place& place) {
  const auto found = std::find_if(explanation.options.begin(), explanation.options.end(),
                                  [&](const OptionReport& report) {
                                    return Place{report.target, report.rung, report.split} == place;
                                  });
  return found != explanation.options.end() ? &*found : nullptr;
}

}  // namespace

std::string move_reason(const Explanation& explanation, const std::optional<Place>& from) {
  const OptionReport* left = from ? report_of(explanation, *from) : nullptr;
  const OptionReport& chosen = explanation.options.front();
  if (left == nullptr || left->findings.empty() || left == &chosen) {
    return chosen.findings.empty() ? "" : told(chosen.findings.front());
  }
  const auto broken = std::find_if(left->findings.begin(), left->findings.end(),
                                   [](const Finding& f) { return !f.holds; });
  const Finding& reason = broken != left->findings.end() ? *broken : left->findings.front();
  return "there: " + told(reason);
}

std::string place_text(const Model& model, Index workload, const Option& option) {
  return told_place(model, workload, report_of_option(model, option));
}

std::string quantile_text(Ppm quantile) {
  return "p" + std::to_string(quantile.count / 10'000);
}

Explanation explain(const Model& model, const Situation& situation, const Decision& decision,
                    Index workload, const std::vector<Rejection>& rejected, Instant decided_at) {
  return Explainer{model, situation, decision, workload}.run(rejected, decided_at);
}

}  // namespace wanwise::core
