// The estimator told by hand: what it believes, what it refuses to believe, and its bounds.
#include "engine/core/uplink/uplink_estimate.hpp"

#include <gtest/gtest.h>

#include <random>

namespace wanwise::core {
namespace {

Link lte() {
  Link link;
  link.name = LinkName{"lte"};
  link.uplink = Bps{10'000'000};
  link.uplink_floor = Bps{500'000};
  link.uplink_ceiling = Bps{40'000'000};
  link.rtt = milliseconds(50);
  return link;
}

Instant at(double seconds_in) {
  return Instant{static_cast<std::int64_t>(seconds_in * 1e6)};
}

/// Feeds an estimator with two counter samples and one probe a second.
class Feed {
 public:
  explicit Feed(const Link& link = lte()) : estimator(link) {
    estimator.shaper_in_force(estimator.shaper());
  }
  /// `mbps` sent for `for_s` seconds while probes take `rtt` (none: lost).
  void run(double for_s, double mbps, std::optional<Micros> rtt = milliseconds(52)) {
    for (double end = m_now + for_s; m_now < end - 1e-9;) {
      estimator.observe(ProbeSample{LinkName{"lte"}, at(m_now + 0.1), rtt});
      for (int half = 0; half < 2; ++half) {
        m_now += 0.5;
        m_bytes += static_cast<std::uint64_t>(mbps * 1e6 / 8 / 2);
        counters();
      }
    }
  }
  void counters(bool up = true) {
    estimator.observe(LinkCounters{LinkName{"lte"}, at(m_now), up, m_bytes, 0, 0});
  }
  void radio(std::optional<MilliDb> sinr, bool in_service = true,
             RadioAccess access = RadioAccess::lte, std::optional<MilliDb> rsrp = std::nullopt) {
    RadioSample sample;
    sample.observed_at = at(m_now + 0.01 * ++m_radios);
    sample.access = access;
    sample.in_service = in_service;
    sample.sinr = sinr;
    sample.rsrp = rsrp;
    estimator.observe(sample);
  }
  void reset_counter() { m_bytes = 0; }
  [[nodiscard]] double now() const { return m_now; }

  UplinkEstimator estimator;

 private:
  double m_now = 0;
  std::uint64_t m_bytes = 1'000'000'000;
  int m_radios = 0;
};

TEST(UplinkEstimator, BelievesTheOperatorBeforeAnySampleAndShapesAMarginBelow) {
  const UplinkEstimator estimator{lte()};
  EXPECT_EQ(estimator.interval().low, Bps{10'000'000});
  EXPECT_EQ(estimator.interval().high, Bps{40'000'000});
  EXPECT_EQ(estimator.interval().observed_at, Instant{0});
  EXPECT_EQ(estimator.shaper(), Bps{9'200'000});
  EXPECT_EQ(estimator.rtt(), std::nullopt);
  EXPECT_EQ(estimator.rtt_base(), std::nullopt);
  EXPECT_EQ(estimator.tx_rate(), Bps{0});
}

TEST(UplinkEstimator, MeasuresTheRateOverTheLastTwoSamples) {
  Feed feed;
  feed.run(3, 4);
  EXPECT_EQ(feed.estimator.tx_rate(), Bps{4'000'000});
  EXPECT_EQ(feed.estimator.rtt(), milliseconds(52));
  EXPECT_EQ(feed.estimator.rtt_base(), milliseconds(52));
}

TEST(UplinkEstimator, ACounterThatFellIsAResetAndNeverARate) {
  Feed feed;
  feed.run(3, 4);
  const Bps before = feed.estimator.shaper();
  feed.reset_counter();
  feed.run(0.9, 4);  // one sample after the reset starts anew, the second measures
  EXPECT_EQ(feed.estimator.tx_rate(), Bps{4'000'000});
  EXPECT_EQ(feed.estimator.shaper(), before);
}

TEST(UplinkEstimator, IgnoresRepeatedAndLateSamples) {
  Feed feed;
  feed.run(5, 4);
  const auto interval = feed.estimator.interval();
  const Bps rate = feed.estimator.tx_rate();
  feed.counters();
  feed.estimator.observe(LinkCounters{LinkName{"lte"}, at(1), false, 1, 0, 0});
  feed.estimator.observe(ProbeSample{LinkName{"lte"}, at(1), milliseconds(900)});
  feed.estimator.observe(ProbeSample{LinkName{"lte"}, at(1), std::nullopt});
  EXPECT_EQ(feed.estimator.tx_rate(), rate);
  EXPECT_EQ(feed.estimator.rtt(), milliseconds(52));
  EXPECT_EQ(feed.estimator.interval().low, interval.low);
  EXPECT_EQ(feed.estimator.interval().high, interval.high);
}

TEST(UplinkEstimator, DoesNotProbeUpwardsWithoutPressure) {
  Feed feed;
  feed.run(10, 3);
  EXPECT_EQ(feed.estimator.shaper(), Bps{9'200'000});
}

TEST(UplinkEstimator, ProbesUpwardsUnderPressureByMoreThanTheDeadBand) {
  Feed feed;
  feed.run(4, 9.2);
  EXPECT_GT(feed.estimator.shaper(), Bps{10'120'000});
  EXPECT_LE(feed.estimator.shaper(), Bps{14'000'000});
}

TEST(UplinkEstimator, ASecondStepNeedsTheFirstToBeInForce) {
  Feed feed;
  feed.run(4, 9.2);
  const Bps first = feed.estimator.shaper();
  feed.run(10, 9.2);  // the router never took it
  EXPECT_EQ(feed.estimator.shaper(), first);
}

TEST(UplinkEstimator, OneDelayedEchoIsNoQueueAndTwoAre) {
  Feed feed;
  feed.run(2, 7);
  feed.run(1, 7, milliseconds(110));
  EXPECT_EQ(feed.estimator.shaper(), Bps{9'200'000});
  feed.run(1, 7, milliseconds(170));
  // 7 Mbit/s for a second took 1.06 s to come out: 6.6 Mbit/s, less the margin and the drain.
  EXPECT_NEAR(static_cast<double>(feed.estimator.interval().low.count), 0.95 * 6.6e6, 0.1e6);
  EXPECT_NEAR(static_cast<double>(feed.estimator.interval().high.count), 1.05 * 6.6e6, 0.1e6);
  EXPECT_NEAR(static_cast<double>(feed.estimator.shaper().count), (0.92 - 0.118) * 6.6e6, 0.1e6);
}

// A site that mostly asks for less than the link carries: a queue is the link's doing, and over by
// itself before a shaper could help.
TEST(UplinkEstimator, AFadeOfALinkThatCarriesWhatIsAskedForIsWaitedOut) {
  Feed feed;
  feed.run(60, 6);
  feed.run(3, 6, milliseconds(600));
  feed.run(2, 6, std::nullopt);
  EXPECT_EQ(feed.estimator.shaper(), Bps{9'200'000});
  EXPECT_EQ(feed.estimator.interval().low, Bps{10'000'000});
  EXPECT_TRUE(feed.estimator.disturbed_since());
}

TEST(UplinkEstimator, AFadeThatLastsIsFollowedAndItsEndAtOnce) {
  Feed feed;
  feed.run(60, 6);
  for (int i = 0; i < 12; ++i) feed.run(1, 6, milliseconds(300 + 50 * i));
  // What is sent in a second takes 1.05 s to come out.
  const double carried = 6e6 / 1.05;
  EXPECT_NEAR(static_cast<double>(feed.estimator.shaper().count), 0.92 * carried, 0.1e6);
  EXPECT_NEAR(static_cast<double>(feed.estimator.interval().low.count), 0.95 * carried, 0.1e6);
  feed.run(1, 6);
  EXPECT_EQ(feed.estimator.shaper(), Bps{9'200'000});
}

TEST(UplinkEstimator, ProbesLostInAFadeNeverCutBelowHalfOfWhatIsAskedFor) {
  Feed feed;
  feed.run(60, 6);
  for (int i = 0; i < 30; ++i) {
    feed.run(1, 6, std::nullopt);
    EXPECT_GE(feed.estimator.shaper(), Bps{2'900'000}) << i;
  }
  EXPECT_LE(feed.estimator.shaper(), Bps{3'100'000});
}

TEST(UplinkEstimator, AFlickeringLinkIsNoLastingFade) {
  Feed feed;
  feed.run(60, 6);
  for (int i = 0; i < 20; ++i) {
    feed.run(2, 6, milliseconds(400 + 100 * (i % 2)));
    feed.run(1, 6);
    EXPECT_EQ(feed.estimator.shaper(), Bps{9'200'000}) << i;
  }
}

// What comes back with the service is there at once, and not when the router has heard of it; what
// it carries nobody has seen.
TEST(UplinkEstimator, ALightlyUsedLinkKeepsHalfOfItsRateThroughAnOutageAndNothingIsBelieved) {
  Feed feed;
  feed.run(60, 6);
  feed.radio(MilliDb{15'000}, false);
  EXPECT_EQ(feed.estimator.shaper(), Bps{4'600'000});
  EXPECT_EQ(feed.estimator.interval().low, Bps{0});
  feed.radio(MilliDb{15'000});
  EXPECT_EQ(feed.estimator.shaper(), Bps{4'600'000});
}

TEST(UplinkEstimator, WhoPressesAgainstTheShaperIsCutAtTheFirstLostProbe) {
  Feed feed;
  feed.run(10, 9.2);
  const Bps before = feed.estimator.shaper();
  feed.run(1.5, 9.2, std::nullopt);
  EXPECT_LE(feed.estimator.shaper().count, before.count / 3);
}

TEST(UplinkEstimator, AStandingQueueUnderLittleLoadThatDoesNotGrowIsThePath) {
  Feed feed;
  feed.run(10, 1);
  feed.run(10, 1, milliseconds(160));
  EXPECT_EQ(feed.estimator.shaper(), Bps{9'200'000});
  EXPECT_EQ(feed.estimator.rtt_base(), milliseconds(160));
}

TEST(UplinkEstimator, ForgetsASmallerBaseAfterAMinute) {
  Feed feed;
  feed.run(5, 0.1, milliseconds(50));
  feed.run(30, 0.1, milliseconds(60));
  EXPECT_EQ(feed.estimator.rtt_base(), milliseconds(50));
  feed.run(40, 0.1, milliseconds(60));
  EXPECT_EQ(feed.estimator.rtt_base(), milliseconds(60));
}

TEST(UplinkEstimator, JitterIsTheSpreadOfQuietRoundTripsWithoutTheRarestOutlier) {
  Feed feed;
  for (int i = 0; i < 32; ++i) feed.run(1, 0.1, milliseconds(i == 7 ? 300 : 50 + i % 5));
  EXPECT_EQ(feed.estimator.jitter(), milliseconds(4));
}

TEST(UplinkEstimator, LosingServiceLeavesNothingForSureAndTheFloor) {
  Feed feed;
  feed.run(3, 5);
  feed.radio(MilliDb{15'000});
  feed.radio(std::nullopt, false, RadioAccess::none);
  EXPECT_EQ(feed.estimator.interval().low, Bps{0});
  EXPECT_EQ(feed.estimator.shaper(), Bps{500'000});
  feed.radio(MilliDb{15'000});
  EXPECT_GE(feed.estimator.shaper(), Bps{4'000'000});
  EXPECT_GT(feed.estimator.interval().low, Bps{4'000'000});
}

TEST(UplinkEstimator, AnInterfaceThatGoesDownLeavesNothingForSure) {
  Feed feed;
  feed.run(3, 5);
  feed.run(0.1, 0);
  UplinkEstimator& estimator = feed.estimator;
  estimator.observe(LinkCounters{LinkName{"lte"}, at(60), false, 0, 0, 0});
  EXPECT_EQ(estimator.interval().low, Bps{0});
  EXPECT_EQ(estimator.shaper(), Bps{500'000});
  estimator.observe(LinkCounters{LinkName{"lte"}, at(61), true, 0, 0, 0});
  EXPECT_GT(estimator.interval().low, Bps{4'000'000});
}

TEST(UplinkEstimator, ASinrCollapseCutsAtOnceAndASmallFadeDoesNot) {
  Feed feed;
  feed.run(3, 5);
  for (int i = 0; i < 5; ++i) feed.radio(MilliDb{18'000});
  feed.radio(MilliDb{12'000});
  EXPECT_EQ(feed.estimator.shaper(), Bps{9'200'000});
  feed.radio(MilliDb{5'000});
  EXPECT_EQ(feed.estimator.shaper(), Bps{4'600'000});
  EXPECT_EQ(feed.estimator.interval().low, Bps{5'000'000});
}

TEST(UplinkEstimator, RsrpAloneWeighsLessAndNothingBesideASteadySinr) {
  Feed alone;
  alone.run(3, 5);
  alone.radio(std::nullopt, true, RadioAccess::lte, MilliDb{-85'000});
  alone.radio(std::nullopt, true, RadioAccess::lte, MilliDb{-100'000});
  EXPECT_EQ(alone.estimator.shaper(), Bps{6'440'000});
  Feed both;
  both.run(3, 5);
  both.radio(MilliDb{15'000}, true, RadioAccess::lte, MilliDb{-85'000});
  both.radio(MilliDb{15'000}, true, RadioAccess::lte, MilliDb{-100'000});
  EXPECT_EQ(both.estimator.shaper(), Bps{9'200'000});
}

TEST(UplinkEstimator, AFallToAnOlderAccessHalves) {
  Feed feed;
  feed.run(3, 5);
  feed.radio(std::nullopt, true, RadioAccess::lte);
  feed.radio(std::nullopt, true, RadioAccess::umts);
  EXPECT_EQ(feed.estimator.shaper(), Bps{4'600'000});
}

TEST(UplinkEstimator, AProbeThatStopsBeingReportedIsNoNewsAboutTheLink) {
  Feed feed;
  feed.run(5, 8);
  double now = feed.now();
  std::uint64_t bytes = 2'000'000'000;
  for (int i = 0; i < 40; ++i) {
    now += 0.5;
    bytes += 500'000;
    feed.estimator.observe(LinkCounters{LinkName{"lte"}, at(now), true, bytes, 0, 0});
  }
  EXPECT_GE(feed.estimator.shaper(), Bps{9'000'000});
}

/// A modem that carries `carries`, pushes back, and has no probe; the router takes what is wanted.
void run_without_probe(UplinkEstimator& estimator, double from, double for_s, double carries) {
  static std::uint64_t bytes = 0;
  static std::uint64_t drops = 0;
  double in_force = static_cast<double>(estimator.shaper().count);
  estimator.shaper_in_force(estimator.shaper());
  for (double now = from + 0.5; now <= from + for_s; now += 0.5) {
    bytes += static_cast<std::uint64_t>(std::min(in_force, carries) / 8 / 2);
    drops += 100'000;
    const Instant when = at(now);
    estimator.observe(
        ClassCounters{LinkName{"lte"}, ClassName{"video"}, when, bytes, drops, 90'000});
    estimator.observe(LinkCounters{LinkName{"lte"}, when, true, bytes, 0, 0});
    in_force = static_cast<double>(estimator.shaper().count);
    estimator.shaper_in_force(estimator.shaper());
  }
}

TEST(UplinkEstimator, FollowsAModemThatPushesBackByCountersAloneDownAndUp) {
  UplinkEstimator estimator{lte()};
  run_without_probe(estimator, 0, 20, 8e6);
  EXPECT_GE(estimator.shaper(), Bps{7'000'000});
  EXPECT_LE(estimator.shaper(), Bps{9'200'000});
  run_without_probe(estimator, 20, 1, 1e6);
  EXPECT_LE(estimator.shaper(), Bps{1'000'000});
  run_without_probe(estimator, 21, 60, 8e6);
  EXPECT_GE(estimator.shaper(), Bps{7'000'000});
}

TEST(UplinkEstimator, WithoutProbeAndWithoutPushBackItStaysWhereItIsKnownToBeSafe) {
  UplinkEstimator estimator{lte()};
  run_without_probe(estimator, 0, 60, 100e6);
  EXPECT_EQ(estimator.shaper(), Bps{9'200'000});
}

TEST(UplinkEstimator, DriftsBackToThePromiseInBoundedStepsWhileNothingIsSent) {
  Feed feed;
  feed.run(3, 5);
  for (int i = 0; i < 5; ++i) feed.radio(MilliDb{25'000});
  feed.radio(MilliDb{5'000});
  feed.radio(MilliDb{-6'000});
  EXPECT_EQ(feed.estimator.shaper(), Bps{2'300'000});
  feed.run(2, 0);
  EXPECT_EQ(feed.estimator.shaper(), Bps{2'300'000});
  for (int i = 0; i < 60; ++i) {
    const Bps before = feed.estimator.shaper();
    feed.run(1, 0);
    ASSERT_LE(feed.estimator.shaper(), before * 155 / 100);
    feed.estimator.shaper_in_force(feed.estimator.shaper());
  }
  EXPECT_GE(feed.estimator.shaper(), Bps{8'300'000});
  EXPECT_LE(feed.estimator.shaper(), Bps{9'200'000});
}

TEST(UplinkEstimator, AHandoversSecondIsNotARate) {
  Feed feed;
  feed.run(20, 4);
  feed.run(1, 4, milliseconds(900));  // nothing went out for a second
  feed.run(1, 4);
  EXPECT_GE(feed.estimator.shaper(), Bps{9'000'000});
  EXPECT_GE(feed.estimator.interval().low, Bps{9'000'000});
}

/// Four seconds of bursts: `dropped` bytes a reading that did not fit their queue, something
/// standing at every reading, and half of the shaper's rate sent.
Bps after_bursts(std::uint64_t dropped, bool policed) {
  Feed feed;
  feed.run(5, 4.5);
  UplinkEstimator& estimator = feed.estimator;
  if (policed) estimator.policed({ClassName{"realtime"}});
  for (int i = 1; i <= 8; ++i) {
    estimator.observe(ClassCounters{LinkName{"lte"}, ClassName{"realtime"}, at(feed.now()),
                                    static_cast<std::uint64_t>(i) * 280'000,
                                    static_cast<std::uint64_t>(i) * dropped, 20'000});
    feed.run(0.4, 4.5);
  }
  return estimator.shaper();
}

TEST(UplinkEstimator, BurstsThatDoNotFitTheirQueueAreNoModemThatPushesBack) {
  EXPECT_EQ(after_bursts(0, false), Bps{9'200'000});
  EXPECT_EQ(after_bursts(20'000, false), Bps{9'200'000});
  EXPECT_EQ(after_bursts(300'000, true), Bps{9'200'000});
}

TEST(UplinkEstimator, TellsSinceWhenTheLinkIsDisturbedAndForgetsIt) {
  Feed feed;
  feed.run(5, 4);
  EXPECT_EQ(feed.estimator.disturbed_since(), std::nullopt);
  feed.run(1, 4, milliseconds(300));
  const auto since = feed.estimator.disturbed_since();
  ASSERT_TRUE(since);
  feed.run(2, 4);
  EXPECT_EQ(feed.estimator.disturbed_since(), since);
  feed.run(4, 4);
  EXPECT_EQ(feed.estimator.disturbed_since(), std::nullopt);
}

TEST(UplinkEstimator, AnIntervalThatNothingRenewsGrowsOld) {
  Feed feed;
  feed.run(10, 7);
  const Instant measured = feed.estimator.interval().observed_at;
  EXPECT_GE(measured, at(8));
  feed.run(1, 0);  // nothing is sent from here on, so nothing is learnt
  const Instant idle = feed.estimator.interval().observed_at;
  feed.run(20, 0);
  EXPECT_EQ(feed.estimator.interval().observed_at, idle);
}

TEST(UplinkEstimator, RandomSamplesNeverLeaveTheLinksBounds) {
  std::mt19937_64 random{5};
  for (int game = 0; game < 50; ++game) {
    UplinkEstimator estimator{lte()};
    std::int64_t now = 0;
    std::uint64_t bytes = 0;
    for (int i = 0; i < 2000; ++i) {
      now += static_cast<std::int64_t>(random() % 900'000) - 100'000;
      bytes = random() % 50 == 0 ? 0 : bytes + random() % 2'000'000;
      const Instant when{now};
      switch (random() % 5) {
        case 0:
          estimator.observe(
              LinkCounters{LinkName{"lte"}, when, random() % 20 != 0, bytes, bytes, 0});
          break;
        case 1: {
          std::optional<Micros> rtt;
          if (random() % 8 != 0) rtt = Micros{static_cast<std::int64_t>(random() % 2'000'000)};
          estimator.observe(ProbeSample{LinkName{"lte"}, when, rtt});
          break;
        }
        case 2:
          estimator.observe(ClassCounters{LinkName{"lte"}, ClassName{"class-default"}, when,
                                          random() % 3 ? bytes : random(), random(),
                                          random() % 3 ? random() % 100'000 : random()});
          break;
        case 3: {
          RadioSample sample;
          sample.observed_at = when;
          sample.in_service = random() % 30 != 0;
          sample.access = static_cast<RadioAccess>(random() % 6);
          sample.sinr = MilliDb{static_cast<std::int64_t>(random() % 50'000) - 20'000};
          estimator.observe(sample);
          break;
        }
        case 4:
          estimator.shaper_in_force(estimator.shaper());
          break;
      }
      ASSERT_GE(estimator.shaper(), lte().uplink_floor);
      ASSERT_LE(estimator.shaper(), lte().uplink_ceiling);
      ASSERT_GE(estimator.interval().low, Bps{0});
      ASSERT_LE(estimator.interval().low, estimator.interval().high);
      ASSERT_GE(estimator.jitter(), Micros{0});
    }
  }
}

}  // namespace
}  // namespace wanwise::core
