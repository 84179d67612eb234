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

Spot spot_at(const WorkloadInput& input, Index option) {
  return option == kNone ? Spot{} : spot_of(option_of(input, option));
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
  constexpr auto kFirst = static_cast<std::ptrdiff_t>(Goal::money);
  return std::lexicographical_compare(better.goals.begin(), better.goals.begin() + kFirst,
                                      worse.goals.begin(), worse.goals.begin() + kFirst);
}

/// Share of the hourly money that the move of everybody saves; a return to a preferred place counts
/// as a full gain.
Ppm gain_of(const Cost& wished, const Cost& stay) {
  if (wished.per_hour() >= stay.per_hour()) return kWhole;
  const NanoUsd saved = stay.per_hour() - wished.per_hour();
  return Ppm{saved.count * kWhole.count / stay.per_hour().count};
}

/// Why each workload would move, seen against everybody staying.
struct Comparison {
  Measured stay;
  Measured wished;
};

MoveReason reason_of(const WorkloadInput& input, Index wished, Micros predicted,
                     const Comparison& comparison) {
  if (input.current == kNone) return MoveReason::target_dead;
  const Option& here = option_of(input, input.current);
  const Option& there = option_of(input, wished);
  if (input.suffers || here.discredited || predicted > input.objective)
    return MoveReason::violation;
  const bool makes_room = meets_more(comparison.wished.cost, comparison.stay.cost) &&
                          std::pair{there.rung, there.rank} > std::pair{here.rung, here.rank};
  return makes_room ? MoveReason::violation : MoveReason::voluntary;
}

MoveWish wish_of(const WorkloadInput& input, Index wished, Instant now, MoveReason reason,
                 const Comparison& comparison) {
  MoveWish wish;
  wish.at = now;
  wish.wished = spot_at(input, wished);
  wish.current = spot_at(input, input.current);
  wish.reason = reason;
  wish.gain = gain_of(comparison.wished.cost, comparison.stay.cost);
  wish.stranded = input.stranded;
  return wish;
}

/// The link that the wish would change and nothing else. For its gate a link is a place.
bool changes_link_only(const WorkloadInput& input, Index wished) {
  if (wished == input.current || input.current == kNone || wished == kNone) return false;
  return spot_of(option_of(input, wished)) == spot_of(option_of(input, input.current));
}

