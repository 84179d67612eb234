// The parts of request mode by themselves: fluid classes, fluid lines, and the clocks that tell
// departures without stepping, against the lines that do step.
#include <gtest/gtest.h>

#include <functional>

#include "sim/world/network/fluid_line.hpp"
#include "sim/world/network/fluid_port.hpp"
#include "tests/unit/world/traffic.hpp"

namespace wanwise::sim::testing {
namespace {

constexpr core::Bps kTenMbps{10'000'000};
constexpr core::Bps kBus{480'000'000};

class Trains final : public TrainSink {
 public:
  void accept(Nanos first, Nanos last, const Packet& train) override {
    EXPECT_LE(first, last);
    if (train.flow >= bytes.size()) bytes.resize(train.flow + 1u);
    bytes[train.flow] += train.bytes;
    arrivals.emplace_back(last, train);
  }
  std::vector<std::int64_t> bytes;
  std::vector<std::pair<Nanos, Packet>> arrivals;
};

Packet train(std::uint16_t flow, std::uint32_t packets, std::uint8_t dscp) {
  Packet p = packet(flow, packets * kMtu, dscp);
  p.train = packets;
  p.key = mixed(flow);
  return p;
}

QueueConfig queue(const std::string& name, std::uint8_t dscp, core::QueueKind kind,
                  std::uint32_t percent) {
  return {name, {core::Dscp{dscp}}, kind, percent};
}

struct Port {
  explicit Port(std::optional<RateTrace> line = std::nullopt, std::optional<Wred> wred = {})
      : port(events, {kTenMbps, kBus, std::move(line), wred}, seen, dropped,
             PacketDraw(1, "wred/test")) {}
  EventQueue events;
  Trains seen;
  Observer dropped;
  FluidPort port;
};

OutputPolicy shares(std::optional<core::Bps> shaper) {
  OutputPolicy policy;
  policy.shaper = shaper;
  policy.queues = {queue("A", 10, core::QueueKind::remaining, 50),
                   queue("B", 20, core::QueueKind::remaining, 30)};
  policy.default_percent = 20;
  return policy;
}

/// Keeps every class of `p` busy until `end` with trains of these packets.
void keep_busy(Port& p, std::vector<std::pair<std::uint32_t, std::uint8_t>> flows, Nanos end) {
  for (Nanos now = 0; now <= end; now += 1'000'000) {
    p.events.run_until(now);
    const auto waiting = p.port.readings(now);
    for (std::size_t i = 0; i < flows.size(); ++i) {
      const auto [packets, dscp] = flows[i];
      if (waiting[i].queue_packets + packets <= 40)
        p.port.enqueue(now, train(static_cast<std::uint16_t>(i), packets, dscp));
    }
  }
}

TEST(FluidPort, BackloggedClassesShareExactlyByTheirPercentages) {
  for (const bool by_line : {false, true}) {
    Port p(by_line ? std::optional(constant_rate(kTenMbps)) : std::nullopt);
    p.port.configure(0, shares(by_line ? std::nullopt : std::optional(kTenMbps)));
    EXPECT_EQ(p.port.by_line(), by_line);
    const Nanos end = 20 * kNanosPerSecond;
    keep_busy(p, {{3, 10}, {16, 20}, {1, 0}}, end);
    const auto readings = p.port.readings(end);
    const auto total = static_cast<double>(p.port.counters(end).tx_bytes);
    EXPECT_NEAR(total, 20 * 1.25e6 + (by_line ? 0 : 12'500), 3 * kMtu);
    // To the byte: half a millisecond of the start, while the classes came one by one.
    EXPECT_NEAR(static_cast<double>(readings[0].tx_bytes), .5 * total, 15'000);
    EXPECT_NEAR(static_cast<double>(readings[1].tx_bytes), .3 * total, 15'000);
    EXPECT_NEAR(static_cast<double>(readings[2].tx_bytes), .2 * total, 15'000);
  }
}

TEST(FluidPort, SharesBetweenTwoMomentsOfBacklogAreExactToTheByte) {
  Port p;
  p.port.configure(0, shares(kTenMbps));
  for (std::uint16_t i = 0; i < 3; ++i)
    p.port.enqueue(0, train(i, 40, std::array<std::uint8_t, 3>{10, 20, 0}[i]));
  p.events.run_until(20'000'000);
  const auto before = p.port.readings(p.events.now());
  p.events.run_until(60'000'000);
  const auto after = p.port.readings(p.events.now());
  for (std::size_t i = 0; i < 3; ++i) {
    const double share = std::array{.5, .3, .2}[i];
    EXPECT_NEAR(static_cast<double>(after[i].tx_bytes - before[i].tx_bytes), share * 50'000, 1);
  }
}

TEST(FluidPort, AnIdleClassLeavesItsShareToTheOthersInProportion) {
  Port p;
  p.port.configure(0, shares(kTenMbps));
  p.port.enqueue(0, train(0, 40, 10));
  p.port.enqueue(0, train(1, 40, 20));
  p.events.run_until(50'000'000);
  const auto readings = p.port.readings(p.events.now());
  EXPECT_NEAR(static_cast<double>(readings[0].tx_bytes) / 75'000, .625, 1e-4);
  EXPECT_NEAR(static_cast<double>(readings[1].tx_bytes) / 75'000, .375, 1e-4);
}

TEST(FluidPort, PriorityIsServedFirstAndNeverAboveItsCapWhileOthersWait) {
  Port p;
  OutputPolicy policy;
  policy.shaper = kTenMbps;
  policy.queues = {queue("EF", 46, core::QueueKind::priority, 30)};
  p.port.configure(0, policy);
  std::uint64_t key = 0;
  for (Nanos now = 0; now < 20 * kNanosPerSecond; now += 6'000'000) {  // 8 Mb/s each
    p.events.run_until(now);
    for (const std::uint8_t dscp : {std::uint8_t{0}, std::uint8_t{46}}) {
      Packet t = train(dscp == 0 ? 1 : 0, 4, dscp);
      t.key = mixed(++key);
      p.port.enqueue(now, t);
    }
  }
  p.events.run_until(20 * kNanosPerSecond);
  const double burst = 0.2 * 3e6 / 8;
  EXPECT_LE(static_cast<double>(p.seen.bytes[0]), 20 * 3e6 / 8 + burst + 4 * kMtu);
  EXPECT_GE(static_cast<double>(p.seen.bytes[0]), 20 * 3e6 / 8 * 0.98);
  EXPECT_GT(p.port.readings(p.events.now())[0].drop_packets, 1000u);
}

TEST(FluidPort, PriorityIsNotPolicedWithoutCongestion) {
  Port p;
  OutputPolicy policy;
  policy.shaper = kTenMbps;
  policy.queues = {queue("EF", 46, core::QueueKind::priority, 30)};
  p.port.configure(0, policy);
  for (Nanos now = 0; now < 20 * kNanosPerSecond; now += 6'000'000) {
    p.events.run_until(now);
    p.port.enqueue(now, train(0, 4, 46));
  }
  p.events.run_until(20 * kNanosPerSecond);
  EXPECT_EQ(p.port.readings(p.events.now())[0].drop_packets, 0u);
}

TEST(FluidPort, AConfiguredLimitAndBurstTakeWholeTrains) {
  Port p;
  OutputPolicy policy = shares(core::Bps{8'000});
  policy.queues[0].queue_limit = 120;
  p.port.configure(0, policy);
  p.port.enqueue(0, train(0, 100, 10));
  EXPECT_EQ(p.port.readings(0)[0].drop_packets, 0u);
  Port q;
  policy.shaper = core::Bps{1'000'000};
  policy.queues = {queue("EF", 46, core::QueueKind::priority, 30)};
  policy.queues[0].burst = 75'000;
  q.port.configure(0, policy);
  q.port.enqueue(0, train(1, 10, 0));  // something else waits
  q.port.enqueue(0, train(0, 40, 46));
  EXPECT_EQ(q.port.readings(0)[0].drop_packets, 0u);
}

TEST(FluidPort, AFullClassLosesTheLastPacketsOfATrain) {
  Port p;
  p.port.configure(0, shares(core::Bps{8'000}));
  p.port.enqueue(0, train(0, 100, 10));  // limit 64; two packets of burst pass
  p.port.enqueue(0, train(1, 10, 20));
  const auto readings = p.port.readings(0);
  EXPECT_EQ(readings[0].queue_packets, 66u);
  EXPECT_EQ(readings[0].drop_packets, 34u);
  EXPECT_EQ(readings[0].drop_bytes, 34u * kMtu);
  EXPECT_EQ(readings[1].drop_packets, 0u);
  EXPECT_EQ(p.dropped.packets.size(), 1u);
}

TEST(FluidPort, DropsEarlyByTheCurve) {
  Port p(std::nullopt, Wred{20, 40, 10, 4});
  OutputPolicy policy;
  policy.shaper = kTenMbps;
  p.port.configure(0, policy);
  std::uint64_t key = 0;
  // One train of two packets each 2.2 ms: 10.9 Mb/s.
  for (Nanos now = 0; now < 200 * kNanosPerSecond; now += 2'200'000) {
    p.events.run_until(now);
    Packet t = train(0, 2, 0);
    t.key = mixed(++key);
    p.port.enqueue(now, t);
  }
  const auto reading = p.port.readings(p.events.now())[0];
  const double needed = 1 - 10 / 10.909;
  EXPECT_NEAR(static_cast<double>(reading.drop_packets) / (2.0 * static_cast<double>(key)), needed,
              .005);
}

TEST(FluidPort, ReconfiguringKeepsWhatWaitsAndItsCounters) {
  Port p;
  p.port.configure(0, shares(core::Bps{100'000}));
  p.port.enqueue(0, train(0, 10, 10));
  p.events.run_until(500'000'000);
  const auto before = p.port.readings(p.events.now())[0];
  p.port.configure(p.events.now(), shares(core::Bps{200'000}));
  const auto after = p.port.readings(p.events.now())[0];
  EXPECT_EQ(after.tx_bytes, before.tx_bytes);
  EXPECT_EQ(after.queue_bytes, before.queue_bytes);
  EXPECT_EQ(after.queue_packets, before.queue_packets);
  p.events.run_until(2 * kNanosPerSecond);
  ASSERT_EQ(p.seen.arrivals.size(), 1u);
  // 3000 bytes of burst and 6250 in the first half second; the other 5750 at 200 kb/s.
  EXPECT_NEAR(static_cast<double>(p.seen.arrivals[0].first), 500e6 + 5'750 * 8 / 200e3 * 1e9, 1e6);
}

TEST(GrantClock, FindsWhatTheCursorCountsOneByOne) {
  RateTrace trace;
  trace.period = core::Micros{97};
  for (const int at : {0, 3, 3, 40, 96}) trace.opportunities.push_back(core::Micros{at});
  for (const std::int64_t factor : {1'000'000, 300'000, 1'700'000, 70'001}) {
    GrantClock clock(trace);
    clock.set_factor(core::Ppm{factor});
    const RateCursor cursor(trace);
    std::int64_t grant = 0;
    for (std::int64_t i = 0; i < 3'000; ++i) {
      for (auto n = cursor.grants(i, core::Ppm{factor}); n > 0; --n)
        ASSERT_EQ(clock.time_of(grant++), cursor.time_of(i)) << factor << " " << i;
    }
    for (Nanos time = 0; time < 5'000'000; time += 7'919) {
      const auto first = clock.first_at_or_after(time, 0);
      EXPECT_GE(clock.time_of(first), time);
      if (first > 0) {
        EXPECT_LT(clock.time_of(first - 1), time);
      }
    }
  }
  GrantClock stopped(trace);
  stopped.set_factor(core::Ppm{0});
  EXPECT_EQ(stopped.time_of(5), kNever);
}

/// The same single packets through Buffer, TraceLine and Pipe, and through a FluidLine.
TEST(FluidLine, SinglePacketsLeaveWhenATraceLineSendsThem) {
  RateTrace trace;
  trace.period = core::seconds(1);
  Stream stream(3, "gaps");
  for (std::int64_t at = 0; at < 1'000'000;
       at += 1 + static_cast<std::int64_t>(stream.uniform() * 4'000))
    trace.opportunities.push_back(core::Micros{at});
  EventQueue events;
  Observer by_packets(true), dropped;
  Pipe pipe(events, 5'000'000, by_packets);
  Buffer buffer({1'000'000'000, std::nullopt}, dropped);
  TraceLine line(events, trace, buffer, pipe);
  buffer.attach(line);
  Trains whole;
  FluidLine fluid(events, LineClock(trace), {1'000'000'000, std::nullopt}, 5'000'000, whole,
                  dropped);
  const std::function<void(Nanos, const Packet&)> both = [&](Nanos now, const Packet& p) {
    buffer.accept(now, p);
    fluid.accept(now, now, p);
  };
  Traffic small(events, both, packet(0, 700, 0), 2.5e6, true);
  Traffic large(events, both, packet(1, 1500, 0), 6e6, true);
  events.run_until(30 * kNanosPerSecond);
  ASSERT_GT(whole.arrivals.size(), 10'000u);
  ASSERT_EQ(whole.arrivals.size(), by_packets.deliveries.size());
  for (std::size_t i = 0; i < whole.arrivals.size(); ++i) {
    ASSERT_EQ(whole.arrivals[i].first, by_packets.deliveries[i].at) << i;
    ASSERT_EQ(whole.arrivals[i].second.id, by_packets.deliveries[i].packet.id) << i;
  }
}

TEST(FluidLine, AFactorChangesWhatHasNotLeftYet) {
  EventQueue events;
  Trains seen;
  Observer dropped;
  FluidLine line(events, LineClock(constant_rate(kTenMbps)), {1'000'000, std::nullopt}, 0, seen,
                 dropped);
  line.accept(0, 0, train(0, 100, 0));  // 120 ms
  line.accept(0, 0, train(0, 100, 0));
  events.run_until(60'000'000);
  EXPECT_NEAR(static_cast<double>(line.bytes(events.now())), 225'000, 3'000);
  line.set_factor(events.now(), core::Ppm{0});
  events.run_until(500'000'000);
  EXPECT_TRUE(seen.arrivals.empty());
  line.set_factor(events.now(), core::Ppm{500'000});
  events.run_until(2 * kNanosPerSecond);
  ASSERT_EQ(seen.arrivals.size(), 2u);
  EXPECT_NEAR(static_cast<double>(seen.arrivals[0].first), 620e6, 4e6);
  EXPECT_NEAR(static_cast<double>(seen.arrivals[1].first), 860e6, 4e6);
}

TEST(FluidLine, DropsAtItsTailAndWhatIsTooOldAtItsHead) {
  EventQueue events;
  Trains seen;
  Observer dropped(true);
  FluidLine line(events, LineClock(constant_rate(kTenMbps)), {300'000, 100'000'000}, 0, seen,
                 dropped);
  line.accept(0, 0, train(0, 150, 0));  // 180 ms: 83 packets leave in time
  line.accept(0, 0, train(1, 60, 0));   // 50 packets fit, none of them leaves in time
  ASSERT_EQ(dropped.deliveries.size(), 1u);
  EXPECT_EQ(dropped.deliveries[0].packet.train, 10u);
  events.run_until(kNanosPerSecond);
  ASSERT_EQ(seen.arrivals.size(), 1u);
  EXPECT_EQ(seen.arrivals[0].second.train, 83u);
  ASSERT_EQ(dropped.deliveries.size(), 3u);
  EXPECT_EQ(dropped.deliveries[1].packet.train, 67u);
  EXPECT_EQ(dropped.deliveries[2].packet.train, 50u);
  EXPECT_NEAR(static_cast<double>(dropped.deliveries[1].at), 100e6, 2e6);
  EXPECT_EQ(line.drops(), 127u);
  EXPECT_EQ(line.bytes(events.now()), 0);
}

TEST(FluidLine, FlushedItTellsWhatWaitedAndDeliversWhatHadLeft) {
  EventQueue events;
  Trains seen;
  Observer dropped;
  FluidLine line(events, LineClock(kTenMbps), {1'000'000, std::nullopt}, 50'000'000, seen, dropped);
  for (std::uint16_t i = 0; i < 3; ++i) line.accept(0, 0, train(i, 10, 0));  // 12 ms each
  events.run_until(20'000'000);
  line.flush(events.now());
  EXPECT_EQ(dropped.packets, (std::vector<std::int64_t>{0, 1, 1}));
  events.run_until(kNanosPerSecond);
  EXPECT_EQ(seen.arrivals.size(), 1u);
  line.accept(events.now(), events.now(), train(0, 10, 0));
  events.run_until(2 * kNanosPerSecond);
  EXPECT_EQ(seen.arrivals.size(), 2u);
  EXPECT_NEAR(static_cast<double>(seen.arrivals[1].first), 1e9 + 62e6, 10);
}

}  // namespace
}  // namespace wanwise::sim::testing
