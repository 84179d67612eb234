// Cost of one event at the engine of a busy site: 20 workloads, two edge nodes and two clouds, two
// WAN links.
#include <benchmark/benchmark.h>

#include <utility>

#include "engine/core/engine.hpp"
#include "tests/support/busy_site.hpp"

namespace wanwise {
namespace {

/// An engine that has started, placed everything and written its router.
core::Engine settled(core::Instant now) {
  const core::Model model = test::busy_site();
  core::Engine engine(model);
  test::settle(model, now, [&](core::EventBody body) {
    return engine.apply({now, std::move(body)});
  });
  return engine;
}

void telemetry_without_consequence(benchmark::State& state) {
  core::Instant now{1'000'000};
  core::Engine engine = settled(now);
  const core::LinkName link{"lte"};
  std::uint64_t bytes = 0;
  const std::uint64_t decisions = engine.totals().decisions;
  for (auto _ : state) {
    now = now + core::Micros{10};  // time stands almost still: no timer falls due
    bytes += 1;
    benchmark::DoNotOptimize(
        engine.apply({now, core::LinkCounters{link, now, true, bytes, bytes, 0}}));
  }
  state.counters["decisions"] =
      benchmark::Counter(static_cast<double>(engine.totals().decisions - decisions));
}
BENCHMARK(telemetry_without_consequence);

void event_that_changes_the_joint_decision(benchmark::State& state) {
  core::Instant now{1'000'000};
  core::Engine engine = settled(now);
  bool drain = false;
  for (auto _ : state) {
    drain = !drain;
    now = now + core::Micros{10};
    core::Step step = engine.apply({now, core::DrainRequested{core::TargetName{"cloud-b"}, drain}});
    benchmark::DoNotOptimize(step);
  }
}
BENCHMARK(event_that_changes_the_joint_decision)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace wanwise

BENCHMARK_MAIN();
