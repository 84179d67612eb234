// Kubernetes and Karmada move when their published timers say so, and not a second before.
#include <gtest/gtest.h>

#include "tests/support/model_builder.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

core::Model one_workload() {
  wanwise::test::ModelBuilder builder;
  builder.workload({.name = "a"});
  return builder.build();
}

Bench on_the_node(const std::string& policy, std::map<std::string, std::string> parameters = {}) {
  Bench bench(policy, one_workload(), std::move(parameters));
  bench.begin_at("tx2");
  return bench;
}

TEST(KubernetesDefaults, ReplacesThePodsOfALostNodeAfter350Seconds) {
  Bench bench = on_the_node("kubernetes-defaults");
  bench.run(101);  // the last heartbeat is that of second 100
  bench.reachable["tx2"] = false;
  bench.run(500);
  ASSERT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.moves("a")[0].at_s, 100 + 50 + 300);
  EXPECT_EQ(bench.moves("a")[0].to, "cloud");
}

TEST(KubernetesDefaults, WasTenSecondsFasterBefore132) {
  Bench bench = on_the_node("kubernetes-defaults", {{"node-monitor-grace-period", "40s"}});
  bench.run(101);
  bench.reachable["tx2"] = false;
  bench.run(500);
  ASSERT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.moves("a")[0].at_s, 100 + 40 + 300);
}

