// Policies that place by one half of the state, or by none.
#include <gtest/gtest.h>

#include <set>

#include "tests/support/model_builder.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

using wanwise::test::ModelBuilder;

core::Model workloads(std::initializer_list<const char*> names) {
  ModelBuilder builder;
  for (const char* name : names) builder.workload({.name = name});
  return builder.build();
}

TEST(AlwaysEdge, KeepsOffTheWanWhatMayStay) {
  Bench bench("always-edge", demo_site());
  bench.run(5);
  EXPECT_EQ(bench.place("collision-avoidance"), "tx2");
  EXPECT_EQ(bench.place("crowd-density"), "tx2");
  EXPECT_EQ(bench.place("incident-archive"), "cloud");  // the node does not know its model
}

TEST(AlwaysCloud, KeepsOnTheSiteWhatMayNotLeave) {
  Bench bench("always-cloud", demo_site());
  bench.run(5);
  EXPECT_EQ(bench.place("collision-avoidance"), "cloud");
  EXPECT_EQ(bench.place("licence-plates"), "tx2");
}

TEST(AlwaysEdge, GivesTheNodesMemoryToTheMostImportant) {
  ModelBuilder builder;
  for (char name = 'a'; name < 'a' + 13; ++name) {
    builder.workload({.name = std::string(1, name),
                      .priority = name == 'm' ? core::Priority::critical : core::Priority::normal});
  }
  Bench bench("always-edge", builder.build());
  bench.run(2);
  EXPECT_EQ(bench.place("m"), "tx2");
  EXPECT_EQ(bench.place("l"), "cloud");
}

TEST(AlwaysEdge, StaysWhateverHappens) {
  Bench bench("always-edge", workloads({"a"}));
  bench.run(10);
  bench.reachable["tx2"] = false;
  bench.load["tx2"] = 100;
  bench.run(600);
  EXPECT_EQ(bench.moves("a").size(), 1U);
}

TEST(RoundRobin, DealsWorkloadsToTheTargetsInTurn) {
  Bench bench("round-robin", workloads({"a", "b", "c", "d"}));
  bench.run(600);
  EXPECT_EQ(bench.place("a"), "tx2");
  EXPECT_EQ(bench.place("b"), "cloud");
  EXPECT_EQ(bench.place("c"), "tx2");
  EXPECT_EQ(bench.place("d"), "cloud");
  EXPECT_EQ(bench.moves().size(), 4U);
}

TEST(RoundRobin, DealsAgainWhenAskedTo) {
  Bench bench("round-robin", workloads({"a", "b"}), {{"re-spread", "60s"}});
  bench.run(59);
  EXPECT_EQ(bench.place("a"), "tx2");
  bench.run(2);
  EXPECT_EQ(bench.place("a"), "cloud");
  EXPECT_EQ(bench.place("b"), "tx2");
}

TEST(LeastQueue, MovesOneWorkloadAPeriodToTheShorterQueue) {
  Bench bench("least-queue", workloads({"a", "b", "c"}));
  bench.begin_at("tx2");
  bench.load = {{"tx2", 90}, {"cloud", 5}};
  bench.run(14);
  EXPECT_TRUE(bench.moves().empty());
  bench.run(10);
  ASSERT_EQ(bench.moves().size(), 1U);
  EXPECT_EQ(bench.moves()[0].at_s, 15);
  EXPECT_EQ(bench.moves()[0].to, "cloud");
  bench.run(7);
  EXPECT_EQ(bench.moves().size(), 2U);
}

TEST(LeastQueue, ChoosesTheMoveThatEvensOutBest) {
  ModelBuilder builder;
  // On the node 5 %, 60 % and 20 % (50 ms a request); in the cloud a twentieth of it.
  builder.workload({.name = "big", .rate_per_s = 12});
  builder.workload({.name = "middle", .rate_per_s = 4});
  builder.workload({.name = "small", .rate_per_s = 1});
  Bench bench("least-queue", builder.build());
  bench.begin_at("tx2");
  bench.load = {{"tx2", 85}, {"cloud", 20}};
  bench.run(16);
  ASSERT_EQ(bench.moves().size(), 1U);
  EXPECT_EQ(bench.moves()[0].workload, "big");  // 25 against 23; 65 against 21; 80 against 20
}

TEST(LeastQueue, LeavesSmallDifferencesAlone) {
  Bench bench("least-queue", workloads({"a", "b"}));
  bench.begin_at("tx2");
  bench.load = {{"tx2", 39}, {"cloud", 20}};
  bench.run(300);
  EXPECT_TRUE(bench.moves().empty());
}

TEST(LeastQueue, LeavesASilentTargetAtTheNextPeriod) {
  Bench bench("least-queue", workloads({"a", "b"}));
  bench.begin_at("tx2");
  bench.run(20);
  bench.reachable["tx2"] = false;
  bench.run(12);
  EXPECT_EQ(bench.place("a"), "cloud");
  EXPECT_EQ(bench.place("b"), "cloud");
}

