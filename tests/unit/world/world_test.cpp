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

TEST(World, DeadNodeLosesItsRequestsAndStartsThemAgainWhenItIsBack) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(5'000));
  (void)world.take_sample(kA);
  world.set_alive(kTx2, false);
  EXPECT_FALSE(world.placement(kA).ready);
  EXPECT_EQ(world.placement(kA).target, kTx2);
  EXPECT_FALSE(world.target(kTx2).reachable);
  world.advance_to(at_ms(7'000));
  const auto dead = world.take_sample(kA);
  EXPECT_EQ(dead.completed, 0);
  EXPECT_GE(dead.missed, 19);
  EXPECT_FALSE(dead.latency.has_value());
  world.set_alive(kTx2, true);
  EXPECT_FALSE(world.placement(kA).ready);
  world.advance_to(at_ms(7'900));
  EXPECT_TRUE(world.placement(kA).ready);
  (void)world.take_sample(kA);
  world.advance_to(at_ms(10'000));
  EXPECT_GE(world.take_sample(kA).completed, 19);
}

TEST(World, MovesAwayFromADeadNode) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(5'000));
  world.set_alive(kTx2, false);
  world.place(kA, kCloud, 0);
  EXPECT_EQ(world.placement(kA).target, kCloud);
  EXPECT_FALSE(world.placement(kA).ready);
  world.advance_to(at_ms(5'300));
  EXPECT_TRUE(world.placement(kA).ready);
  world.set_alive(kTx2, true);
  world.advance_to(at_ms(9'000));
  EXPECT_EQ(world.placement(kA).target, kCloud);
}

TEST(World, LowerRungSendsFewerRequestsAtOnceAndASmallerModelNeedsAStart) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(5'000));
  world.place(kA, kTx2, 1);
  EXPECT_EQ(world.placement(kA).rung, 1);
  (void)world.take_sample(kA);
  world.advance_to(at_ms(15'000));
  EXPECT_NEAR(static_cast<double>(world.take_sample(kA).arrived), 50, 1);
  world.place(kA, kTx2, 2);
  EXPECT_EQ(world.placement(kA).rung, 1);
  world.advance_to(at_ms(15'800));
  EXPECT_EQ(world.placement(kA).rung, 2);
  world.advance_to(at_ms(17'000));
  (void)world.take_sample(kA);
  world.advance_to(at_ms(30'000));
  EXPECT_LT(*world.take_sample(kA).latency, milliseconds(10));
}

TEST(World, SuspendedWorkloadSendsNothing) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(5'000));
  world.place(kA, std::nullopt, 0);
  world.advance_to(at_ms(5'200));
  (void)world.take_sample(kA);
  world.advance_to(at_ms(10'000));
  EXPECT_EQ(world.take_sample(kA).arrived, 0);
  EXPECT_FALSE(world.placement(kA).target.has_value());
}

TEST(World, GoingBackToWhereItServesCancelsTheMove) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(5'000));
  world.place(kA, kCloud, 0);
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(9'000));
  EXPECT_EQ(world.placement(kA).target, kTx2);
  EXPECT_TRUE(world.placement(kA).ready);
}

TEST(World, FirstInferenceAfterAStartIsCold) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(950));  // ready at 800 ms; at most two requests since
  const auto cold = world.take_sample(kA).latency;
  world.advance_to(at_ms(10'000));
  const auto warm = world.take_sample(kA).latency;
  ASSERT_TRUE(cold && warm);
  EXPECT_GT(*cold, milliseconds(35));
  EXPECT_LT(*warm, milliseconds(25));
}

TEST(World, PowerModeAndHeatSlowTheNode) {
  const auto latency = [](const std::string& mode, core::Ppm heat) {
    World world(config());
    world.place(kA, kTx2, 0);
    world.set_power_mode(kTx2, core::PowerModeName{mode});
    world.set_throttle(kTx2, heat);
    world.advance_to(at_ms(5'000));
    (void)world.take_sample(kA);
    world.advance_to(at_ms(20'000));
    return static_cast<double>(world.take_sample(kA).latency->count - 2'000);
  };
  const double usual = latency("MAX-N", core::kWhole);
  EXPECT_NEAR(latency("MAX-Q", core::kWhole) / usual, 1.5, 0.01);
  EXPECT_NEAR(latency("MAX-N", core::Ppm{1'400'000}) / usual, 1.4, 0.01);
}

TEST(World, SaturatedNodeMissesAndShowsItsLoad) {
  World world(config());
  world.place(kA, kTx2, 0);
  world.place(kB, kTx2, 0);
  world.advance_to(at_ms(10'000));
  EXPECT_NEAR(static_cast<double>(world.target(kTx2).load->count), 300'000, 40'000);
  EXPECT_EQ(world.target(kTx2).memory_free, core::Bytes{4'200'000'000});
  world.set_demand(kA, core::Ppm{8'000'000});
  (void)world.take_sample(kA);
  world.advance_to(at_ms(20'000));
  const auto sample = world.take_sample(kA);
  EXPECT_GT(sample.missed, sample.arrived / 2);
  EXPECT_GT(world.target(kTx2).load->count, 990'000);
  world.set_demand(kA, core::kWhole);
  world.advance_to(at_ms(23'000));  // clients that gave up leave nothing to work off
  (void)world.take_sample(kA);
  world.advance_to(at_ms(30'000));
  EXPECT_LT(*world.take_sample(kA).latency, milliseconds(60));
}

TEST(World, CloudHasManyServersAndNoMemoryReading) {
  World world(config());
  world.place(kA, kCloud, 0);
  world.advance_to(at_ms(10'000));
  const auto cloud = world.target(kCloud);
  EXPECT_TRUE(cloud.reachable);
  EXPECT_FALSE(cloud.memory_free.has_value());
  EXPECT_NEAR(static_cast<double>(cloud.load->count), 10 * 3e-3 / 4 * 1e6, 2'000);
}

TEST(World, TrafficTakesTheNextLinkWhileTheBestHasNoService) {
  WorldConfig c = config();
  RadioTrace radio;
  radio.period = seconds(10);
  radio.points = {{core::Micros{0}, {}}, {seconds(5), {}}};
  radio.points[0].reading.in_service = true;
  c.links[0].radio = radio;
  World world(std::move(c));
  world.place(kA, kCloud, 0);
  world.advance_to(at_ms(4'900));
  EXPECT_TRUE(world.interface(kCellular).up);
  EXPECT_LT(world.interface("GigabitEthernet0/0/0").tx_bytes, 10'000u);
  world.advance_to(at_ms(9'900));
  EXPECT_FALSE(world.interface(kCellular).up);
  EXPECT_GT(world.interface("GigabitEthernet0/0/0").tx_bytes, 45'000u * 40);
}

TEST(World, OutageLongerThanPatienceLosesRequestsAndTheProbeTimesOut) {
  World world(config());
  world.place(kA, kCloud, 0);
  world.advance_to(at_ms(5'000));
  (void)world.take_sample(kA);
  world.set_uplink_factor(kLte, core::Ppm{0});
  world.advance_to(at_ms(10'000));
  const auto sample = world.take_sample(kA);
  EXPECT_EQ(sample.completed, 0);
  EXPECT_GT(sample.missed, 35);
  const auto probe = world.probe(10);
  EXPECT_FALSE(probe->rtt.has_value());
  EXPECT_GE(probe->failures, 4u);
  world.set_uplink_factor(kLte, core::kWhole);
  world.advance_to(at_ms(15'000));
  EXPECT_TRUE(world.probe(10)->rtt.has_value());
  EXPECT_GT(world.take_sample(kA).completed, 40);
}

TEST(World, TcpSurvivesRandomLossUdpDoesNot) {
  const auto lost = [](core::Transport transport) {
    WorldConfig c = config();
    c.tuning.packet_loss = core::Ppm{10'000};
    c.model.policy.workloads[0].transport = transport;
    World world(std::move(c));
    world.place(kA, kCloud, 0);
    world.advance_to(at_ms(60'000));
    const auto t = world.totals(kA);
    return std::pair{t.lost, t.late};
  };
  const auto [tcp_lost, tcp_late] = lost(core::Transport::tcp);
  EXPECT_LT(tcp_lost, 10);  // before it was ready
  EXPECT_GT(tcp_late, 100);
  EXPECT_GT(lost(core::Transport::udp).first, 100);
}

TEST(World, TellsWhatCanBePlaced) {
  WorldConfig c = config();
  c.model.profiles[core::DeviceName{"cloud-t4"}].models.erase(core::ModelName{"small"});
  const World world(std::move(c));
  EXPECT_TRUE(world.can_place(kA, kTx2, 2));
  EXPECT_TRUE(world.can_place(kA, kCloud, 0));
  EXPECT_FALSE(world.can_place(kA, kCloud, 2));
  EXPECT_FALSE(world.can_place(kA, kTx2, 3));
  EXPECT_FALSE(world.can_place(kA, kTx2, -1));
  EXPECT_FALSE(world.can_place(core::WorkloadName{"z"}, kTx2, 0));
  EXPECT_FALSE(world.can_place(kA, core::TargetName{"z"}, 0));
}

TEST(World, UnknownInterfaceReadsAsDown) {
  World world(config());
  EXPECT_FALSE(world.interface("Serial0").up);
  EXPECT_TRUE(world.queues("Serial0").empty());
  EXPECT_TRUE(world.interface("Vlan1").up);
}

}  // namespace
}  // namespace wanwise::sim::testing
