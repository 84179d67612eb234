// Figures of small traces that can be counted by hand.
#include "sim/traces/info.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sim/traces/series.hpp"

namespace wanwise::sim {
namespace {

using core::milliseconds;
using core::seconds;

TEST(RateSeconds, CountOpportunitiesAndDropTheBrokenSecond) {
  TraceRates rates;
  for (int i = 0; i < 1000; ++i) rates.opportunities.push_back(milliseconds(i));
  rates.opportunities.push_back(milliseconds(2500));
  const Series s = rate_seconds(rates, milliseconds(2500));
  ASSERT_EQ(s.size(), 2u);
  EXPECT_NEAR(s[0], 12, 1e-9);
  EXPECT_EQ(s[1], 0);
}

TEST(RateSeconds, AverageStepsAndLeaveUnknownSecondsUnknown) {
  TraceRates rates;
  rates.steps = {{seconds(0), core::Bps{1'000'000}},
                 {milliseconds(500), core::Bps{3'000'000}},
                 {seconds(1), std::nullopt},
                 {milliseconds(2600), core::Bps{5'000'000}},
                 {milliseconds(3500), std::nullopt}};
  const Series s = rate_seconds(rates, seconds(5));
  ASSERT_EQ(s.size(), 5u);
  EXPECT_DOUBLE_EQ(s[0], 2);
  EXPECT_TRUE(std::isnan(s[1]));
  EXPECT_TRUE(std::isnan(s[2])) << "less than half of it is known";
  EXPECT_DOUBLE_EQ(s[3], 5);
  EXPECT_TRUE(std::isnan(s[4]));
}

TEST(RadioSeconds, HoldForThreeSeconds) {
  RadioReading r;
  r.rsrp_dbm = -90;
  const Series s = radio_seconds({{milliseconds(500), r}}, RadioField::rsrp, seconds(6));
  ASSERT_EQ(s.size(), 6u);
  EXPECT_TRUE(std::isnan(s[0]));
  EXPECT_EQ(s[1], -90);
  EXPECT_EQ(s[3], -90);
  EXPECT_TRUE(std::isnan(s[4]));
}

TEST(Pauses, AreStretchesWithoutDelivery) {
  TraceRates rates;
  rates.opportunities = {seconds(1), seconds(2), seconds(5)};
  EXPECT_THAT(pauses_of(rates, seconds(5), seconds(2)),
              ::testing::ElementsAre(std::pair(seconds(2), seconds(5))));
  TraceRates steps;
  steps.steps = {{seconds(0), core::Bps{0}},
                 {seconds(1), core::Bps{0}},
                 {seconds(2), core::Bps{9}},
                 {seconds(3), core::Bps{0}}};
  EXPECT_THAT(
      pauses_of(steps, seconds(5), seconds(1)),
      ::testing::ElementsAre(std::pair(seconds(0), seconds(2)), std::pair(seconds(3), seconds(5))));
}

TraceFile drive() {
  TraceFile file;
  file.source = "csv";
  file.period = seconds(120);
  for (int i = 0; i < 120; ++i) {
    const bool dead = i >= 30 && i < 36;
    file.uplink.steps.push_back({seconds(i), core::Bps{dead ? 0 : (10 + i % 2) * 1'000'000}});
    RadioReading r;
    r.access = i < 90 ? core::RadioAccess::lte : core::RadioAccess::nr_nsa;
    r.in_service = !dead;
    r.rsrp_dbm = -90 + i % 2;
    r.cell = i / 40;
    file.radio.push_back({seconds(i), r});
    file.rtt.push_back({seconds(i), i % 10 == 0 ? std::nullopt : std::optional(milliseconds(40))});
  }
  return file;
}

TEST(Info, CountsWhatCanBeCounted) {
  const TraceInfo info = info_of(drive());
  ASSERT_EQ(info.series.size(), 3u);
  EXPECT_EQ(info.series[0].name, "uplink");
  EXPECT_EQ(info.series[0].points, 120u);
  EXPECT_DOUBLE_EQ(info.series[0].step_seconds, 1);
  EXPECT_EQ(info.series[0].gaps, 0u);
  EXPECT_DOUBLE_EQ(info.series[0].summary.max, 11);
  ASSERT_EQ(info.delivery.size(), 1u);
  EXPECT_EQ(info.delivery[0].dead_seconds, 6u);
  EXPECT_EQ(info.delivery[0].known_seconds, 120u);
  EXPECT_DOUBLE_EQ(info.delivery[0].longest_pause_seconds, 6);
  EXPECT_DOUBLE_EQ(*info.handovers_per_minute, 1);
  ASSERT_EQ(info.access_shares.size(), 2u);
  EXPECT_DOUBLE_EQ(info.access_shares[0].second, 0.75);
  EXPECT_DOUBLE_EQ(info.out_of_service_share, 0.05);
  EXPECT_EQ(info.probes, 120u);
  EXPECT_EQ(info.probes_lost, 12u);
  EXPECT_FALSE(info.series[1].summary.cv) << "a level in dBm has none";
}

TEST(Info, CorrelatesRateAndRadio) {
  TraceFile file = drive();
  for (auto& step : file.uplink.steps)
    if (step.rate->count == 0) step.rate.reset();
  for (const auto& c : info_of(file).correlations)
    if (c.a == "uplink" && c.b == "rsrp") {
      EXPECT_NEAR(c.correlation.r, 1, 1e-9);
      EXPECT_EQ(c.correlation.pairs, 114u);
      return;
    }
  ADD_FAILURE() << "no correlation of uplink and rsrp";
}

TEST(Info, GapsAreStepsWithoutAPoint) {
  TraceFile file;
  file.period = seconds(40);
  for (const int s : {0, 1, 2, 3, 7, 8, 9, 10, 11, 30})
    file.rtt.push_back({seconds(s), milliseconds(1)});
  const TraceInfo info = info_of(file);
  EXPECT_EQ(info.series[0].gaps, 2u);
  EXPECT_DOUBLE_EQ(info.series[0].longest_gap_seconds, 19);
}

}  // namespace
}  // namespace wanwise::sim
