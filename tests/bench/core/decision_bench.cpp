// Figures of the joint decision: one site, 20 workloads x 4 targets x 2 links.
#include <benchmark/benchmark.h>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/path/topology.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "tests/support/ascii_site.hpp"
#include "tests/support/site_situation.hpp"

namespace wanwise {
namespace {

/// Arguments: seed, load in percent. The first decision has no present assignment worth keeping.
void decide_from_scratch(benchmark::State& state) {
  const core::Situation situation =
      test::site_situation(static_cast<std::uint64_t>(state.range(0)), state.range(1));
  core::Counters counters;
  core::Solution solution;
  for (auto _ : state) {
    solution = core::solve(situation, {}, counters);
    benchmark::DoNotOptimize(solution);
  }
  const auto decisions = static_cast<double>(counters.decisions);
  state.counters["nodes"] = static_cast<double>(counters.nodes_visited) / decisions;
  state.counters["options"] = static_cast<double>(counters.options_evaluated) / decisions;
  state.counters["proved"] = solution.proved ? 1 : 0;
}

/// The usual case: everything runs where the last decision put it, and one input moved.
void decide_again(benchmark::State& state) {
  core::Situation situation =
      test::site_situation(static_cast<std::uint64_t>(state.range(0)), state.range(1));
  core::Counters counters;
  test::settle(situation, core::solve(situation, {}, counters).chosen);
  for (core::LinkInput& link : situation.links) {
    link.uplink = link.uplink * 9 / 10;
    link.shaper = link.shaper * 9 / 10;
  }
  counters = {};
  for (auto _ : state) {
    benchmark::DoNotOptimize(core::solve(situation, {}, counters));
  }
  state.counters["nodes"] =
      static_cast<double>(counters.nodes_visited) / static_cast<double>(counters.decisions);
}

/// Everything a decision takes: the joint choice, the gates, and the choice again with what they
/// hold back. Settled at what was best; then the uplinks fell by a tenth.
void full_decision(benchmark::State& state) {
  core::Situation situation =
      test::site_situation(static_cast<std::uint64_t>(state.range(0)), state.range(1));
  const core::Model model = test::model_of_sites();
  core::Counters counters;
  test::settle(situation, core::solve(situation, {}, counters).chosen);
  for (core::LinkInput& link : situation.links) {
    link.uplink = link.uplink * 9 / 10;
    link.shaper = link.shaper * 9 / 10;
  }
  const std::vector<bool> moving(situation.workloads.size());
  std::vector<core::MoveGate> gates(situation.workloads.size(),
                                    core::MoveGate{model.policy.stability});
  core::Solver solver;
  core::Instant now;
  counters = {};
  for (auto _ : state) {
    now = now + core::Micros{1};
    benchmark::DoNotOptimize(core::decide(situation, now, moving, gates, {}, solver, counters));
  }
  state.counters["nodes"] =
      static_cast<double>(counters.nodes_visited) / static_cast<double>(state.iterations());
}

/// Easy, full, over what the nodes carry, and over what the links carry too.
void sites(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t load : {40, 90, 130, 300}) {
    for (const std::int64_t seed : {1, 2, 3, 4, 5}) {
      bench->Args({seed, load});
    }
  }
}
BENCHMARK(full_decision)->Apply(sites)->Unit(benchmark::kMicrosecond);
BENCHMARK(decide_from_scratch)->Apply(sites)->Unit(benchmark::kMicrosecond);
BENCHMARK(decide_again)->Apply(sites)->Unit(benchmark::kMicrosecond);

void load_add_remove(benchmark::State& state) {
  const core::Situation situation = test::site_situation(1, 90);
  core::Load load(situation);
  for (const core::WorkloadInput& workload : situation.workloads) {
    load.add(workload, workload.options.front());
  }
  const core::WorkloadInput& workload = situation.workloads.front();
  for (auto _ : state) {
    load.add(workload, workload.options[1]);
    load.remove(workload, workload.options[1]);
  }
}
BENCHMARK(load_add_remove);

void load_latency(benchmark::State& state) {
  const core::Situation situation = test::site_situation(1, 40);
  core::Load load(situation);
  for (const core::WorkloadInput& workload : situation.workloads) {
    load.add(workload, workload.options[1]);
  }
  const core::WorkloadInput& workload = situation.workloads.front();
  for (auto _ : state) {
    benchmark::DoNotOptimize(load.latency(workload, workload.options[1]));
  }
}
BENCHMARK(load_latency);

constexpr char kSite[] = R"(
  cameras -- ir1101
  ir1101 --1ms-- tx2
  ir1101 --1ms-- xavier
  ir1101 ==lte:20:50ms== net
  ir1101 ==wired:10:30ms== net
  net ==0ms== near
  net ==40ms== far
  detect cameras tx2,near,far
)";

/// All options of a workload, everything cached.
void topology_paths(benchmark::State& state) {
  const core::Model model = test::ascii_site(kSite);
  core::Topology topology(model);
  for (auto _ : state) {
    for (core::Index target = 0; target < 4; ++target) {
      benchmark::DoNotOptimize(topology.paths(0, target, core::LinkChoice::all));
    }
  }
}
BENCHMARK(topology_paths);

/// A link's round trip moved: its paths are computed again.
void topology_after_a_new_round_trip(benchmark::State& state) {
  const core::Model model = test::ascii_site(kSite);
  core::Topology topology(model);
  std::int64_t rtt = 0;
  for (auto _ : state) {
    topology.set_link_rtt(0, core::Micros{++rtt});
    benchmark::DoNotOptimize(topology.paths(0, 2, core::LinkChoice::all));
  }
}
BENCHMARK(topology_after_a_new_round_trip);

}  // namespace
}  // namespace wanwise
