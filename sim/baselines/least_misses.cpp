#include "sim/baselines/least_misses.hpp"

#include <limits>

#include "engine/core/decide/latency.hpp"
#include "sim/world/random.hpp"

namespace wanwise::sim {
namespace {

/// A move has to pay back in this time …
constexpr double kPaybackSeconds = 5;
/// … what it costs: the first inference at a new place is cold, and what comes meanwhile waits.
constexpr double kColdSeconds = 0.5;
/// Rounds over all workloads; more have never changed an answer on the shipped sites.
constexpr int kMostRounds = 4;

double per_second(core::MilliHz rate) {
  return static_cast<double>(rate.count) / 1e3;
}

/// Share of requests slower than the objective: (1 - q)^(objective / latency at q).
double late_share(const core::WorkloadInput& workload, core::Micros latency) {
  if (latency >= core::kNever) return 1;
  if (latency.count <= 0) return 0;
  const double beyond = 1 - static_cast<double>(workload.quantile.count) / 1e6;
  const double ratio =
      static_cast<double>(workload.objective.count) / static_cast<double>(latency.count);
  return portable_exp(portable_log(beyond) * ratio);
}

bool fits(const core::Situation& situation, const core::Load& load) {
  for (core::Index t = 0; t < core::count(situation.targets); ++t) {
    if (!load.memory_fits(t)) return false;
  }
  return true;
}

/// Requests lost over the payback time, moves included.
double price(const core::Situation& situation, const std::vector<core::MilliHz>& demand,
             const core::Assignment& assignment) {
  double sum = misses_per_second(situation, demand, assignment) * kPaybackSeconds;
  for (core::Index w = 0; w < core::count(assignment); ++w) {
    const core::WorkloadInput& input = core::at(situation.workloads, w);
    const core::Index chosen = core::at(assignment, w);
    if (chosen == input.current || chosen == core::kNone || input.current == core::kNone) continue;
    const core::Index from = core::at(input.options, input.current).target;
    if (core::at(input.options, chosen).target == from) continue;
    sum += 1 + per_second(core::at(demand, w)) * kColdSeconds;
  }
  return sum;
}

core::Assignment descend(const core::Situation& situation, const std::vector<core::MilliHz>& demand,
                         core::Assignment best) {
  double least = price(situation, demand, best);
  for (int round = 0; round < kMostRounds; ++round) {
    bool better = false;
    for (core::Index w = 0; w < core::count(best); ++w) {
      const core::Index options = core::count(core::at(situation.workloads, w).options);
      for (core::Index option = 0; option < options; ++option) {
        core::Assignment other = best;
        core::at(other, w) = option;
        const double cost = price(situation, demand, other);
        if (cost >= least) continue;
        least = cost;
        best = std::move(other);
        better = true;
      }
    }
    if (!better) break;
  }
  return best;
}

}  // namespace

double misses_per_second(const core::Situation& situation, const std::vector<core::MilliHz>& demand,
                         const core::Assignment& assignment) {
  core::Load load(situation);
  for (core::Index w = 0; w < core::count(assignment); ++w) {
    const core::WorkloadInput& input = core::at(situation.workloads, w);
    if (core::at(assignment, w) != core::kNone) {
      load.add(input, core::at(input.options, core::at(assignment, w)));
    }
  }
  if (!fits(situation, load)) return std::numeric_limits<double>::infinity();
  double misses = 0;
  for (core::Index w = 0; w < core::count(assignment); ++w) {
    const core::WorkloadInput& input = core::at(situation.workloads, w);
    const double asked = per_second(core::at(demand, w));
    double served = 0;
    if (core::at(assignment, w) != core::kNone) {
      const core::Option& option = core::at(input.options, core::at(assignment, w));
      if (option.target != core::kNone) {
        served = per_second(option.rate) * (1 - late_share(input, load.latency(input, option)));
      }
    }
    misses += asked - served;
  }
  return misses;
}

core::Assignment least_misses(const core::Situation& situation,
                              const std::vector<core::MilliHz>& demand,
                              const core::Assignment& solved) {
  core::Assignment stay = solved;
  for (core::Index w = 0; w < core::count(stay); ++w) {
    const core::Index current = core::at(situation.workloads, w).current;
    if (current != core::kNone) core::at(stay, w) = current;
  }
  const core::Assignment from_solved = descend(situation, demand, solved);
  const core::Assignment from_here = descend(situation, demand, stay);
  const double by_solver = price(situation, demand, from_solved);
  const double by_staying = price(situation, demand, from_here);
  const core::Assignment& best = by_staying < by_solver ? from_here : from_solved;
  const double least = by_staying < by_solver ? by_staying : by_solver;
  // Cheaper in money at the same misses is what the solver already looked for.
  return price(situation, demand, solved) <= least + 1 ? solved : best;
}

}  // namespace wanwise::sim
