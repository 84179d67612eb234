// Loops that judge the path leave it, and come back, at their published times.
#include <gtest/gtest.h>

#include "sim/baselines/sla_meter.hpp"
#include "tests/support/model_builder.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

constexpr std::int64_t kMinute = 60;

core::Model one_workload() {
  wanwise::test::ModelBuilder builder;
  builder.workload({.name = "a"});
  return builder.build();
}

Bench in_the_cloud(const std::string& policy, std::map<std::string, std::string> parameters = {}) {
  Bench bench(policy, one_workload(), std::move(parameters));
  bench.begin_at("cloud");
  return bench;
}

/// Seconds from when `spoil` was called until the workload left for the site.
template <class Spoil>
std::int64_t time_to_leave(Bench& bench, std::int64_t good_for, std::int64_t wait, Spoil spoil) {
  bench.run(good_for);
  EXPECT_EQ(bench.place("a"), "cloud");
  spoil(bench);
  bench.run(wait);
  const auto moves = bench.moves("a");
  if (moves.empty()) return -1;
  EXPECT_EQ(moves[0].to, "tx2");
  return moves[0].at_s - good_for;
}

TEST(SdwanAar, NeedsAnHourToNoticeASlowDegradation) {
  Bench bench = in_the_cloud("sdwan-aar");
  // The class allows 150 ms: five intervals at 165 ms and one at 50 are 146 ms on average.
  const auto left =
      time_to_leave(bench, 60 * kMinute, 120 * kMinute, [](Bench& b) { b.rtt_ms = 165; });
  EXPECT_EQ(left, 60 * kMinute);
}

TEST(SdwanAar, NeedsTenMinutesToNoticeAHardOne) {
  Bench bench = in_the_cloud("sdwan-aar");
  const auto left =
      time_to_leave(bench, 60 * kMinute, 60 * kMinute, [](Bench& b) { b.rtt_ms = 900; });
  EXPECT_EQ(left, 10 * kMinute);
}

TEST(SdwanAarFast, NeedsTwoToTwelveMinutes) {
  Bench slow = in_the_cloud("sdwan-aar-fast");
  EXPECT_EQ(time_to_leave(slow, 12 * kMinute, 60 * kMinute, [](Bench& b) { b.rtt_ms = 165; }),
            12 * kMinute);
  Bench hard = in_the_cloud("sdwan-aar-fast");
  EXPECT_EQ(time_to_leave(hard, 12 * kMinute, 60 * kMinute, [](Bench& b) { b.rtt_ms = 900; }),
            2 * kMinute);
}

TEST(SdwanAarEnhanced, NeedsTenToSixtySecondsAndReturnsAfterTwentyMinutes) {
  Bench slow = in_the_cloud("sdwan-aar-enhanced");
  EXPECT_EQ(time_to_leave(slow, kMinute, 5 * kMinute, [](Bench& b) { b.rtt_ms = 165; }), 60);
  Bench hard = in_the_cloud("sdwan-aar-enhanced");
  EXPECT_EQ(time_to_leave(hard, kMinute, kMinute, [](Bench& b) { b.rtt_ms = 900; }), 10);
  // One minute at 900 ms, then good: six intervals later the mean complies, then the dampening.
  hard.rtt_ms = 50;
  hard.run(40 * kMinute);
  ASSERT_EQ(hard.moves("a").size(), 2U);
  const std::int64_t back = hard.moves("a")[1].at_s - 2 * kMinute;
  EXPECT_GE(back, 20 * kMinute);
  EXPECT_LE(back, 21 * kMinute);
}

TEST(SdwanAar, ReturnsByItselfWhenTheClassIsMetAgain) {
  Bench bench = in_the_cloud("sdwan-aar-fast");
  bench.run(12 * kMinute);
  bench.rtt_ms = 900;
  bench.run(2 * kMinute + 1);
  EXPECT_EQ(bench.place("a"), "tx2");
  bench.rtt_ms = 50;
  bench.run(30 * kMinute);
  EXPECT_EQ(bench.place("a"), "cloud");
}

