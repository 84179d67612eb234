// The tracking shaper on a simulated modem: two kinds of it, a deep FIFO that takes everything and
// one that pushes back.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/support/rate_controllers.hpp"

namespace wanwise::test {
namespace {

constexpr double kFull = 10e6;

core::Link link_of(double mbps, double floor_mbps = 0.5) {
  core::Link link;
  link.name = core::LinkName{"lte"};
  link.uplink = core::Bps{std::llround(mbps * 1e6)};
  link.uplink_floor = core::Bps{std::llround(floor_mbps * 1e6)};
  link.uplink_ceiling = core::Bps{50'000'000};
  link.rtt = core::milliseconds(50);
  return link;
}

/// A steady trickle in the priority class and `demand` in another.
UplinkConfig site(double demand, Lane lane = Lane::video) {
  UplinkConfig config;
  Flow control;
  control.lane = Lane::priority;
  control.bps = 80e3;
  control.bytes = 200;
  Flow bulk;
  bulk.lane = lane;
  bulk.bps = demand;
  config.flows = {control, bulk};
  config.bps_at = [](double) { return kFull; };
  return config;
}

UplinkResult track(const UplinkConfig& config, const core::Link& link = link_of(10)) {
  TrackingShaper controller{link};
  return UplinkHarness{config}.run(controller);
}

std::function<double(double)> drop_between(double from, double to) {
  return [=](double t) { return t >= from && t < to ? kFull / 10 : kFull; };
}

void report(const char* what, const UplinkResult& result) {
  std::printf("%-34s p50 %6.1f ms  p99 %8.1f ms  lost %4lld  utilisation %.3f  writes/min %zu\n",
              what, result.delay_ms(0.5), result.delay_ms(0.99),
              static_cast<long long>(result.priority_lost), result.utilisation(),
              result.most_writes_a_minute());
}

TEST(TrackingShaper, KeepsTheQueueOutOfTheModemOnASteadyLinkAndUsesIt) {
  UplinkConfig config = site(12e6);
  config.seconds = 300;
  const UplinkResult ours = track(config);
  report("steady", ours);
  EXPECT_GE(ours.utilisation(), 0.85);
  EXPECT_LE(ours.delay_ms(0.5), 5);
  EXPECT_LE(ours.delay_ms(0.99), 100);
  EXPECT_EQ(ours.priority_lost, 0);
  NoShaper none;
  EXPECT_GE(UplinkHarness{config}.run(none).delay_ms(0.5), 500);
}

TEST(TrackingShaper, DisturbsASteadyLinkLessAndLess) {
  UplinkConfig config = site(12e6);
  config.seconds = 600;
  const UplinkResult ours = track(config);
  std::size_t late = 0;
  for (const ShaperWrite& write : ours.writes) late += write.at >= 120 ? 1 : 0;
  EXPECT_LE(late, 8U * 5U) << "writes in the last eight minutes";
  for (double t = 120; t < 600; t += 0.1) {
    ASSERT_GE(ours.shaper_at(t), 0.7 * kFull) << t;
    ASSERT_LE(ours.shaper_at(t), 1.2 * kFull) << t;
  }
}

TEST(TrackingShaper, FindsALinkThatCarriesMoreThanTheOperatorPromised) {
  UplinkConfig config = site(12e6);
  config.seconds = 300;
  const UplinkResult ours = track(config, link_of(3));
  report("promised 3, carries 10", ours);
  const auto found = ours.first_above(0, 0.85 * kFull);
  ASSERT_TRUE(found);
  EXPECT_LE(*found, 20);
  EXPECT_GE(ours.utilisation(), 0.8);
  EXPECT_LE(ours.delay_ms(0.99), 100);
}

struct Reaction {
  double first_cut = 0;  ///< s from the drop until the shaper is at 60 % of what it was
  double below = 0;      ///< … until it is at most at the new capacity, 10 % aside
};

std::vector<Reaction> reactions(bool pushes_back) {
  std::vector<Reaction> all;
  for (int i = 0; i < 40; ++i) {  // every phase of drop, probe and telemetry
    UplinkConfig config = site(12e6);
    config.modem_pushes_back = pushes_back;
    config.seconds = 80;
    config.probe_phase_ms = 130 + (i * 37) % 500;
    config.telemetry_phase_ms = (i * 91) % 500;
    const double at = 60 + i * 0.05;
    config.bps_at = drop_between(at, 1e9);
    const UplinkResult ours = track(config);
    const double before = ours.shaper_at(at - 0.1);
    all.push_back({ours.first_below(at, 0.6 * before).value_or(1e9) - at,
                   ours.first_below(at, 1.1 * kFull / 10).value_or(1e9) - at});
  }
  return all;
}

double largest(const std::vector<Reaction>& all, double Reaction::*member) {
  double most = 0;
  for (const Reaction& one : all) most = std::max(most, one.*member);
  return most;
}

// Two telemetry periods and the commit; rounding of the record to 100 ms.
TEST(TrackingShaper, FollowsATenfoldDropWithinTwoPeriodsWhereTheModemPushesBack) {
  const auto all = reactions(true);
  std::printf("tenfold drop, pushed back: first cut <= %.2f s, at capacity <= %.2f s\n",
              largest(all, &Reaction::first_cut), largest(all, &Reaction::below));
  EXPECT_LE(largest(all, &Reaction::below), 1.0 + 0.15 + 0.1);
}

// A modem that takes everything shows the drop to probes only: a probe a second may leave one
// second after the drop, and 100 ms late is the least that counts. Two periods from there.
TEST(TrackingShaper, FollowsATenfoldDropWithinTwoPeriodsOfTheFirstProbeThatMetIt) {
  const auto all = reactions(false);
  std::printf("tenfold drop, deep modem: first cut <= %.2f s, at capacity <= %.2f s\n",
              largest(all, &Reaction::first_cut), largest(all, &Reaction::below));
  EXPECT_LE(largest(all, &Reaction::first_cut), 1.0 + 0.15 + 0.5 + 0.15 + 0.1);
  EXPECT_LE(largest(all, &Reaction::below), 1.0 + 1.0 + 0.15 + 0.15 + 0.1);
}

TEST(TrackingShaper, ComesBackAfterATenfoldDropWithoutOscillation) {
  for (const bool pushes_back : {false, true}) {
    UplinkConfig config = site(12e6);
    config.modem_pushes_back = pushes_back;
    config.seconds = 260;
    config.bps_at = drop_between(60.3, 120);
    const UplinkResult ours = track(config);
    report(pushes_back ? "tenfold drop, pushes back" : "tenfold drop, deep", ours);
    const auto back = ours.first_above(120, 0.8 * kFull);
    ASSERT_TRUE(back);
    std::printf("  back at 80 %% after %.1f s\n", *back - 120);
    EXPECT_LE(*back, 120 + 60);
    for (double t = *back + 10; t < 260; t += 0.1) {
      ASSERT_GE(ours.shaper_at(t), 0.65 * kFull) << t;
      ASSERT_LE(ours.shaper_at(t), 1.3 * kFull) << t;
    }
  }
}

TEST(TrackingShaper, SquareWavesNeverMakeItWriteMoreThanOnceASecond) {
  for (const double period : {2.0, 4.0, 10.0, 30.0, 60.0}) {
    for (const bool pushes_back : {false, true}) {
      UplinkConfig config = site(12e6);
      config.seconds = 300;
      config.modem_pushes_back = pushes_back;
      config.bps_at = [=](double t) { return std::fmod(t, period) < period / 2 ? kFull : 2e6; };
      const UplinkResult ours = track(config);
      char name[64];
      std::snprintf(name, sizeof name, "square %.0f s, %s", period,
                    pushes_back ? "pushes back" : "deep");
      report(name, ours);
      EXPECT_LE(ours.most_writes_a_minute(), 60U);
      if (pushes_back) continue;
      AimdShaper aimd{link_of(10)};
      const UplinkResult other = UplinkHarness{config}.run(aimd);
      report("  additive increase", other);
      EXPECT_LE(ours.delay_ms(0.99), other.delay_ms(0.99));
      EXPECT_GE(ours.utilisation(), 0.8 * other.utilisation());
    }
  }
}

TEST(TrackingShaper, FollowsASlowWave) {
  UplinkConfig config = site(12e6);
  config.seconds = 300;
  config.bps_at = [](double t) { return 6e6 + 4e6 * std::cos(t * 2 * 3.14159265 / 60); };
  const UplinkResult ours = track(config);
  report("cosine 60 s", ours);
  AimdShaper aimd{link_of(10)};
  const UplinkResult other = UplinkHarness{config}.run(aimd);
  report("  additive increase", other);
  EXPECT_GE(ours.utilisation(), 0.8);
  EXPECT_LE(ours.delay_ms(0.99), other.delay_ms(0.99));
}

TEST(TrackingShaper, AHandoverThatRaisesTheRoundTripForGoodIsNoQueue) {
  for (const double demand : {12e6, 4e6, 0.3e6}) {
    UplinkConfig config = site(demand);
    config.seconds = 300;
    config.base_rtt_at = [](double t) { return t < 100 ? 50.0 : 150.0; };
    const UplinkResult ours = track(config);
    report("base 50 -> 150 ms", ours);
    EXPECT_GE(ours.mean_shaper(100, 120), 0.6 * kFull);
    EXPECT_GE(ours.mean_shaper(120, 300), 0.8 * kFull);
  }
}

TEST(TrackingShaper, RandomLossOfProbesCostsLittle) {
  UplinkConfig config = site(12e6);
  config.seconds = 300;
  config.probe_loss = 0.02;
  const UplinkResult ours = track(config);
  report("2 % of probes lost", ours);
  EXPECT_GE(ours.utilisation(), 0.8);
}

TEST(TrackingShaper, CameraFramesInStepWithTheReadingsAreNoCongestionAndNoDemandForMore) {
  for (const Lane lane : {Lane::video, Lane::other}) {
    UplinkConfig config = site(4e6, lane);
    config.flows[1].burst = 30;  // 45 KB
    config.seconds = 300;
    const UplinkResult ours = track(config);
    report("frames of 45 KB", ours);
    EXPECT_LE(ours.delay_ms(0.99), 30);
    for (double t = 0; t < 300; t += 0.1) {
      ASSERT_GE(ours.shaper_at(t), 8e6) << t;
      ASSERT_LE(ours.shaper_at(t), 12e6) << t;
    }
  }
}

// Our own class-default is full and eats the probes: the link is not blamed for long, nor trusted.
TEST(TrackingShaper, OwnBacklogInTheProbesClassNeitherStrandsTheShaperNorFloodsTheModem) {
  UplinkConfig config = site(12e6, Lane::other);
  config.seconds = 300;
  const UplinkResult ours = track(config);
  report("bulk in the probe's class", ours);
  EXPECT_LE(ours.delay_ms(0.99), 300);
  EXPECT_GE(ours.utilisation(), 0.2);
  std::size_t high = 0;
  for (double t = 200; t < 300; t += 1) high += ours.shaper_at(t) > 1e6 ? 1U : 0U;
  EXPECT_GE(high, 30U);
}

TEST(TrackingShaper, RecoversWhileNothingIsSentOnceTheLinkIsBack) {
  UplinkConfig config = site(4e6);
  config.seconds = 200;
  config.bps_at = drop_between(60.3, 90);
  config.flows[1].active = [](double t) { return t < 70; };  // the decision brought it home
  const UplinkResult ours = track(config);
  report("drop, then idle", ours);
  EXPECT_LE(ours.shaper_at(72), kFull / 10);
  EXPECT_GE(ours.shaper_at(160), 0.8 * kFull);
  EXPECT_LE(ours.most_writes_a_minute(), 20U);
}

TEST(TrackingShaper, TheSameRunTwiceGivesTheSameWrites) {
  UplinkConfig config = site(12e6);
  config.bps_at = drop_between(20, 40);
  const UplinkResult one = track(config);
  const UplinkResult two = track(config);
  ASSERT_EQ(one.writes.size(), two.writes.size());
  for (std::size_t i = 0; i < one.writes.size(); ++i) {
    EXPECT_EQ(one.writes[i].bps, two.writes[i].bps);
    EXPECT_EQ(one.writes[i].at, two.writes[i].at);
  }
}

}  // namespace
}  // namespace wanwise::test
