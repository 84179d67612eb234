// Cost of one telemetry sample through the estimator and of one question to a gate.
#include <benchmark/benchmark.h>

#include "engine/core/decide/stability.hpp"
#include "engine/core/uplink/uplink_estimate.hpp"

namespace wanwise::core {
namespace {

Link lte() {
  Link link;
  link.uplink = Bps{10'000'000};
  link.uplink_floor = Bps{500'000};
  link.uplink_ceiling = Bps{40'000'000};
  link.rtt = milliseconds(50);
  return link;
}

/// What one poll brings: counters of the link and of four classes, every other time a probe.
void BM_Poll(benchmark::State& state) {
  UplinkEstimator estimator{lte()};
  const ClassName names[] = {ClassName{"realtime"}, ClassName{"video"}, ClassName{"bulk"},
                             ClassName{"class-default"}};
  std::int64_t now = 0;
  std::uint64_t bytes = 0;
  std::int64_t samples = 0;
  for (auto _ : state) {
    now += 500'000;
    bytes += 550'000;
    for (const ClassName& name : names) {
      estimator.observe(ClassCounters{LinkName{}, name, Instant{now}, bytes / 4, 0, 3000});
    }
    estimator.observe(LinkCounters{LinkName{}, Instant{now}, true, bytes, bytes, 0});
    samples += 5;
    if (now % 1'000'000 == 0) {
      const Micros rtt{50'000 + now / 1'000'000 % 7 * 1000};
      estimator.observe(ProbeSample{LinkName{}, Instant{now - 100'000}, rtt});
      ++samples;
    }
    estimator.shaper_in_force(estimator.shaper());
    benchmark::DoNotOptimize(estimator.interval());
  }
  state.SetItemsProcessed(samples);
}
BENCHMARK(BM_Poll);

void BM_LinkCounters(benchmark::State& state) {
  UplinkEstimator estimator{lte()};
  std::int64_t now = 0;
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    now += 500'000;
    bytes += 550'000;
    estimator.observe(LinkCounters{LinkName{}, Instant{now}, true, bytes, bytes, 0});
  }
}
BENCHMARK(BM_LinkCounters);

void BM_GateAsk(benchmark::State& state) {
  MoveGate gate{Stability{}};
  const Spot here{.target = 0};
  const Spot there{.target = 1};
  std::int64_t now = 0;
  for (auto _ : state) {
    now += 1000;
    benchmark::DoNotOptimize(
        gate.ask({Instant{now}, here, there, MoveReason::voluntary, Ppm{200'000}}));
  }
}
BENCHMARK(BM_GateAsk);

}  // namespace
}  // namespace wanwise::core

BENCHMARK_MAIN();
