#include "engine/core/decide/decide.hpp"

#include <algorithm>
#include <compare>
#include <utility>

#include "engine/core/model_index.hpp"

namespace wanwise::core {
namespace {

const Option& option_of(const WorkloadInput& input, Index option) {
  return at(input.options, option);
}

Place place_at(const Model& model, const WorkloadInput& input, Index option) {
  return option == kNone ? Place{} : place_of(model, option_of(input, option));
}

/// What would be if nobody moved: the current options, and the wished one where there is none.
Assignment stay_put(const Situation& situation, const Assignment& wished) {
  Assignment stay = wished;
  for (Index w = 0; w < count(situation.workloads); ++w) {
    const Index current = at(situation.workloads, w).current;
    if (current != kNone) at(stay, w) = current;
  }
  return stay;
}

/// More objectives hold, or a data plan does, in the order of the goals.
bool meets_more(const Cost& better, const Cost& worse) {
  constexpr auto kFirst = static_cast<std::ptrdiff_t>(Goal::misplaced_critical);
  return std::lexicographical_compare(better.goals.begin(), better.goals.begin() + kFirst,
                                      worse.goals.begin(), worse.goals.begin() + kFirst);
}

/// Share of the hourly money that the move of everybody saves; a return to a preferred place counts
/// as a full gain.
Ppm gain_of(const Cost& wished, const Cost& stay) {
  for (const Goal misplaced : {Goal::misplaced_critical, Goal::misplaced_high})
    if (wished[misplaced] != stay[misplaced]) return kWhole;
  if (wished.per_hour() >= stay.per_hour()) return kWhole;
  const NanoUsd saved = stay.per_hour() - wished.per_hour();
  return Ppm{saved.count * kWhole.count / stay.per_hour().count};
}

/// Why each workload would move, seen against everybody staying.
struct Comparison {
  Cost stay;
  Cost wished;
  std::vector<Micros> predicted_stay;
};

MoveReason reason_of(const WorkloadInput& input, Index wished, Micros predicted,
                     const Comparison& comparison) {
  if (input.current == kNone) return MoveReason::target_dead;
  const Option& here = option_of(input, input.current);
  const Option& there = option_of(input, wished);
  if (here.discredited || predicted > input.objective) return MoveReason::violation;
  const bool makes_room = meets_more(comparison.wished, comparison.stay) &&
                          std::pair{there.rung, there.rank} > std::pair{here.rung, here.rank};
  return makes_room ? MoveReason::violation : MoveReason::voluntary;
}

MoveWish wish_of(const Model& model, const WorkloadInput& input, Index wished, Instant now,
                 MoveReason reason, const Comparison& comparison) {
  MoveWish wish;
  wish.at = now;
  wish.wished = place_at(model, input, wished);
  wish.current = place_at(model, input, input.current);
  wish.reason = reason;
  wish.gain = gain_of(comparison.wished, comparison.stay);
  wish.stranded = input.stranded;
  return wish;
}

/// Leaves a workload the options that its gate allows; remembers where they stood.
struct Narrowed {
  Situation situation;
  std::vector<std::vector<Index>> original;  ///< by workload: narrowed option -> option
};

void narrow(Narrowed& narrowed, Index workload, const std::vector<Index>& kept) {
  WorkloadInput& input = at(narrowed.situation.workloads, workload);
  std::vector<Option> options;
  Index current = kNone;
  for (const Index option : kept) {
    if (option == input.current) current = count(options);
    options.push_back(option_of(input, option));
  }
  input.options = std::move(options);
  input.current = current;
  at(narrowed.original, workload) = kept;
}

std::vector<Index> all_options(const WorkloadInput& input) {
  std::vector<Index> options(input.options.size());
  for (Index o = 0; o < count(options); ++o) at(options, o) = o;
  return options;
}

/// Which options of a workload stay in play after its gate has spoken.
std::vector<Index> kept_options(const WorkloadInput& input, Index wished, bool may_move,
                                MoveReason reason) {
  if (input.current == kNone)
    return may_move || wished == kNone ? all_options(input) : std::vector<Index>{};
  if (!may_move || wished == input.current) return {input.current};
  if (reason == MoveReason::voluntary) return {input.current, wished};
  return all_options(input);
}

class Decider {
 public:
  Decider(const Model& model, const Situation& situation, Instant now, SolveLimits limits,
          Counters& counters)
      : m_model(model),
        m_situation(situation),
        m_now(now),
        m_limits(limits),
        m_counters(counters) {}

