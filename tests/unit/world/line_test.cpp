#include "sim/world/network/line.hpp"

#include <gtest/gtest.h>

#include "tests/unit/world/traffic.hpp"

namespace wanwise::sim::testing {
namespace {

struct Fixture {
  explicit Fixture(RateTrace trace, BufferLimits limits = {1'000'000'000, std::nullopt})
      : buffer(limits, dropped), line(events, std::move(trace), buffer, seen) {
    buffer.attach(line);
  }
  EventQueue events;
  Observer seen{true}, dropped;
  Buffer buffer;
  TraceLine line;
};

RateTrace trace(std::vector<std::int64_t> ms, std::int64_t period) {
  RateTrace t;
  for (const auto m : ms) t.opportunities.push_back(core::milliseconds(m));
  t.period = core::milliseconds(period);
  return t;
}

constexpr Nanos kMs = 1'000'000;

TEST(TraceLine, SmallPacketsShareAnOpportunityAndALargeOneSpansTwo) {
  Fixture f(trace({5, 7}, 10));
  for (int i = 0; i < 15; ++i) f.buffer.accept(0, packet(0, 100, 0));
  f.buffer.accept(0, packet(1, 100, 0));
  f.buffer.accept(0, packet(2, 1500, 0));
  f.events.run_until(20 * kMs);
  ASSERT_EQ(f.seen.deliveries.size(), 17u);
  EXPECT_EQ(f.seen.deliveries[14].at, 5 * kMs);
  EXPECT_EQ(f.seen.deliveries[15].at, 7 * kMs);   // first 100 of the second opportunity
  EXPECT_EQ(f.seen.deliveries[16].at, 15 * kMs);  // 1400 in it, the last 100 in the third
}

TEST(TraceLine, UnusedOpportunitiesAreLostAndTheTraceWraps) {
  Fixture f(trace({1, 2, 3}, 10));
  f.events.run_until(4 * kMs);
  for (int i = 0; i < 4; ++i) f.buffer.accept(4 * kMs, packet(0, 1500, 0));
  f.events.run_until(30 * kMs);
  ASSERT_EQ(f.seen.deliveries.size(), 4u);
  EXPECT_EQ(f.seen.deliveries[0].at, 11 * kMs);
  EXPECT_EQ(f.seen.deliveries[2].at, 13 * kMs);
  EXPECT_EQ(f.seen.deliveries[3].at, 21 * kMs);
}

TEST(TraceLine, OpportunityAtTheInstantOfArrivalIsUsedOnce) {
  Fixture f(trace({1, 1, 1}, 10));
  f.events.run_until(1 * kMs);
  f.buffer.accept(1 * kMs, packet(0, 1500, 0));
  f.events.run_until(1 * kMs);
  EXPECT_EQ(f.seen.deliveries.size(), 1u);
}

TEST(TraceLine, FactorLeavesThatShareOfTheOpportunitiesSpreadEvenly) {
  Fixture f(trace({1}, 1));
  f.line.set_factor(core::Ppm{80'000});
  for (int i = 0; i < 2000; ++i) f.buffer.accept(0, packet(0, 1500, 0));
  f.events.run_until(10 * kNanosPerSecond);
  EXPECT_EQ(f.line.sent_bytes(), 800u * 1500);
  for (std::size_t i = 1; i < f.seen.deliveries.size(); ++i) {
    EXPECT_GE(f.seen.deliveries[i].at - f.seen.deliveries[i - 1].at, 12 * kMs);
    EXPECT_LE(f.seen.deliveries[i].at - f.seen.deliveries[i - 1].at, 13 * kMs);
  }
  f.line.set_factor(core::Ppm{2'000'000});
  f.events.run_until(10 * kNanosPerSecond + 100 * kMs);
  EXPECT_EQ(f.line.sent_bytes(), 1000u * 1500);
}

TEST(TraceLine, NothingPassesWithoutOpportunitiesOrAtFactorZero) {
  Fixture none(trace({}, 10));
  none.buffer.accept(0, packet(0, 1500, 0));
  none.events.run_until(kNanosPerSecond);
  EXPECT_TRUE(none.seen.deliveries.empty());
  Fixture zero(trace({1}, 1));
  zero.line.set_factor(core::Ppm{0});
  zero.buffer.accept(0, packet(0, 1500, 0));
  zero.events.run_until(kNanosPerSecond);
  EXPECT_TRUE(zero.seen.deliveries.empty());
}

TEST(ConstantRate, CarriesItsRateForAwkwardRates) {
  for (const std::int64_t bps : {9'600LL, 64'000LL, 1'234'567LL, 20'000'000LL, 1'000'000'000LL}) {
    const RateTrace t = constant_rate(core::Bps{bps});
    const double rate = static_cast<double>(t.opportunities.size()) * 12'000 * 1e6 /
                        static_cast<double>(t.period.count);
    EXPECT_NEAR(rate / static_cast<double>(bps), 1, bps < 12'000'000 ? 0.006 : 0.0006) << bps;
    EXPECT_TRUE(std::is_sorted(t.opportunities.begin(), t.opportunities.end()));
    EXPECT_LE(t.opportunities.back(), t.period);
  }
}

TEST(Buffer, DropsBeyondItsBytesAndWhatIsTooOld) {
  Fixture f(trace({100}, 100), {10'000, 150 * kMs});
  for (int i = 0; i < 8; ++i) f.buffer.accept(0, packet(0, 1500, 0));
  EXPECT_EQ(f.buffer.drops(), 2u);
  EXPECT_EQ(f.buffer.bytes(), 9'000);
  f.events.run_until(kNanosPerSecond);
  EXPECT_EQ(f.seen.deliveries.size(), 1u);  // at 100 ms; at 200 ms the others are too old
  EXPECT_EQ(f.buffer.drops(), 7u);
  EXPECT_EQ(f.buffer.bytes(), 0);
}

TEST(Pipe, DeliversAConstantTimeLaterInOrder) {
  EventQueue events;
  Observer seen{true};
  Pipe pipe(events, 5 * kMs, seen);
  pipe.accept(0, packet(0, 100, 0));
  events.run_until(2 * kMs);
  pipe.accept(2 * kMs, packet(1, 100, 0));
  events.run_until(20 * kMs);
  ASSERT_EQ(seen.deliveries.size(), 2u);
  EXPECT_EQ(seen.deliveries[0].at, 5 * kMs);
  EXPECT_EQ(seen.deliveries[1].at, 7 * kMs);
}

}  // namespace
}  // namespace wanwise::sim::testing
