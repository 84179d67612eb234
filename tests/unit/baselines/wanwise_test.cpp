// wanwise in a study is the engine itself; each ablation takes away one thing and nothing else.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/engine.hpp"
#include "tests/support/model_builder.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

core::Model site() {
  wanwise::test::ModelBuilder builder;
  builder.workload({.name = "a", .priority = core::Priority::critical});
  builder.workload({.name = "b", .rate_per_s = 8, .degraded_rates = {4, 1}});
  return builder.build();
}

void live(Bench& bench) {
  bench.run(20);
  bench.per_s = {{"a", 4}, {"b", 30}};
  bench.load["tx2"] = 100;
  bench.run(40);
  bench.reachable["tx2"] = false;
  bench.run(20);
  bench.reachable["tx2"] = true;
  bench.rtt_ms.reset();
  bench.run(60);
}

TEST(Wanwise, EmitsWhatTheEngineEmits) {
  core::Engine engine(site());
  PolicySpec spec{"wanwise", "wanwise", {}};
  const auto controller = make_controller(spec, site(), {});
  core::Instant now{1'000'000};
  for (int second = 0; second < 30; ++second, now = now + core::seconds(1)) {
    const std::vector<core::EventBody> bodies{
        core::RouterSession{core::RouterName{"r1"}, core::SessionState::connected, "", ""},
        core::RouterQosObserved{core::RouterName{"r1"}, now, std::nullopt, {}},
        core::LinkCounters{core::LinkName{"lte"}, now, true, 0, 0, 0},
        core::TargetSample{core::TargetName{"tx2"}, now, second < 15, {}, {}, {}, {}, {}},
        core::PlacementObserved{core::WorkloadName{"a"}, now, core::TargetName{"tx2"}, 0, true},
        core::PlacementObserved{core::WorkloadName{"b"}, now, core::TargetName{"tx2"}, 0, true}};
    for (const core::EventBody& body : bodies) {
      EXPECT_EQ(controller->on_event({now, body}), engine.apply({now, body}).actions);
      EXPECT_EQ(controller->next_wakeup(), engine.next_wakeup());
    }
  }
}

TEST(WanwiseNoQos, NeverTouchesTheRouterAndStillMoves) {
  Bench whole("wanwise", site());
  live(whole);
  EXPECT_GT(whole.writes(), 0);
  Bench cut("wanwise-no-qos", site());
  live(cut);
  EXPECT_EQ(cut.writes(), 0);
  EXPECT_FALSE(cut.moves().empty());
}

TEST(WanwiseNoLadder, NeverDegrades) {
  Bench cut("wanwise-no-ladder", site());
  live(cut);
  for (const Move& move : cut.moves()) EXPECT_EQ(move.rung, 0);
}

TEST(WanwiseNoDemand, DoesNotSeeThatAWorkloadAsksForMore) {
  const auto moved = [](const char* policy) {
    Bench bench(policy, site());
    bench.run(20);
    const auto before = bench.moves().size();
    bench.per_s = {{"a", 4}, {"b", 60}};
    bench.run(60);
    return bench.moves().size() > before;
  };
  EXPECT_TRUE(moved("wanwise"));
  EXPECT_FALSE(moved("wanwise-no-demand"));
}

TEST(WanwiseNoStability, MovesAtOnce) {
  const auto fell_back_after = [](const char* policy) {
    Bench bench(policy, site());
    bench.run(20);
    const auto before = bench.moves().size();
    bench.per_s = {{"a", 4}, {"b", 60}};
    bench.run(60);
    return bench.moves().size() > before ? bench.moves()[before].at_s - 20 : 999;
  };
  EXPECT_LT(fell_back_after("wanwise-no-stability"), fell_back_after("wanwise"));
}

TEST(WanwiseNoRadio, ActsTheSameOnARadioThatSaysNothingNew) {
  Bench whole("wanwise", site());
  Bench cut("wanwise-no-radio", site());
  whole.run(60);
  cut.run(60);
  EXPECT_EQ(whole.moves().size(), cut.moves().size());
  // Out of service: only the modem says so as long as probes come back.
  whole.in_service = cut.in_service = false;
  const auto writes = [](Bench& bench) {
    bench.run(10);
    return bench.on_router()->wans[0].shaper;
  };
  EXPECT_NE(writes(whole), writes(cut));
}

}  // namespace
}  // namespace wanwise::sim::test