TEST(LeastQueue, DoesNotSeeTheLink) {
  Bench bench("least-queue", workloads({"a", "b", "c"}));
  bench.begin_at("tx2");
  bench.load = {{"tx2", 90}, {"cloud", 5}};
  bench.link_up = false;
  bench.rtt_ms.reset();
  bench.run(16);
  EXPECT_EQ(bench.moves().size(), 1U);
}

TEST(LowestRtt, StaysOnTheSiteHoweverBusyItIs) {
  Bench bench("lowest-rtt", workloads({"a"}));
  bench.begin_at("tx2");
  bench.rtt_ms = 2;
  bench.load["tx2"] = 100;
  bench.run(300);
  EXPECT_TRUE(bench.moves().empty());
}

TEST(LowestRtt, UsesACloudThatIsNearEnough) {
  Bench bench("lowest-rtt", workloads({"a"}), {{"offload-below", "60ms"}});
  bench.begin_at("tx2");
  bench.rtt_ms = 45;  // and 8 ms beyond the probe
  bench.run(12);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.rtt_ms = 120;
  bench.run(25);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(LowestRtt, ComesHomeWhenProbesAreLost) {
  Bench bench("lowest-rtt", workloads({"a"}), {{"offload-below", "60ms"}});
  bench.begin_at("cloud");
  bench.run(15);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.rtt_ms.reset();
  bench.run(10);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(Hybrid, SendsTheLeastImportantAwayFromABusyNode) {
  ModelBuilder builder;
  builder.workload({.name = "a", .priority = core::Priority::critical});
  builder.workload({.name = "b", .priority = core::Priority::low});
  Bench bench("hybrid", builder.build());
  bench.begin_at("tx2");
  bench.run(10);
  bench.load["tx2"] = 95;
  bench.run(7);
  ASSERT_EQ(bench.moves().size(), 1U);
  EXPECT_EQ(bench.moves()[0].workload, "b");
  EXPECT_EQ(bench.moves()[0].at_s, 10 + 5);
}

TEST(Hybrid, KeepsABusyNodeBusyWhileTheCloudIsFar) {
  Bench bench("hybrid", workloads({"a", "b"}));
  bench.begin_at("tx2");
  bench.rtt_ms = 400;
  bench.run(30);
  bench.load["tx2"] = 95;
  bench.run(120);
  EXPECT_TRUE(bench.moves().empty());
}

TEST(Hybrid, ComesHomeWhenTheNodeHasRoom) {
  Bench bench("hybrid", workloads({"a"}));
  bench.begin_at("tx2");
  bench.load["tx2"] = 95;
  bench.run(10);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.load["tx2"] = 70;  // calmer, but not calm
  bench.run(60);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.load["tx2"] = 20;
  bench.run(28);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.run(5);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(Hybrid, ComesHomeWhenThePathGetsLong) {
  Bench bench("hybrid", workloads({"a"}));
  bench.begin_at("tx2");
  bench.load["tx2"] = 95;
  bench.run(10);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.rtt_ms = 400;
  bench.run(7);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(Hybrid, LeavesASilentNodeWithEverything) {
  Bench bench("hybrid", workloads({"a", "b", "c"}));
  bench.begin_at("tx2");
  bench.run(20);
  bench.reachable["tx2"] = false;
  bench.run(7);
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(bench.place(name), "cloud");
}

TEST(Baseline, RetriesWithABackoffAndNeverTwiceAtOnce) {
  Bench bench("always-edge", workloads({"a"}));
  bench.outcome = core::Outcome::refused;
  bench.run(60);
  std::vector<std::int64_t> at;
  for (const Move& move : bench.moves("a")) at.push_back(move.at_s);
  // After 1, 2, 4, 8 and then every 10 seconds.
  EXPECT_EQ(at, (std::vector<std::int64_t>{0, 1, 3, 7, 15, 25, 35, 45, 55}));
}

TEST(Baseline, WaitsForTheAnswer) {
  Bench bench("always-edge", workloads({"a"}));
  bench.answer_after_s = 20;
  bench.run(60);
  EXPECT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(Baseline, PutsAWorkloadBackThatSomebodyElseMoved) {
  Bench bench("always-edge", workloads({"a"}));
  bench.run(10);
  bench.apply(core::PlacementObserved{core::WorkloadName{"a"}, bench.now(),
                                      core::TargetName{"cloud"}, 0, true});
  EXPECT_EQ(bench.moves("a").size(), 2U);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(Baseline, UsesActionIdsOnce) {
  Bench bench("round-robin", demo_site(), {{"re-spread", "10s"}});
  bench.run(120);
  std::set<core::ActionId> ids;
  for (const core::Action& action : bench.actions()) EXPECT_TRUE(ids.insert(action.id).second);
  EXPECT_GT(ids.size(), 10U);
}

}  // namespace
}  // namespace wanwise::sim::test
