#include "engine/core/decide/search/solver.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/search/search.hpp"
#include "engine/core/decide/shared_use.hpp"

namespace wanwise::core {
namespace {

constexpr std::int64_t kBroken = 1'000'000;
constexpr std::int64_t kMaxExcess = 999'999;
constexpr std::int64_t kPerRung = 1'000;

const Option* chosen_option(const WorkloadInput& workload, Index index) {
  if (index == kNone) {
    return nullptr;
  }
  const auto place = static_cast<std::size_t>(index);
  WANWISE_CHECK(index >= 0 && place < workload.options.size());
  return &workload.options[place];
}

bool overruns_memory(const Situation& situation, const Load& load) {
  for (std::size_t t = 0; t < situation.targets.size(); ++t) {
    if (!load.memory_fits(static_cast<Index>(t))) {
      return true;
    }
  }
  return false;
}

NanoUsd price_of_open_targets(const Situation& situation, const Assignment& assignment) {
  std::vector<bool> open(situation.targets.size());
  NanoUsd sum;
  const auto pay = [&](Index target) {
    if (target == kNone || open[static_cast<std::size_t>(target)]) return;
    open[static_cast<std::size_t>(target)] = true;
    sum += situation.targets[static_cast<std::size_t>(target)].price_per_hour;
  };
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const Option* option = chosen_option(situation.workloads[w], assignment[w]);
    if (option == nullptr) continue;
    pay(option->target);
    if (option->target != kNone && option->splits()) pay(option->spill.target);
  }
  return sum;
}

}  // namespace

std::int64_t unmet_cost(const WorkloadInput& workload, const Option& option, Micros latency) {
  if (option.target == kNone && option.rung == 0) {
    return kBroken + kMaxExcess;
  }
  if (latency <= workload.objective) {
    return option.discredited ? kBroken : option.rung * kPerRung;
  }
  const std::int64_t objective = workload.objective.count;
  const std::int64_t excess = latency.count - objective;
  if (objective <= 0 || excess >= objective || excess > INT64_MAX / kBroken) {
    return kBroken + kMaxExcess;
  }
  return kBroken + std::min(excess * kBroken / objective, kMaxExcess);
}

Cost evaluate(const Situation& situation, const Assignment& assignment) {
  const Load load = load_of(situation, assignment);
  Cost cost;
  if (overruns_memory(situation, load)) {
    for (const Priority p : kAllPriorities) cost[unmet_goal(p)] = kImpossible;
    return cost;
  }
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const WorkloadInput& workload = situation.workloads[w];
    std::int64_t& unmet = cost[unmet_goal(workload.priority)];
    cost[Goal::switches] += assignment[w] == workload.current ? 0 : 1;
    const Option* option = chosen_option(workload, assignment[w]);
    if (option == nullptr) {
      unmet += kNotRun;
      cost[Goal::latency] += kLatencyLimit;
      continue;
    }
    const Micros latency = load.latency(workload, *option);
    unmet += unmet_cost(workload, *option, latency);
    cost[Goal::preference] += option->rank;
    cost[Goal::money] += transfer_cost(situation, workload, *option).count;
    cost[Goal::latency] += std::min(latency.count, kLatencyLimit);
    cost += tolls_on(situation, workload, *option);
  }
  cost[Goal::over_quota] = load.over_quota();
  cost[Goal::money] += price_of_open_targets(situation, assignment).count;
  return cost;
}

std::vector<Micros> predict(const Situation& situation, const Assignment& assignment) {
  const Load load = load_of(situation, assignment);
  std::vector<Micros> latencies(assignment.size(), kNever);
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const WorkloadInput& workload = situation.workloads[w];
    if (const Option* option = chosen_option(workload, assignment[w])) {
      latencies[w] = load.latency(workload, *option);
    }
  }
  return latencies;
}

std::vector<Forecast> forecast(const Situation& situation, const Assignment& assignment) {
  const Load load = load_of(situation, assignment);
  std::vector<Forecast> forecasts(assignment.size(), Forecast{kNever, kNever, kNever});
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const WorkloadInput& workload = situation.workloads[w];
    if (const Option* option = chosen_option(workload, assignment[w])) {
      forecasts[w] = load.forecast(workload, *option);
    }
  }
  return forecasts;
}

Ppm gap(const Solution& solution) {
  for (std::size_t g = 0; g < static_cast<std::size_t>(Goal::latency); ++g) {
    const std::int64_t cost = solution.cost.goals[g];
    const std::int64_t bound = std::max<std::int64_t>(0, solution.bound.goals[g]);
    if (cost <= bound) {
      if (cost < bound) return {};
      continue;
    }
    const double share = static_cast<double>(cost - bound) / static_cast<double>(cost);
    return std::min(kWhole, Ppm{static_cast<std::int64_t>(share * 1e6) + 1});
  }
  return {};
}

Solver::Solver() : m_search(std::make_unique<Search>()) {}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;
Solver& Solver::operator=(Solver&&) noexcept = default;

void Solver::prepare(const Situation& situation, Counters& counters) {
  m_search->prepare(situation, counters);
}

Solution Solver::choose(SolveLimits limits, std::span<const std::vector<Index>> allowed) {
  return m_search->run(limits, allowed);
}

Measured Solver::measure(const Assignment& assignment) {
  Measured measured;
  m_search->measure(assignment, measured.cost, measured.latencies);
  return measured;
}

Solution solve(const Situation& situation, SolveLimits limits, Counters& counters) {
  Solver solver;
  solver.prepare(situation, counters);
  return solver.choose(limits);
}

}  // namespace wanwise::core
