// A DiffServ bottleneck by itself: non-preemptive priorities against Cobham's closed form, with and
// without a transmit ring; deficit round robin; the LLQ's policer; the shaper.
#include "sim/world/output_port.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "sim/world/line.hpp"
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

OutputPolicy strict_priorities() {
  OutputPolicy policy;
  policy.queues = {queue("EF", kEf, core::QueueKind::priority, 100),
                   queue("AF41", kAf41, core::QueueKind::priority, 100)};
  return policy;
}

OutputPolicy shares(std::uint32_t ef, std::uint32_t af, std::uint32_t rest) {
  OutputPolicy policy;
  policy.queues = {queue("EF", kEf, core::QueueKind::remaining, ef),
                   queue("AF41", kAf41, core::QueueKind::remaining, af)};
  policy.default_percent = rest;
  return policy;
}

struct Bottleneck {
  explicit Bottleneck(std::uint32_t ring, std::optional<std::size_t> limit = 1'000'000,
                      core::Bps rate = kTenMbps, bool keep = false)
      : seen(keep), port(events, {rate, ring, limit}, dropped), line(events, rate, port, seen) {
    port.attach(line);
  }
  void add(std::uint16_t flow, std::uint32_t bytes, std::uint8_t dscp, double interval,
           bool poisson) {
    sources.push_back(std::make_unique<Source>(
        events, [this](Nanos now, const Packet& p) { port.enqueue(now, p); },
        packet(flow, bytes, dscp), interval, poisson));
  }
  /// 1250-byte packets at load 0.8 of 10 Mb/s, 20/30/50 % in EF, AF41, best effort.
  void add_reference_load() {
    add(0, 1250, kEf, 1e6 / (.8 * .2), true);
    add(1, 1250, kAf41, 1e6 / (.8 * .3), true);
    add(2, 1250, kBe, 1e6 / (.8 * .5), true);
  }
  [[nodiscard]] double weighted() const {
    return .2 * seen.sojourn_ms(0) + .3 * seen.sojourn_ms(1) + .5 * seen.sojourn_ms(2);
  }

  EventQueue events;
  Observer seen, dropped;
  OutputPort port;
  SerialLine line;
  std::vector<std::unique_ptr<Source>> sources;
};

constexpr Nanos kLong = 2500 * kNanosPerSecond;  // 2 million packets of the reference load

// Expected: Cobham (no ring) and the reference simulation that ns-3 confirmed (rings),
// milliseconds.
TEST(OutputPort, PrioritiesWithATransmitRingMeetTheReference) {
  struct Case {
    std::uint32_t ring;
    double ef, af, be;
  };
  for (const Case& c : {Case{0, 1.4762, 1.7937, 4.3333}, Case{1, 2.0047, 2.2129, 3.8751},
                        Case{2, 2.353, 2.488, 3.570}, Case{4, 2.727, 2.784, 3.243}}) {
    Bottleneck b(c.ring);
    b.port.configure(0, strict_priorities());
    b.add_reference_load();
    b.events.run_until(kLong);
    EXPECT_NEAR(b.seen.sojourn_ms(0) / c.ef, 1, 0.03) << "ring " << c.ring;
    EXPECT_NEAR(b.seen.sojourn_ms(1) / c.af, 1, 0.03) << "ring " << c.ring;
    EXPECT_NEAR(b.seen.sojourn_ms(2) / c.be, 1, 0.05) << "ring " << c.ring;
    EXPECT_EQ(b.port.counters().drops, 0u);
  }
}

TEST(OutputPort, PlainFifoIsMD1) {
  Bottleneck b(1);
  b.add_reference_load();
  b.events.run_until(kLong);
  for (const std::size_t flow : {0u, 1u, 2u}) EXPECT_NEAR(b.seen.sojourn_ms(flow) / 3, 1, 0.04);
  EXPECT_TRUE(b.port.readings().empty());
}

TEST(OutputPort, ConservationLawHoldsForEveryDisciplineOnTheSameArrivals) {
  const auto run = [](std::optional<OutputPolicy> policy) {
    Bottleneck b(0);
    b.port.configure(0, std::move(policy));
    b.add_reference_load();
    b.events.run_until(kLong / 10);
    return b.weighted();
  };
  const double fifo = run(std::nullopt);
  EXPECT_NEAR(run(strict_priorities()) / fifo, 1, 0.002);
  EXPECT_NEAR(run(shares(50, 30, 20)) / fifo, 1, 0.002);
}

