// Speed of a whole run: the world packet by packet with wanwise's engine in the loop, and request
// by request. Items are the world's events, or requests.
#include <benchmark/benchmark.h>

#include "sim/trial/trial.hpp"
#include "sim/world/air/generate.hpp"
#include "tests/support/harbour.hpp"

namespace wanwise::sim {
namespace {

TrialConfig lte_drive(Detail detail) {
  TrialConfig config;
  config.world.model = test::harbour();
  config.believed = config.world.model;
  const GeneratedLink link =
      generate(lte_driving(core::Bps{24'000'000}, core::Bps{60'000'000}), core::seconds(300), 1);
  config.world.links = {{core::LinkName{"lte"}, link.uplink, link.downlink, link.radio}};
  config.world.tuning.detail = detail;
  config.policy = {"wanwise", "wanwise", {}};
  config.horizon = core::seconds(300);
  config.warm_up = core::seconds(30);
  return config;
}

void BM_EngineInTheLoop(benchmark::State& state) {
  TrialConfig config = lte_drive(state.range(0) == 0 ? Detail::packets : Detail::requests);
  config.policy.policy = state.range(1) == 0 ? "always-cloud" : "wanwise";
  std::int64_t events = 0, requests = 0;
  for (auto _ : state) {
    const TrialResult result = run_trial(config);
    events += static_cast<std::int64_t>(result.world_events);
    for (const WorkloadResult& it : result.workloads) requests += it.generated;
    benchmark::DoNotOptimize(result.checksum);
  }
  state.SetItemsProcessed(events);
  state.counters["requests"] =
      benchmark::Counter(static_cast<double>(requests), benchmark::Counter::kIsRate);
  state.counters["simulated_s"] = benchmark::Counter(static_cast<double>(state.iterations() * 300),
                                                     benchmark::Counter::kIsRate);
}
BENCHMARK(BM_EngineInTheLoop)
    ->ArgNames({"requests", "wanwise"})
    ->Args({0, 0})
    ->Args({0, 1})
    ->Args({1, 0})
    ->Args({1, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wanwise::sim
