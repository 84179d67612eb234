#include "sim/world/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using core::milliseconds;
using core::seconds;

TEST(World, SendsNothingWhileNothingIsPlacedYetGeneratesRequests) {
  World world(config());
  world.advance_to(at_ms(5'000));
  const auto totals = world.totals(kA);
  EXPECT_EQ(totals.generated, 50);
  EXPECT_EQ(totals.skipped, 50);
  EXPECT_FALSE(world.placement(kA).target.has_value());
  EXPECT_EQ(world.take_sample(kA).arrived, 0);
}

TEST(World, BecomesReadyAtItsNewPlaceAfterTheStartUpTime) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(799));
  EXPECT_EQ(world.placement(kA).target, kTx2);
  EXPECT_FALSE(world.placement(kA).ready);
  world.advance_to(at_ms(800));
  EXPECT_TRUE(world.placement(kA).ready);
  world.advance_to(at_ms(10'000));
  const auto sample = world.take_sample(kA);
  EXPECT_EQ(sample.target, kTx2);
  EXPECT_EQ(sample.window, seconds(10));
  EXPECT_GT(sample.completed, 85);
  ASSERT_TRUE(sample.latency.has_value());
  EXPECT_GT(*sample.latency, milliseconds(15));
}

TEST(World, OldPlaceServesUntilTheNewOneIsReady) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(5'000));
  (void)world.take_sample(kA);
  world.place(kA, kCloud, 0);
  EXPECT_EQ(world.placement(kA).target, kTx2);
  EXPECT_TRUE(world.placement(kA).ready);
  world.advance_to(at_ms(5'300));
  EXPECT_EQ(world.placement(kA).target, kCloud);
  world.advance_to(at_ms(10'000));
  const auto sample = world.take_sample(kA);
  EXPECT_EQ(sample.target, kCloud);
  EXPECT_EQ(sample.missed, 0);
  EXPECT_GT(world.interface(kCellular).tx_bytes, 45'000u * 40);
  EXPECT_GT(world.interface("Vlan1").rx_bytes, 45'000u * 40);
}

TEST(World, ProbeMeasuresTheRoundTrip) {
  World world(config());
  world.advance_to(at_ms(5'000));
  const auto probe = world.probe(10);
  ASSERT_TRUE(probe.has_value());
  EXPECT_EQ(probe->successes, 5u);
  ASSERT_TRUE(probe->rtt.has_value());
  EXPECT_GE(*probe->rtt, milliseconds(40));
  EXPECT_LT(*probe->rtt, milliseconds(42));
  EXPECT_FALSE(world.probe(99).has_value());
}

TEST(World, ConfiguredClassesCountTheirTraffic) {
  World world(config());
  world.configure(qos(core::Bps{16'000'000}));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  world.advance_to(at_ms(10'000));
  const auto queues = world.queues(kCellular);
  ASSERT_EQ(queues.size(), 3u);
  EXPECT_EQ(queues[0].name, "WANWISE-REALTIME");
  EXPECT_GT(queues[0].tx_bytes, 45'000u * 90);
  EXPECT_GT(queues[1].tx_bytes, 45'000u * 90);
  EXPECT_EQ(queues[2].name, "class-default");
  EXPECT_GT(queues[2].tx_packets, 5u);  // probes
  EXPECT_TRUE(world.queues("GigabitEthernet0/0/0").empty());
}

}  // namespace
}  // namespace wanwise::sim::testing