  Decision run(const std::vector<bool>& moving, std::vector<MoveGate>& gates) {
    const Narrowed frozen = freeze(moving);
    const Solution best = solve(frozen.situation, m_limits, m_counters);
    const Assignment wished = keep_running(widen(frozen, best.chosen));
    Decision decision;
    decision.held.resize(m_situation.workloads.size());
    decision.proved = best.proved;
    decision.chosen = ask_gates(wished, moving, gates, decision);
    decision.predicted = predict(m_situation, decision.chosen);
    return decision;
  }

 private:
  Narrowed everything() const {
    Narrowed narrowed{m_situation, {}};
    for (const WorkloadInput& input : m_situation.workloads) {
      narrowed.original.push_back(all_options(input));
    }
    return narrowed;
  }

  Narrowed freeze(const std::vector<bool>& moving) const {
    Narrowed narrowed = everything();
    for (Index w = 0; w < count(m_situation.workloads); ++w) {
      const Index current = at(m_situation.workloads, w).current;
      if (moving[static_cast<std::size_t>(w)] && current != kNone) narrow(narrowed, w, {current});
    }
    return narrowed;
  }

  static Assignment widen(const Narrowed& narrowed, const Assignment& chosen) {
    Assignment wide = chosen;
    for (Index w = 0; w < count(wide); ++w)
      if (at(chosen, w) != kNone) at(wide, w) = at(at(narrowed.original, w), at(chosen, w));
    return wide;
  }

  /// "Not run" is never a reason to stop what runs.
  Assignment keep_running(Assignment wished) const {
    for (Index w = 0; w < count(wished); ++w) {
      if (at(wished, w) == kNone) at(wished, w) = at(m_situation.workloads, w).current;
    }
    return wished;
  }

  Assignment ask_gates(const Assignment& wished, const std::vector<bool>& moving,
                       std::vector<MoveGate>& gates, Decision& decision) {
    const Assignment stay = stay_put(m_situation, wished);
    const Comparison comparison{evaluate(m_situation, stay), evaluate(m_situation, wished),
                                predict(m_situation, stay)};
    Narrowed narrowed = everything();
    bool anyone_held = false;
    for (Index w = 0; w < count(m_situation.workloads); ++w) {
      const WorkloadInput& input = at(m_situation.workloads, w);
      if (moving[static_cast<std::size_t>(w)]) {
        if (input.current != kNone) narrow(narrowed, w, {input.current});
        continue;
      }
      const Index wish = at(wished, w);
      const MoveReason reason =
          reason_of(input, wish, at(comparison.predicted_stay, w), comparison);
      GateVerdict verdict =
          at(gates, w).ask(wish_of(m_model, input, wish, m_now, reason, comparison));
      const bool wants = wish != input.current;
      narrow(narrowed, w, kept_options(input, wish, verdict.allowed, reason));
      if (wants && !verdict.allowed) {
        anyone_held = true;
        at(decision.held, w) = HeldWish{wish, std::move(verdict)};
      }
    }
    if (!anyone_held) return wished;
    const Solution now_possible = solve(narrowed.situation, m_limits, m_counters);
    decision.proved = decision.proved && now_possible.proved;
    return keep_running(widen(narrowed, now_possible.chosen));
  }

  const Model& m_model;
  const Situation& m_situation;
  Instant m_now;
  SolveLimits m_limits;
  Counters& m_counters;
};

}  // namespace

Place place_of(const Model& model, const Option& option) {
  Place place;
  if (option.target != kNone) place.target = target_name(model, option.target);
  place.rung = option.rung;
  return place;
}

Decision decide(const Model& model, const Situation& situation, Instant now,
                const std::vector<bool>& moving, std::vector<MoveGate>& gates, SolveLimits limits,
                Counters& counters) {
  return Decider{model, situation, now, limits, counters}.run(moving, gates);
}

}  // namespace wanwise::core
