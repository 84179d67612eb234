// A DiffServ port by itself: its conditional policer, reconfiguration, drops. Its delays and shares
// against closed forms: tests/acceptance.
#include "sim/world/network/output_port.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "sim/world/network/line.hpp"
#include "tests/unit/world/traffic.hpp"

namespace wanwise::sim::testing {
namespace {

using Enqueue = std::function<void(Nanos, const Packet&)>;
using Source = Traffic<Enqueue>;

constexpr core::Bps kTenMbps{10'000'000};
constexpr std::uint8_t kEf = 46;
constexpr std::uint8_t kAf41 = 34;
constexpr std::uint8_t kBe = 0;

QueueConfig queue(const std::string& name, std::uint8_t dscp, core::QueueKind kind,
                  std::uint32_t percent) {
  return {name, {core::Dscp{dscp}}, kind, percent};
}

OutputPolicy shares(std::uint32_t ef, std::uint32_t af, std::uint32_t rest) {
  OutputPolicy policy;
  policy.queues = {queue("EF", kEf, core::QueueKind::remaining, ef),
                   queue("AF41", kAf41, core::QueueKind::remaining, af)};
  policy.default_percent = rest;
  return policy;
}

struct Bottleneck {
  Bottleneck(std::uint32_t ring, std::optional<std::size_t> limit, core::Bps rate = kTenMbps)
      : port(events, {rate, ring, limit}, dropped), line(events, rate, port, seen) {
    port.attach(line);
  }
  void add(std::uint16_t flow, std::uint32_t bytes, std::uint8_t dscp, double interval,
           bool poisson) {
    sources.push_back(std::make_unique<Source>(
        events, [this](Nanos now, const Packet& p) { port.enqueue(now, p); },
        packet(flow, bytes, dscp), interval, poisson));
  }

  EventQueue events;
  Observer seen, dropped;
  OutputPort port;
  SerialLine line;
  std::vector<std::unique_ptr<Source>> sources;
};

TEST(OutputPort, PriorityIsNotPolicedWithoutCongestion) {
  Bottleneck b(1, std::nullopt, core::Bps{100'000'000});
  OutputPolicy policy;
  policy.shaper = kTenMbps;
  policy.queues = {queue("EF", kEf, core::QueueKind::priority, 30)};
  b.port.configure(0, policy);
  b.add(0, 1250, kEf, 1250 * 8e3 / 8, false);
  b.events.run_until(20 * kNanosPerSecond);
  EXPECT_EQ(b.port.readings()[0].drop_packets, 0u);
  EXPECT_NEAR(static_cast<double>(b.seen.bytes[0]), 20 * 8e6 / 8, 5000);
}

TEST(OutputPort, ReconfiguringKeepsPacketsAndCountersOfAClass) {
  Bottleneck b(1, std::nullopt);
  auto policy = shares(50, 30, 20);
  policy.shaper = core::Bps{100'000};
  b.port.configure(0, policy);
  for (int i = 0; i < 10; ++i) b.port.enqueue(0, packet(1, 1000, kAf41));
  const auto before = b.port.readings()[1];
  EXPECT_GT(before.queue_packets, 5u);
  policy.shaper = core::Bps{200'000};
  b.port.configure(0, policy);
  const auto after = b.port.readings()[1];
  EXPECT_EQ(after.queue_packets, before.queue_packets);
  EXPECT_EQ(after.queue_bytes, before.queue_bytes);
  EXPECT_EQ(after.tx_packets, before.tx_packets);
  b.events.run_until(kNanosPerSecond);
  b.port.configure(b.events.now(), std::nullopt);
  EXPECT_TRUE(b.port.readings().empty());
  EXPECT_EQ(b.seen.packets[1], 10);
}

TEST(OutputPort, DropsAtTheTailOfAFullClassOnly) {
  Bottleneck b(1, 64);
  auto policy = shares(50, 30, 20);
  policy.shaper = core::Bps{8'000};
  b.port.configure(0, policy);
  for (int i = 0; i < 100; ++i) b.port.enqueue(0, packet(0, 1500, kEf));
  b.port.enqueue(0, packet(1, 1500, kAf41));
  const auto readings = b.port.readings();
  EXPECT_GE(readings[0].drop_packets, 30u);
  EXPECT_EQ(readings[0].drop_bytes, readings[0].drop_packets * 1500);
  EXPECT_EQ(readings[1].drop_packets, 0u);
  EXPECT_EQ(b.dropped.packets[0], static_cast<std::int64_t>(readings[0].drop_packets));
}

TEST(OutputPort, AConfiguredLimitIsTheQueuesWhateverTheDefault) {
  Bottleneck b(1, std::nullopt);
  auto policy = shares(50, 30, 20);
  policy.shaper = core::Bps{8'000};
  policy.queues[0].queue_limit = 200;
  policy.queues[1].queue_limit = 10;
  b.port.configure(0, policy);
  for (int i = 0; i < 150; ++i) b.port.enqueue(0, packet(0, 1500, kEf));
  for (int i = 0; i < 12; ++i) b.port.enqueue(0, packet(1, 1500, kAf41));
  EXPECT_EQ(b.port.readings()[0].drop_packets, 0u);
  EXPECT_EQ(b.port.readings()[1].drop_packets, 2u);
}

// A picture of 60 KB on a shaper of 1 Mb/s with a cap of 30 %: 200 ms of the cap are 7.5 KB.
TEST(OutputPort, AConfiguredBurstLetsAPicturePassThePolicerAndKeepsTheCap) {
  for (const std::int64_t burst : {std::int64_t{0}, std::int64_t{75'000}}) {
    Bottleneck b(1, std::nullopt);
    OutputPolicy policy;
    policy.shaper = core::Bps{1'000'000};
    policy.queues = {queue("EF", kEf, core::QueueKind::priority, 30)};
    policy.queues[0].burst = burst;
    b.port.configure(0, policy);
    b.port.configure(0, policy);                 // rewritten: the bucket keeps its depth
    b.add(1, 1250, kBe, 1250 * 8e3 / 8, false);  // something else waits
    for (int i = 0; i < 40; ++i) b.port.enqueue(0, packet(0, 1500, kEf));
    EXPECT_EQ(b.port.readings()[0].drop_packets == 0, burst > 0);
    for (int picture = 1; picture < 40; ++picture) {  // 20 s at 0.96 Mb/s
      b.events.run_until(picture * kNanosPerSecond / 2);
      for (int i = 0; i < 40; ++i) b.port.enqueue(b.events.now(), packet(0, 1500, kEf));
    }
    b.events.run_until(20 * kNanosPerSecond);
    EXPECT_LE(static_cast<double>(b.seen.bytes[0]),
              20 * 0.3e6 / 8 + static_cast<double>(burst) + 15'000);
  }
}

}  // namespace
}  // namespace wanwise::sim::testing
