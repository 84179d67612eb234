// Weighted random early detection against its own curve: by itself with a held queue, and in a
// closed loop where the drop rate that balances the load says where the average must stand.
#include "sim/world/network/early_drop.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>

#include "sim/world/network/line.hpp"
#include "sim/world/network/output_port.hpp"
#include "tests/unit/world/traffic.hpp"

namespace wanwise::sim::testing {
namespace {

constexpr Nanos kSlot = 1'000'000;

TEST(EarlyDrop, FollowsTheCurveOfItsThresholds) {
  const EarlyDrop red({20, 40, 10, 9}, kSlot);
  EXPECT_EQ(red.chance_at(0), 0);
  EXPECT_EQ(red.chance_at(19.99), 0);
  EXPECT_DOUBLE_EQ(red.chance_at(25), 0.025);
  EXPECT_DOUBLE_EQ(red.chance_at(30), 0.05);
  EXPECT_NEAR(red.chance_at(39.999), 0.1, 1e-4);
  EXPECT_EQ(red.chance_at(40), 1);
}

TEST(EarlyDrop, DrawsMeetTheChanceAtAHeldAverage) {
  const PacketDraw draw(7, "wred/test");
  for (const std::size_t length : {22u, 30u, 38u}) {
    EarlyDrop red({20, 40, 10, 4}, kSlot);
    for (int i = 0; i < 1000; ++i) red.meet(i, length);
    constexpr int kPackets = 200'000;
    int dropped = 0;
    for (std::uint64_t key = 0; key < kPackets; ++key)
      dropped += draw.at(mixed(key), 0) < red.meet(1000, length) ? 1 : 0;
    const double chance = (static_cast<double>(length) - 20) / 20 / 10;
    // Four standard deviations of the binomial distribution.
    EXPECT_NEAR(dropped, chance * kPackets, 4 * std::sqrt(kPackets * chance)) << length;
  }
}

TEST(EarlyDrop, AverageMovesByItsWeightAndDecaysWhileTheQueueIsEmpty) {
  EarlyDrop red({20, 40, 10, 9}, kSlot);
  red.meet(0, 512);
  EXPECT_DOUBLE_EQ(red.average(), 1);
  for (int i = 0; i < 20'000; ++i) red.meet(0, 100);
  EXPECT_NEAR(red.average(), 100, 1e-6);
  red.emptied(5 * kSlot);
  red.meet(5 * kSlot + 512 * kSlot, 0);
  EXPECT_NEAR(red.average(), 100 * std::pow(1 - 1.0 / 512, 512), 1e-6);
  // Asked often within one slot it decays no less.
  EarlyDrop often({20, 40, 10, 9}, kSlot);
  for (int i = 0; i < 20'000; ++i) often.meet(0, 100);
  often.emptied(0);
  for (int i = 1; i <= 1024; ++i) often.meet(i * kSlot / 2, 0);
  EXPECT_NEAR(often.average(), red.average(), 1e-6);
}

// A load of 1.05 needs 1 - 1/1.05 = 4.76 % of drops, so the average settles at 20 + 20 * 0.476.
TEST(EarlyDrop, ClassesSettleWhereTheCurveBalancesTheLoadAndThePriorityIsSpared) {
  EventQueue events;
  Observer seen, dropped;
  const core::Bps rate{10'000'000};
  OutputPort port(events, {rate, 0, 1'000'000, Wred{}}, dropped, PacketDraw(3, "wred/test"));
  SerialLine line(events, rate, port, seen);
  port.attach(line);
  OutputPolicy policy;
  policy.queues = {{"EF", {core::Dscp{46}}, core::QueueKind::priority, 100}};
  policy.default_percent = 90;
  port.configure(0, policy);
  std::uint64_t key = 0;
  const std::function<void(Nanos, const Packet&)> enqueue = [&](Nanos now, Packet p) {
    p.key = mixed(key++);
    port.enqueue(now, p);
  };
  Traffic ef(events, enqueue, packet(0, 1250, 46), 1e6 / .1, false);
  Traffic be(events, enqueue, packet(1, 1250, 0), 1e6 / .95, false);
  double waiting = 0;
  constexpr int kSamples = 400'000;
  for (int i = 0; i < kSamples; ++i) {
    events.run_until((i + 1) * kSlot / 2);
    waiting += static_cast<double>(port.readings()[1].queue_packets) / kSamples;
  }
  const auto readings = port.readings();
  EXPECT_EQ(readings[0].drop_packets, 0u);
  const double offered = static_cast<double>(be.sent());
  EXPECT_NEAR(static_cast<double>(readings[1].drop_packets) / offered, 1 - .9 / .95, .004);
  EXPECT_NEAR(waiting, 20 + 200 * (1 - .9 / .95), 1.5);
}

}  // namespace
}  // namespace wanwise::sim::testing
