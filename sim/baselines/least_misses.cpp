#include "sim/baselines/least_misses.hpp"

#include <algorithm>
#include <limits>

#include "engine/core/decide/latency/latency.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {

/// A move has to pay back what it costs in this time.
constexpr double kPaybackSeconds = 5;
/// An accelerator that is full catches up when demand falls; nobody waits for longer than this.
constexpr double kLongestCatchUp = 10;
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

/// The option a workload is to take, where that is on a target.
const core::Option* option_of(const core::Situation& situation, const core::Assignment& assignment,
                              core::Index workload) {
  const core::Index chosen = core::at(assignment, workload);
  if (chosen == core::kNone) return nullptr;
  const core::Option& option = core::at(core::at(situation.workloads, workload).options, chosen);
  return option.target == core::kNone ? nullptr : &option;
}

/// What runs nowhere yet has to start in any case.
bool starts_anew(const core::WorkloadInput& input, const core::Option& option) {
  return input.current != core::kNone &&
         core::at(input.options, input.current).target != option.target;
}

/// Requests lost over the payback time, moves included.
double price(const MissQuestion& question, const core::Assignment& assignment) {
  return misses_per_second(question, assignment) * kPaybackSeconds +
         misses_by_moving(question, assignment);
}

core::Assignment descend(const MissQuestion& question, core::Assignment best) {
  double least = price(question, best);
  for (int round = 0; round < kMostRounds; ++round) {
    bool better = false;
    for (core::Index w = 0; w < core::count(best); ++w) {
      const core::Index options = core::count(core::at(question.situation.workloads, w).options);
      for (core::Index option = 0; option < options; ++option) {
        core::Assignment other = best;
        core::at(other, w) = option;
        const double cost = price(question, other);
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

double misses_per_second(const MissQuestion& question, const core::Assignment& assignment) {
  const core::Situation& situation = question.situation;
  const core::Load load = load_of(situation, assignment);
  if (!fits(situation, load)) return std::numeric_limits<double>::infinity();
  double misses = 0;
  for (core::Index w = 0; w < core::count(assignment); ++w) {
    const core::WorkloadInput& input = core::at(situation.workloads, w);
    double served = 0;
    if (const core::Option* option = option_of(situation, assignment, w)) {
      served = per_second(option->rate) * (1 - late_share(input, load.latency(input, *option)));
    }
    misses += per_second(core::at(question.demand, w)) - served;
  }
  return misses;
}

double misses_by_moving(const MissQuestion& question, const core::Assignment& assignment) {
  const core::Situation& situation = question.situation;
  std::vector<double> backlog_us(situation.targets.size());
  double misses = 0;
  for (core::Index w = 0; w < core::count(assignment); ++w) {
    const core::Option* option = option_of(situation, assignment, w);
    if (option == nullptr || !starts_anew(core::at(situation.workloads, w), *option)) continue;
    const double extra = static_cast<double>(option->service_mean.count) *
                         (core::at(question.cold, option->target) - 1);
    core::at(backlog_us, option->target) +=
        extra / core::at(situation.targets, option->target).servers;
    misses += 1;
  }
  const core::Load load = load_of(situation, assignment);
  for (core::Index w = 0; w < core::count(assignment); ++w) {
    const core::Option* option = option_of(situation, assignment, w);
    if (option == nullptr || core::at(backlog_us, option->target) <= 0) continue;
    const core::WorkloadInput& input = core::at(situation.workloads, w);
    const core::Micros usual = load.latency(input, *option);
    const double slack = std::max(0.0, static_cast<double>((input.objective - usual).count));
    const double spare =
        1 - static_cast<double>(load.target_utilisation(option->target).count) / 1e6;
    const double late = std::max(0.0, core::at(backlog_us, option->target) - slack) / 1e6;
    misses += per_second(option->rate) *
              (spare <= 0 ? kLongestCatchUp : std::min(kLongestCatchUp, late / spare));
  }
  return misses;
}

core::Assignment least_misses(const MissQuestion& question, const core::Assignment& solved) {
  core::Assignment stay = solved;
  for (core::Index w = 0; w < core::count(stay); ++w) {
    const core::Index current = core::at(question.situation.workloads, w).current;
    if (current != core::kNone) core::at(stay, w) = current;
  }
  const core::Assignment from_solved = descend(question, solved);
  const core::Assignment from_here = descend(question, stay);
  const double by_solver = price(question, from_solved);
  const double by_staying = price(question, from_here);
  // Cheaper in money at the same misses is what the solver already looked for.
  if (price(question, solved) <= std::min(by_solver, by_staying) + 1) return solved;
  return by_staying < by_solver ? from_here : from_solved;
}

}  // namespace wanwise::sim