TEST(OutputPort, BackloggedClassesShareExactlyByTheirPercentages) {
  for (const auto& sizes : {std::array{1250u, 1250u, 1250u}, std::array{200u, 800u, 1500u}}) {
    Bottleneck b(1, 64);
    b.port.configure(0, shares(50, 30, 20));
    const std::uint8_t dscps[] = {kEf, kAf41, kBe};
    for (std::uint16_t flow = 0; flow < 3; ++flow)
      b.add(flow, sizes[flow], dscps[flow], sizes[flow] * 8e3 / 7, false);  // 7 Mb/s each
    b.events.run_until(27 * kNanosPerSecond);
    const auto total = static_cast<double>(b.seen.bytes[0] + b.seen.bytes[1] + b.seen.bytes[2]);
    EXPECT_NEAR(total, 27 * 1.25e6, 3000);
    // DRR's bound per class: a quantum and a packet, here also what the start has cost.
    EXPECT_NEAR(static_cast<double>(b.seen.bytes[0]), .5 * total, 6000);
    EXPECT_NEAR(static_cast<double>(b.seen.bytes[1]), .3 * total, 6000);
    EXPECT_NEAR(static_cast<double>(b.seen.bytes[2]), .2 * total, 6000);
  }
}

TEST(OutputPort, AnIdleClassLeavesItsShareToTheOthersInProportion) {
  Bottleneck b(1, 64);
  b.port.configure(0, shares(50, 30, 20));
  b.add(0, 1250, kEf, 1250 * 8e3 / 7, false);
  b.add(1, 1250, kAf41, 1250 * 8e3 / 7, false);
  b.events.run_until(27 * kNanosPerSecond);
  const auto total = static_cast<double>(b.seen.bytes[0] + b.seen.bytes[1]);
  EXPECT_NEAR(static_cast<double>(b.seen.bytes[0]) / total, .625, 0.001);
}

TEST(OutputPort, PriorityNeverGetsMoreThanItsPoliceRateWhileOthersWait) {
  Bottleneck b(1, std::nullopt, core::Bps{100'000'000});
  OutputPolicy policy;
  policy.shaper = kTenMbps;
  policy.queues = {queue("EF", kEf, core::QueueKind::priority, 30)};
  b.port.configure(0, policy);
  b.add(0, 1250, kEf, 1250 * 8e3 / 8, false);  // 8 Mb/s
  b.add(1, 1250, kBe, 1250 * 8e3 / 8, false);  // 8 Mb/s
  b.events.run_until(20 * kNanosPerSecond);
  const double burst = 0.2 * 3e6 / 8;
  EXPECT_LE(static_cast<double>(b.seen.bytes[0]), 20 * 3e6 / 8 + burst + 1250);
  EXPECT_GE(static_cast<double>(b.seen.bytes[0]), 20 * 3e6 / 8 * 0.98);
  EXPECT_GT(b.port.readings()[0].drop_packets, 1000u);
}

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

TEST(OutputPort, ShaperNeverExceedsItsTokenBucketInAnyWindowAndReachesItsRate) {
  const core::Bps rate{3'210'000};
  Bottleneck b(1, 64, core::Bps{100'000'000}, true);
  OutputPolicy policy;
  policy.shaper = rate;
  b.port.configure(0, policy);
  b.add(0, 1500, kBe, 2e6, true);  // 6 Mb/s, in bursts
  b.add(1, 100, kBe, 1e6, true);
  b.events.run_until(60 * kNanosPerSecond);
  // max over i <= j of bytes(i..j) - r (t_j - t_i), by the running minimum. A departure is the end
  // of a transmission: its start is what the bucket let go.
  double sent = 0, lowest = 1e18, worst = 0;
  const double per_ns = 3'210'000 / 8e9;
  for (const auto& d : b.seen.deliveries) {
    const double start =
        static_cast<double>(d.at - transmission(d.packet.bytes, core::Bps{100'000'000}));
    lowest = std::min(lowest, sent - per_ns * start);
    sent += d.packet.bytes;
    worst = std::max(worst, sent - per_ns * start - lowest);
  }
  const double bucket = std::max(3000.0, 3'210'000 / 8 * 0.01);
  // The ring holds a packet that the bucket has let go already.
  EXPECT_LE(worst, bucket + 1500);
  EXPECT_NEAR(sent / 60 * 8 / 3'210'000, 1, 0.001);
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

}  // namespace
}  // namespace wanwise::sim::testing