TEST(KubernetesDefaults, NeverMovesBack) {
  Bench bench = on_the_node("kubernetes-defaults");
  bench.run(101);
  bench.reachable["tx2"] = false;
  bench.run(500);
  bench.reachable["tx2"] = true;
  bench.run(3'600);
  EXPECT_EQ(bench.place("a"), "cloud");
  EXPECT_EQ(bench.moves("a").size(), 1U);
}

TEST(KubernetesDefaults, ForgetsANodeThatWasAwayForLessThanItsToleration) {
  Bench bench = on_the_node("kubernetes-defaults");
  bench.run(101);
  bench.reachable["tx2"] = false;
  bench.run(340);
  bench.reachable["tx2"] = true;
  bench.run(600);
  EXPECT_TRUE(bench.moves("a").empty());
}

TEST(KubernetesDefaults, LosesTheCloudsHeartbeatsWithTheLink) {
  Bench bench("kubernetes-defaults", [] {
    wanwise::test::ModelBuilder builder;
    builder.workload({.name = "a", .targets = {"cloud", "tx2"}});
    return builder.build();
  }());
  bench.run(101);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.link_up = false;
  bench.run(400);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(KubernetesDefaults, LeavesADrainedNodeAtOnce) {
  Bench bench = on_the_node("kubernetes-defaults");
  bench.run(10);
  bench.apply(core::DrainRequested{core::TargetName{"tx2"}, true});
  EXPECT_EQ(bench.place("a"), "cloud");
}

TEST(KubernetesDefaults, KeepsWhatMayNotLeaveTheSitePending) {
  wanwise::test::ModelBuilder builder;
  builder.workload({.name = "a", .residency = core::Residency::site});
  Bench bench("kubernetes-defaults", builder.build());
  bench.run(20);
  bench.reachable["tx2"] = false;
  bench.run(600);
  EXPECT_EQ(bench.place("a"), "tx2");
  EXPECT_EQ(bench.moves("a").size(), 1U);
}

TEST(KarmadaDebounce, MovesAfterThirtySecondsOfFailureAndNotAfterTwentyNine) {
  Bench bench = on_the_node("karmada-debounce");
  bench.run(101);
  bench.reachable["tx2"] = false;  // the poll of second 110 is the first that fails
  bench.run(38);                   // 29 seconds after it
  EXPECT_EQ(bench.place("a"), "tx2");
  bench.run(2);
  ASSERT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.moves("a")[0].at_s, 110 + 30);
}

TEST(KarmadaDebounce, StartsAgainAfterOneSuccess) {
  Bench bench = on_the_node("karmada-debounce");
  bench.run(101);
  bench.reachable["tx2"] = false;
  bench.run(25);
  bench.reachable["tx2"] = true;
  bench.run(10);
  bench.reachable["tx2"] = false;
  bench.run(29);
  EXPECT_TRUE(bench.moves("a").empty());
}

TEST(KarmadaDebounce, ComesBackAfterThirtySecondsOfSuccess) {
  Bench bench = on_the_node("karmada-debounce");
  bench.run(101);
  bench.reachable["tx2"] = false;
  bench.run(100);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.reachable["tx2"] = true;  // from second 201; first seen at the poll of second 210
  bench.run(100);
  ASSERT_EQ(bench.moves("a").size(), 2U);
  EXPECT_EQ(bench.moves("a")[1].at_s, 210 + 30);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(KarmadaFailover, AddsItsTolerationAndStaysAway) {
  Bench bench = on_the_node("karmada-failover");
  bench.run(101);
  bench.reachable["tx2"] = false;
  bench.run(500);
  bench.reachable["tx2"] = true;
  bench.run(1'000);
  ASSERT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.moves("a")[0].at_s, 110 + 30 + 300);
}

TEST(KarmadaFailover, NeverMovesAsShipped) {
  Bench bench = on_the_node("karmada-failover", {{"eviction", "off"}});
  bench.run(101);
  bench.reachable["tx2"] = false;
  bench.run(2'000);
  EXPECT_TRUE(bench.moves("a").empty());
}

class Scheduler : public testing::TestWithParam<const char*> {};

/// Twelve workloads of 500 MB fill the node of 6 GB; the thirteenth goes where there is room.
TEST_P(Scheduler, FillsTheNodeAndSendsTheRestToTheCloud) {
  wanwise::test::ModelBuilder builder;
  for (char name = 'a'; name < 'a' + 13; ++name) {
    builder.workload({.name = std::string(1, name), .rate_per_s = 1});
  }
  Bench bench(GetParam(), builder.build());
  bench.run(2);
  int on_site = 0;
  for (char name = 'a'; name < 'a' + 13; ++name) {
    on_site += bench.place(std::string(1, name)) == "tx2" ? 1 : 0;
  }
  EXPECT_EQ(on_site, 12);
  EXPECT_EQ(bench.moves().size(), 13U);
}

INSTANTIATE_TEST_SUITE_P(Research, Scheduler,
                         testing::Values("kubernetes-defaults", "diktyo", "polaris", "skippy"));

TEST(Diktyo, FiltersACloudThatCostsMoreThanTheObjective) {
  wanwise::test::ModelBuilder builder;
  builder.workload({.name = "near", .objective = core::milliseconds(40), .targets = {"cloud"}});
  builder.workload({.name = "far", .objective = core::milliseconds(50), .targets = {"cloud"}});
  Bench bench("diktyo", builder.build());
  bench.run(2);
  EXPECT_EQ(bench.place("near"), "");  // 40 + 8 ms of round trip
  EXPECT_EQ(bench.place("far"), "cloud");
}

TEST(Diktyo, DoesNotReactToTheNetworkOnceScheduled) {
  Bench bench("diktyo", one_workload());
  bench.run(10);
  bench.rtt_ms = 5'000;
  bench.load["tx2"] = 100;
  bench.run(600);
  EXPECT_EQ(bench.moves("a").size(), 1U);
}

TEST(Polaris, FiltersALinkThatIsDeclaredTooSlowForOneWorkload) {
  wanwise::test::ModelBuilder builder;
  // 100 requests of 20 kB a second are 16 Mb/s, the uplink is 12 Mb/s.
  builder.workload({.name = "big", .rate_per_s = 100, .targets = {"cloud"}});
  builder.workload({.name = "half", .rate_per_s = 50, .targets = {"cloud"}});
  builder.workload({.name = "other-half", .rate_per_s = 50, .targets = {"cloud"}});
  Bench bench("polaris", builder.build());
  bench.run(2);
  EXPECT_EQ(bench.place("big"), "");
  EXPECT_EQ(bench.place("half"), "cloud");
  EXPECT_EQ(bench.place("other-half"), "cloud");  // compared, never deducted
}

}  // namespace
}  // namespace wanwise::sim::test
