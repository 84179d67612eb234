// Requests of a split workload in the simulated world.
#include "sim/world/world.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/world/site.hpp"

namespace wanwise::sim {
namespace {

using testing::at_ms;
using testing::config;
using testing::kA;
using testing::kCloud;
using testing::kTx2;

core::Split to_cloud(std::int64_t ppm) {
  return {kCloud, core::Ppm{ppm}};
}

/// Where the requests of workload a ended, and how.
class Ends final : public RequestObserver {
 public:
  void on_end(const RequestEnd& request) override {
    if (request.workload != 0) return;
    if (request.fate == RequestFate::lost) ++lost;
    if (request.target) ++by_target[*request.target];
  }
  [[nodiscard]] std::int64_t on(std::uint32_t target) const {
    const auto found = by_target.find(target);
    return found == by_target.end() ? 0 : found->second;
  }
  std::map<std::uint32_t, std::int64_t> by_target;
  std::int64_t lost = 0;
};

TEST(SplitWorld, EachTargetHasItsShareOfAnyRunOfRequests) {
  for (const std::int64_t ppm : {250'000, 333'333, 500'000, 750'000}) {
    World world(config());
    world.place(kA, kTx2, 0, to_cloud(ppm));
    world.advance_to(at_ms(5'000));
    Ends ends;
    world.observe(&ends);
    for (int ms = 6'000; ms <= 60'000; ms += 1'000) {
      world.advance_to(at_ms(ms));
      const auto all = static_cast<double>(ends.on(0) + ends.on(1));
      const double wanted = all * static_cast<double>(ppm) / 1e6;
      // One for the turn, one for the request that is still on its longer way.
      EXPECT_NEAR(static_cast<double>(ends.on(1)), wanted, 2.5) << ppm << " at " << ms;
    }
    EXPECT_EQ(ends.lost, 0);
    world.observe(nullptr);
  }
}

TEST(SplitWorld, TheOldPlaceServesAllUntilTheSecondIsReady) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(5'000));
  Ends ends;
  world.observe(&ends);
  world.place(kA, kTx2, 0, to_cloud(500'000));
  EXPECT_FALSE(world.placement(kA).split);
  EXPECT_TRUE(world.placement(kA).ready);
  world.advance_to(at_ms(5'290));
  EXPECT_EQ(ends.on(1), 0);
  EXPECT_FALSE(world.placement(kA).split);
  world.advance_to(at_ms(5'310));  // cloud_start is 300 ms
  EXPECT_EQ(world.placement(kA).split, to_cloud(500'000));
  EXPECT_TRUE(world.placement(kA).ready);
  world.advance_to(at_ms(10'000));
  EXPECT_GT(ends.on(1), 15);
  EXPECT_EQ(ends.lost, 0);
}

TEST(SplitWorld, AnotherShareHoldsAtOnceAndTheWayHomeTakesNoStart) {
  World world(config());
  world.place(kA, kTx2, 0, to_cloud(500'000));
  world.advance_to(at_ms(5'000));
  world.place(kA, kTx2, 0, to_cloud(750'000));
  EXPECT_EQ(world.placement(kA).split, to_cloud(750'000));
  EXPECT_TRUE(world.placement(kA).ready);
  world.place(kA, kTx2, 0);
  EXPECT_FALSE(world.placement(kA).split);
  EXPECT_TRUE(world.placement(kA).ready);
}

TEST(SplitWorld, OnlyTheNewPartIsCold) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(10'000));
  (void)world.take_samples(kA);
  world.place(kA, kTx2, 0, to_cloud(500'000));
  world.advance_to(at_ms(12'000));
  const auto samples = world.take_samples(kA);
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].target, kTx2);
  EXPECT_LT(*samples[0].latency, core::milliseconds(30)) << "a cold one takes 45 ms";
}

TEST(SplitWorld, ItIsToldByTwoSamplesThatAddUpToAllRequests) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(3'000));
  ASSERT_EQ(world.take_samples(kA).size(), 1U);
  world.place(kA, kTx2, 0, to_cloud(250'000));
  world.advance_to(at_ms(5'000));
  std::map<std::string, std::int64_t> arrived;
  std::int64_t completed = 0;
  for (const auto& sample : world.take_samples(kA)) completed += sample.completed;
  const WorkloadTotals before = world.totals(kA);
  for (int second = 6; second <= 45; ++second) {
    world.advance_to(at_ms(second * 1'000));
    const auto samples = world.take_samples(kA);
    ASSERT_EQ(samples.size(), 2U);
    for (const auto& sample : samples) {
      arrived[sample.target.text] += sample.arrived;
      EXPECT_EQ(sample.window, core::seconds(1));
    }
  }
  const WorkloadTotals after = world.totals(kA);
  EXPECT_EQ(arrived["tx2"] + arrived["cloud"], after.generated - before.generated);
  EXPECT_NEAR(static_cast<double>(arrived["cloud"]), 100, 2);
  EXPECT_EQ(after.generated, after.skipped + after.completed + after.lost + after.in_flight);
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(46'000));
  const auto whole = world.take_samples(kA);
  ASSERT_EQ(whole.size(), 1U) << "what was still under way in the cloud is in it";
  EXPECT_EQ(whole[0].target, kTx2);
}

TEST(SplitWorld, TheArrivalsAreThoseOfAnyOtherPlacement) {
  World split(config());
  World whole(config());
  split.place(kA, kTx2, 0, to_cloud(250'000));
  whole.place(kA, kTx2, 0);
  for (World* world : {&split, &whole}) world->advance_to(at_ms(30'000));
  EXPECT_EQ(split.arrival_hash(), whole.arrival_hash());
  World again(config());
  again.place(kA, kTx2, 0, to_cloud(250'000));
  again.advance_to(at_ms(30'000));
  EXPECT_EQ(again.checksum(), split.checksum());
}

TEST(SplitWorld, ADeadPartLosesItsRequestsAndReturnsWhileTheOtherServesAll) {
  World world(config());
  world.place(kA, kTx2, 0, to_cloud(500'000));
  world.advance_to(at_ms(5'000));
  Ends ends;
  world.observe(&ends);
  world.set_alive(kTx2, false);
  EXPECT_FALSE(world.placement(kA).ready);
  world.advance_to(at_ms(9'000));
  EXPECT_NEAR(static_cast<double>(ends.on(1)), 20, 3) << "its half is served as before";
  EXPECT_NEAR(static_cast<double>(ends.lost), 20, 3);
  world.set_alive(kTx2, true);
  const std::int64_t cloud = ends.on(1);
  world.advance_to(at_ms(9'790));  // node_start is 800 ms
  EXPECT_FALSE(world.placement(kA).ready);
  EXPECT_NEAR(static_cast<double>(ends.on(1) - cloud), 8, 2) << "all of them meanwhile";
  world.advance_to(at_ms(9'810));
  EXPECT_TRUE(world.placement(kA).ready);
  EXPECT_EQ(world.placement(kA).split, to_cloud(500'000));
  const std::int64_t node = ends.on(0);
  world.advance_to(at_ms(19'810));
  EXPECT_NEAR(static_cast<double>(ends.on(0) - node), 50, 3);
}

TEST(SplitWorld, WithBothPartsDeadItStartsWhenBothAreBack) {
  World world(config());
  world.place(kA, kTx2, 0, to_cloud(500'000));
  world.advance_to(at_ms(5'000));
  world.set_alive(kTx2, false);
  world.set_alive(kCloud, false);
  world.advance_to(at_ms(6'000));
  world.set_alive(kTx2, true);
  world.advance_to(at_ms(8'000));
  EXPECT_FALSE(world.placement(kA).ready);
  world.set_alive(kCloud, true);
  world.advance_to(at_ms(10'000));
  EXPECT_TRUE(world.placement(kA).ready);
  EXPECT_EQ(world.placement(kA).split, to_cloud(500'000));
}

TEST(SplitWorld, MemoryIsTakenOnEachOfItsTargetsOnce) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(2'000));
  const core::Bytes free = *world.target(kTx2).memory_free;
  world.place(kA, kTx2, 0, to_cloud(500'000));
  EXPECT_EQ(world.target(kTx2).memory_free, free) << "while the other part starts, too";
  world.advance_to(at_ms(3'000));
  EXPECT_EQ(world.target(kTx2).memory_free, free);
}

TEST(SplitWorld, ADegradedSplitSendsTheRungsRateOverBoth) {
  World world(config());
  world.place(kA, kTx2, 1, to_cloud(500'000));  // rung 1: half the rate
  world.advance_to(at_ms(5'000));
  (void)world.take_samples(kA);
  world.advance_to(at_ms(25'000));
  const auto samples = world.take_samples(kA);
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_NEAR(static_cast<double>(samples[0].arrived), 50, 2);
  EXPECT_NEAR(static_cast<double>(samples[1].arrived), 50, 2);
}

}  // namespace
}  // namespace wanwise::sim
