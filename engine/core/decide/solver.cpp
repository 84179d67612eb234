#include "engine/core/decide/solver.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/decide/latency.hpp"
#include "engine/core/decide/search.hpp"

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

Load load_of(const Situation& situation, const Assignment& assignment) {
  WANWISE_CHECK(assignment.size() == situation.workloads.size());
  Load load(situation);
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const WorkloadInput& workload = situation.workloads[w];
    if (const Option* option = chosen_option(workload, assignment[w])) {
      load.add(workload, *option);
    }
  }
  return load;
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
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const Option* option = chosen_option(situation.workloads[w], assignment[w]);
    if (option == nullptr || option->target == kNone) {
      continue;
    }
    const auto target = static_cast<std::size_t>(option->target);
    if (!open[target]) {
      open[target] = true;
      sum += situation.targets[target].price_per_hour;
    }
  }
  return sum;
}

}  // namespace

Cost& Cost::operator+=(const Cost& other) {
  for (std::size_t p = 0; p < kPriorities; ++p) unmet[p] += other.unmet[p];
  per_hour += other.per_hour;
  preference += other.preference;
  switches += other.switches;
  latency += other.latency;
  return *this;
}

void add_charge(Cost& cost, const Toll& toll, std::int64_t charge) {
  switch (toll.level) {
    case TollLevel::none:
      return;
    case TollLevel::money:
      cost.per_hour += NanoUsd{charge};
      return;
    case TollLevel::low:
      cost.unmet[3] += charge;
      return;
    case TollLevel::normal:
      cost.unmet[2] += charge;
      return;
    case TollLevel::high:
      cost.unmet[1] += charge;
      return;
    case TollLevel::critical:
      cost.unmet[0] += charge;
      return;
  }
}

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
    std::fill(std::begin(cost.unmet), std::end(cost.unmet), kImpossible);
    return cost;
  }
  for (std::size_t w = 0; w < assignment.size(); ++w) {
    const WorkloadInput& workload = situation.workloads[w];
    std::int64_t& unmet = cost.unmet[static_cast<std::size_t>(workload.priority)];
    cost.switches += assignment[w] == workload.current ? 0 : 1;
    const Option* option = chosen_option(workload, assignment[w]);
    if (option == nullptr) {
      unmet += kNotRun;
      cost.latency += kLatencyLimit;
      continue;
    }
    const Micros latency = load.latency(workload, *option);
    unmet += unmet_cost(workload, *option, latency);
    cost.per_hour += transfer_cost(situation, workload, *option);
    cost.preference += option->rank;
    cost.latency += std::min(latency.count, kLatencyLimit);
  }
  cost.per_hour += price_of_open_targets(situation, assignment);
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

Solution solve(const Situation& situation, SolveLimits limits, Counters& counters) {
  return Search(situation, limits, counters).run();
}

}  // namespace wanwise::core