TEST(SdwanAar, LeavesADeadTunnelAfterSevenLostHellos) {
  Bench bench = in_the_cloud("sdwan-aar");
  bench.run(30);
  bench.rtt_ms.reset();
  bench.run(6);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.run(1);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(SdwanAar, LeavesALinkThatIsDownAtOnce) {
  Bench bench = in_the_cloud("sdwan-aar");
  bench.run(30);
  bench.link_up = false;
  bench.run(1);
  EXPECT_EQ(bench.place("a"), "tx2");
}

TEST(SdwanAar, WithThePreferenceAsHomeMovesNothingThatIsOnTheSite) {
  Bench bench("sdwan-aar", one_workload(), {{"home", "preference"}});
  bench.begin_at("tx2");
  bench.run(100);
  bench.rtt_ms.reset();
  bench.run(1'000);
  EXPECT_TRUE(bench.moves("a").empty());
}

TEST(SlaMeter, AveragesIntervalsNotHellos) {
  SlaMeter meter(2);
  for (int i = 0; i < 10; ++i) meter.hello(core::milliseconds(100));
  meter.end_interval();
  meter.hello(core::milliseconds(200));
  meter.hello(std::nullopt);
  meter.end_interval();
  ASSERT_TRUE(meter.mean().has_value());
  EXPECT_DOUBLE_EQ(meter.mean()->latency_us, 150'000);
  EXPECT_DOUBLE_EQ(meter.mean()->loss, 0.25);
  EXPECT_DOUBLE_EQ(meter.mean()->jitter_us, 50'000);
}

TEST(IpSlaEem, LooksOnceAMinuteByDefault) {
  Bench bench = in_the_cloud("ip-sla-track-eem");
  bench.run(61);  // operations at second 0 and 60
  bench.rtt_ms.reset();
  bench.run(59);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.run(1);
  ASSERT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.moves("a")[0].at_s, 120);
}

TEST(IpSlaEem, ReachabilityAcceptsASlowAnswerAndStateDoesNot) {
  Bench reachability = in_the_cloud("ip-sla-track-eem", {{"frequency", "1s"}, {"threshold", "1s"}});
  reachability.rtt_ms = 3'000;
  reachability.run(60);
  EXPECT_EQ(reachability.place("a"), "cloud");
  Bench state = in_the_cloud("ip-sla-track-eem",
                             {{"frequency", "1s"}, {"threshold", "1s"}, {"track", "state"}});
  state.rtt_ms = 3'000;
  state.run(60);
  EXPECT_EQ(state.place("a"), "tx2");
}

TEST(IpSlaEemFast, IsDownAfterFiveSecondsAndUpAfterFifteen) {
  Bench bench = in_the_cloud("ip-sla-track-eem-fast");
  bench.run(20);
  bench.rtt_ms.reset();
  bench.run(20);
  ASSERT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.moves("a")[0].at_s, 20 + 5);
  bench.rtt_ms = 50;
  bench.run(30);
  ASSERT_EQ(bench.moves("a").size(), 2U);
  EXPECT_EQ(bench.moves("a")[1].at_s, 40 + 15);
}

TEST(IpSlaEemFast, ForgetsADownThatDidNotLast) {
  Bench bench = in_the_cloud("ip-sla-track-eem-fast");
  bench.run(20);
  for (int i = 0; i < 5; ++i) {
    bench.rtt_ms.reset();
    bench.run(4);
    bench.rtt_ms = 50;
    bench.run(1);
  }
  EXPECT_TRUE(bench.moves("a").empty());
}

TEST(RsrpThreshold, LeavesBelowTheThresholdLessHysteresis) {
  Bench bench = in_the_cloud("rsrp-threshold");
  bench.rsrp_dbm = -112;  // A2 wants -112 + 2 < -110
  bench.run(30);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.rsrp_dbm = -113;
  bench.run(2);
  EXPECT_EQ(bench.place("a"), "tx2");
  bench.rsrp_dbm = -108;  // A1 wants -108 - 2 > -110
  bench.run(30);
  EXPECT_EQ(bench.place("a"), "tx2");
  bench.rsrp_dbm = -107;
  bench.run(2);
  EXPECT_EQ(bench.place("a"), "cloud");
}

TEST(RsrpThreshold, WaitsForTheTimeToTrigger) {
  Bench bench = in_the_cloud("rsrp-threshold", {{"time-to-trigger", "5120ms"}});
  bench.run(10);
  bench.rsrp_dbm = -120;
  bench.run(5);
  bench.rsrp_dbm = -90;
  bench.run(20);
  EXPECT_TRUE(bench.moves("a").empty());
  bench.rsrp_dbm = -120;
  bench.run(7);
  ASSERT_EQ(bench.moves("a").size(), 1U);
  EXPECT_EQ(bench.moves("a")[0].at_s, 35 + 5);
}

TEST(RsrpThreshold, TakesNoServiceForPoorAndNoValueForNothing) {
  Bench bench = in_the_cloud("rsrp-threshold");
  bench.run(5);
  bench.rsrp_dbm.reset();
  bench.run(60);
  EXPECT_EQ(bench.place("a"), "cloud");
  bench.in_service = false;
  bench.run(3);
  EXPECT_EQ(bench.place("a"), "tx2");
}

}  // namespace
}  // namespace wanwise::sim::test