/// A link in the place of a target.
Spot link_as_spot(const Option& option) {
  Spot spot;
  spot.target = option.link;
  return spot;
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
  Decider(const Situation& situation, Instant now, SolveLimits limits, Solver& solver,
          std::vector<MoveGate>* path_gates)
      : m_situation(situation),
        m_now(now),
        m_limits(limits),
        m_solver(solver),
        m_path_gates(path_gates) {}

  Decision run(const std::vector<bool>& moving, std::vector<MoveGate>& gates) {
    const Solution best = m_solver.choose(m_limits, freeze(moving));
    Decision decision;
    decision.held.resize(m_situation.workloads.size());
    decision.proved = best.proved;
    decision.gap = gap(best);
    ask_gates(keep_running(best.chosen), moving, gates, decision);
    note_link_changes(decision.chosen);
    return decision;
  }

 private:
  using Allowed = std::vector<std::vector<Index>>;

  /// What is on its way keeps its option. Empty, when nothing is: then all options are open.
  Allowed freeze(const std::vector<bool>& moving) const {
    Allowed allowed;
    if (std::find(moving.begin(), moving.end(), true) == moving.end()) return allowed;
    for (Index w = 0; w < count(m_situation.workloads); ++w) {
      const WorkloadInput& input = at(m_situation.workloads, w);
      const bool frozen = moving[static_cast<std::size_t>(w)] && input.current != kNone;
      allowed.push_back(frozen ? std::vector<Index>{input.current} : all_options(input));
    }
    return allowed;
  }

  /// "Not run" is never a reason to stop what runs.
  Assignment keep_running(Assignment wished) const {
    for (Index w = 0; w < count(wished); ++w) {
      if (at(wished, w) == kNone) at(wished, w) = at(m_situation.workloads, w).current;
    }
    return wished;
  }

  void ask_gates(const Assignment& wished, const std::vector<bool>& moving,
                 std::vector<MoveGate>& gates, Decision& decision) {
    const Assignment stay = stay_put(m_situation, wished);
    Comparison comparison;
    comparison.wished = m_solver.measure(wished);
    comparison.stay = stay == wished ? comparison.wished : m_solver.measure(stay);
    Allowed allowed;
    bool anyone_held = false;
    for (Index w = 0; w < count(m_situation.workloads); ++w) {
      const WorkloadInput& input = at(m_situation.workloads, w);
      if (moving[static_cast<std::size_t>(w)]) {
        allowed.push_back(kept_options(input, input.current, false, MoveReason::voluntary));
        continue;
      }
      const Index wish = at(wished, w);
      const MoveReason reason =
          reason_of(input, wish, at(comparison.stay.latencies, w), comparison);
      const MoveWish move = wish_of(input, wish, m_now, reason, comparison);
      GateVerdict verdict = at(gates, w).ask(move);
      if (m_path_gates != nullptr) ask_path_gate(w, wish, move, verdict);
      // Whoever may change its link may not move for that.
      const bool stays = changes_link_only(input, wish);
      allowed.push_back(
          kept_options(input, wish, verdict.allowed, stays ? MoveReason::voluntary : reason));
      if (wish != input.current && !verdict.allowed) {
        anyone_held = true;
        at(decision.held, w) = HeldWish{wish, std::move(verdict)};
      }
    }
    decision.chosen = wished;
    decision.predicted = std::move(comparison.wished.latencies);
    if (anyone_held) choose_among(allowed, decision);
  }

  /// Again, with what the gates let happen.
  void choose_among(const Allowed& allowed, Decision& decision) {
    const Solution possible = m_solver.choose(m_limits, allowed);
    decision.proved = decision.proved && possible.proved;
    decision.gap = std::max(decision.gap, gap(possible));
    decision.chosen = keep_running(possible.chosen);
    decision.predicted = m_solver.measure(decision.chosen).latencies;
  }

  /// A change of link is its own gate's to allow; what a move brings along is the move's.
  void ask_path_gate(Index workload, Index wish, MoveWish move, GateVerdict& verdict) {
    const WorkloadInput& input = at(m_situation.workloads, workload);
    if (input.current == kNone) return;
    const bool link_only = changes_link_only(input, wish);
    move.current = link_as_spot(option_of(input, input.current));
    move.wished = link_only ? link_as_spot(option_of(input, wish)) : move.current;
    GateVerdict path = at(*m_path_gates, workload).ask(move);
    if (link_only) verdict = std::move(path);
  }

  void note_link_changes(const Assignment& chosen) {
    if (m_path_gates == nullptr) return;
    for (Index w = 0; w < count(chosen); ++w) {
      const WorkloadInput& input = at(m_situation.workloads, w);
      if (changes_link_only(input, at(chosen, w))) at(*m_path_gates, w).moved(m_now);
    }
  }

  const Situation& m_situation;
  Instant m_now;
  SolveLimits m_limits;
  Solver& m_solver;
  std::vector<MoveGate>* m_path_gates;
};

}  // namespace

Spot spot_of(const Option& option) {
  Spot spot;
  spot.target = option.target;
  spot.rung = option.rung;
  if (option.splits()) {
    spot.split_target = option.spill.target;
    spot.split_share = static_cast<std::int32_t>(option.spill.share.count);
  }
  return spot;
}

Place place_of(const Model& model, const Option& option) {
  return place_of(model, spot_of(option));
}

Decision decide(const Situation& situation, Instant now, const std::vector<bool>& moving,
                std::vector<MoveGate>& gates, SolveLimits limits, Solver& solver,
                Counters& counters, std::vector<MoveGate>* path_gates) {
  solver.prepare(situation, counters);
  return Decider{situation, now, limits, solver, path_gates}.run(moving, gates);
}

Decision decide(const Situation& situation, Instant now, const std::vector<bool>& moving,
                std::vector<MoveGate>& gates, SolveLimits limits, Counters& counters,
                std::vector<MoveGate>* path_gates) {
  Solver solver;
  return decide(situation, now, moving, gates, limits, solver, counters, path_gates);
}

}  // namespace wanwise::core
