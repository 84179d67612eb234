// Cost of one event at the engine of a busy site: 20 workloads, two edge nodes and two clouds, two
// WAN links.
#include <benchmark/benchmark.h>

#include <string>

#include "engine/core/engine.hpp"
#include "tests/support/model_builder.hpp"

namespace wanwise {
namespace {

core::Model busy_site() {
  test::ModelBuilder builder;
  core::Link wired = test::lte_link();
  wired.name = core::LinkName{"wired"};
  wired.interface = "GigabitEthernet0/0/0";
  wired.kind = core::LinkKind::wired;
  wired.metric = 5;
  builder.link(wired);
  core::Node node = builder.build().site.nodes.front();
  node.name = core::TargetName{"tx2-b"};
  builder.node(node);
  core::Cloud cloud = builder.build().site.clouds.front();
  cloud.name = core::TargetName{"cloud-b"};
  builder.cloud(cloud);
  for (int i = 0; i < 20; ++i) {
    builder.workload({.name = "workload-" + std::to_string(i),
                      .priority = static_cast<core::Priority>(i % 4),
                      .model = i % 3 == 0 ? "detector" : "classifier",
                      .rate_per_s = 1 + i % 3,
                      .targets = {"tx2", "tx2-b", "cloud", "cloud-b"},
                      .degraded_rates = {1}});
  }
  return builder.build();
}

/// An engine that has started, placed everything and written its router.
core::Engine settled(core::Instant& now) {
  core::Engine engine(busy_site());
  const core::Model model = engine.model();
  const auto apply = [&](core::EventBody body) {
    core::Step step = engine.apply({now, std::move(body)});
    for (std::size_t a = 0; a < step.actions.size(); ++a) {
      const core::Step more =
          engine.apply({now, core::ActionDone{step.actions[a].id, core::Outcome::done, {}, {}}});
      step.actions.insert(step.actions.end(), more.actions.begin(), more.actions.end());
    }
  };
  apply(core::RouterSession{model.site.routers[0].name, core::SessionState::connected, {}, {}});
  apply(core::RouterQosObserved{model.site.routers[0].name, now, {}, {}});
  for (const core::Workload& w : model.policy.workloads) {
    apply(core::PlacementObserved{w.name, now, {}, 0, false});
  }
  for (const core::Node& n : model.site.nodes) {
    core::TargetSample sample;
    sample.target = n.name;
    sample.observed_at = now;
    sample.reachable = true;
    apply(sample);
  }
  for (const core::Link& link : model.site.links) {
    apply(core::LinkCounters{link.name, now, true, 0, 0, 0});
  }
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
