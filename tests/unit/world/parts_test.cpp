// Small parts with limits: meter, request table, event queue, source.
#include <gtest/gtest.h>

#include <cmath>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/traffic/meter.hpp"
#include "sim/world/traffic/request_table.hpp"
#include "sim/world/traffic/source.hpp"

namespace wanwise::sim {
namespace {

constexpr Nanos kMs = 1'000'000;

TEST(Meter, TakesTheExactQuantileOfTheWindowByNearestRank) {
  Meter meter({core::Ppm{990'000}, core::milliseconds(95)});
  for (int i = 100; i >= 1; --i) {
    meter.sent();
    meter.completed(i * kMs);
  }
  const auto window = meter.take(1000 * kMs);
  EXPECT_EQ(window.latency, core::milliseconds(99));
  EXPECT_EQ(window.completed, 100);
  EXPECT_EQ(window.missed, 5);
  EXPECT_EQ(window.length, core::milliseconds(1000));
  EXPECT_FALSE(meter.take(2000 * kMs).latency.has_value());
}

TEST(Meter, KeepsTheNewestValuesAndCountsTheOthers) {
  Meter meter({core::Ppm{500'000}, core::milliseconds(1)});
  for (std::size_t i = 0; i < Meter::kMaxValues; ++i) meter.completed(1 * kMs);
  for (std::size_t i = 0; i < Meter::kMaxValues; ++i) meter.completed(9 * kMs);
  EXPECT_EQ(meter.overflows(), Meter::kMaxValues);
  EXPECT_EQ(meter.take(1).latency, core::milliseconds(9));
}

TEST(RequestTable, AnIdIsNeverUsedTwice) {
  RequestTable table;
  const auto first = table.add({});
  ASSERT_NE(table.find(first), nullptr);
  table.remove(first);
  const auto second = table.add({});
  EXPECT_NE(first, second);
  EXPECT_EQ(table.find(first), nullptr);
  EXPECT_NE(table.find(second), nullptr);
  EXPECT_EQ(table.find(0), nullptr);
  EXPECT_EQ(table.find(~std::uint64_t{0}), nullptr);
}

TEST(RequestTable, RefusesMoreThanItsLimit) {
  RequestTable table;
  for (std::size_t i = 0; i < RequestTable::kMaxLive; ++i) ASSERT_NE(table.add({}), 0u);
  EXPECT_EQ(table.add({}), 0u);
  EXPECT_EQ(table.live(), RequestTable::kMaxLive);
}

class Log final : public EventHandler {
 public:
  void on_event(Nanos now, std::uint64_t argument) override { seen.emplace_back(now, argument); }
  std::vector<std::pair<Nanos, std::uint64_t>> seen;
};

TEST(EventQueue, RunsInOrderOfTimeAndOfSchedulingWithinAnInstant) {
  EventQueue events;
  Log log;
  for (std::uint64_t i = 0; i < 1000; ++i)
    events.schedule(static_cast<Nanos>(i * 7919 % 50), log, i);
  events.run_until(24);
  EXPECT_EQ(events.now(), 24);
  EXPECT_EQ(log.seen.size(), 500u);
  events.run_until(100);
  ASSERT_EQ(log.seen.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(log.seen.begin(), log.seen.end()));
  EXPECT_EQ(events.processed(), 1000u);
  EXPECT_EQ(events.now(), 100);
}

class Arrivals final : public ArrivalSink {
 public:
  void arrival(Nanos now, std::size_t, const Arrival& a) override {
    times.push_back(now);
    bytes.push_back(a.bytes);
  }
  std::vector<Nanos> times;
  std::vector<std::int64_t> bytes;
};

Source make(EventQueue& events, Arrivals& sink, std::int64_t milli_hz, ArrivalKind kind) {
  return Source(events, sink, 0, 9,
                {"test", core::MilliHz{milli_hz}, 10'000, core::Ppm{100'000}, kind});
}

TEST(Source, CamerasKeepTheirPeriodWithSmallJitter) {
  EventQueue events;
  Arrivals seen;
  Source source = make(events, seen, 10'000, ArrivalKind::periodic);
  events.run_until(100 * kNanosPerSecond);
  EXPECT_NEAR(static_cast<double>(seen.times.size()), 1000, 1);
  for (std::size_t i = 1; i < seen.times.size(); ++i)
    EXPECT_NEAR(static_cast<double>(seen.times[i] - seen.times[i - 1]), 100e6, 5e6);
  for (const auto b : seen.bytes) {
    EXPECT_GE(b, 9'000);
    EXPECT_LE(b, 11'000);
  }
}

TEST(Source, PoissonArrivalsHaveTheirRateAndSpread) {
  EventQueue events;
  Arrivals seen;
  Source source = make(events, seen, 100'000, ArrivalKind::poisson);
  events.run_until(200 * kNanosPerSecond);
  EXPECT_NEAR(static_cast<double>(seen.times.size()), 20'000, 450);
  double sum = 0, squares = 0;
  for (std::size_t i = 1; i < seen.times.size(); ++i) {
    const auto gap = static_cast<double>(seen.times[i] - seen.times[i - 1]);
    sum += gap;
    squares += gap * gap;
  }
  const auto n = static_cast<double>(seen.times.size() - 1);
  EXPECT_NEAR(squares / n / (sum / n * sum / n), 2, 0.1);  // C^2 = 1
}

TEST(Source, DemandScalesTheRateAtOnceAlsoFromAndToNothing) {
  EventQueue events;
  Arrivals seen;
  // One request a minute: a change must not wait for the next one.
  Source source = make(events, seen, 17, ArrivalKind::periodic);
  source.set_demand(0, core::Ppm{60'000'000});
  events.run_until(60 * kNanosPerSecond);
  EXPECT_NEAR(static_cast<double>(seen.times.size()), 61, 2);
  source.set_demand(events.now(), core::Ppm{0});
  events.run_until(120 * kNanosPerSecond);
  const auto silent = seen.times.size();
  events.run_until(180 * kNanosPerSecond);
  EXPECT_EQ(seen.times.size(), silent);
  source.set_demand(events.now(), core::Ppm{60'000'000});
  events.run_until(240 * kNanosPerSecond);
  EXPECT_NEAR(static_cast<double>(seen.times.size() - silent), 61, 2);
}

}  // namespace
}  // namespace wanwise::sim
