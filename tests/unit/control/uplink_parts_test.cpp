// The estimator's parts on their own: windowed minimum, byte meter, class queues, probes.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "engine/core/uplink/class_backlog.hpp"
#include "engine/core/uplink/probe_history.hpp"
#include "engine/core/uplink/shaper_control.hpp"
#include "engine/core/uplink/sustained_rate.hpp"
#include "engine/core/uplink/tx_meter.hpp"
#include "engine/core/uplink/windowed_min.hpp"

namespace wanwise::core {
namespace {

Instant at_ms(std::int64_t ms) {
  return Instant{ms * 1000};
}

TEST(WindowedMin, AgreesWithLookingAtTheWholeWindow) {
  std::mt19937_64 random{3};
  WindowedMin window{seconds(10), 4096};
  std::vector<std::pair<Instant, Micros>> all;
  Instant now{0};
  for (int i = 0; i < 5000; ++i) {
    now = now + Micros{static_cast<std::int64_t>(random() % 900'000)};
    const Micros value{static_cast<std::int64_t>(random() % 1000)};
    window.add(now, value);
    all.emplace_back(now, value);
    Micros least{1'000'000};
    for (std::size_t k = all.size(); k-- > 0 && all[k].first >= now - seconds(10);) {
      least = std::min(least, all[k].second);
    }
    ASSERT_EQ(window.value(), least);
  }
}

TEST(WindowedMin, StaysWithinItsLimitAndKeepsTheMinimum) {
  WindowedMin window{seconds(1000), 8};
  for (int i = 0; i < 100; ++i) window.add(at_ms(i), Micros{i});
  EXPECT_EQ(window.size(), 8U);
  EXPECT_EQ(window.value(), Micros{0});
}

TEST(TxMeter, InterpolatesWithinAndExtrapolatesBeyondItsSamples) {
  TxMeter meter;
  EXPECT_EQ(meter.observe(at_ms(0), 1000), TxMeter::Taken::started);
  EXPECT_EQ(meter.observe(at_ms(1000), 2000), TxMeter::Taken::measured);
  EXPECT_EQ(meter.observe(at_ms(2000), 5000), TxMeter::Taken::measured);
  EXPECT_DOUBLE_EQ(meter.rate(), 24'000);
  EXPECT_DOUBLE_EQ(meter.bits_between(at_ms(500), at_ms(1500)).value(), 4000 + 12'000);
  EXPECT_DOUBLE_EQ(meter.bits_between(at_ms(1000), at_ms(2500)).value(), 24'000 + 12'000);
  EXPECT_FALSE(meter.bits_between(at_ms(-1), at_ms(500)));
  EXPECT_FALSE(meter.bits_between(at_ms(500), at_ms(500)));
}

TEST(TxMeter, StartsAnewWhenTheCounterFell) {
  TxMeter meter;
  meter.observe(at_ms(0), 1000);
  meter.observe(at_ms(1000), 2000);
  EXPECT_EQ(meter.observe(at_ms(2000), 10), TxMeter::Taken::started);
  EXPECT_FALSE(meter.has_rate());
  EXPECT_EQ(meter.rate(), 0);
  EXPECT_EQ(meter.resets(), 1U);
  EXPECT_FALSE(meter.bits_between(at_ms(500), at_ms(2000)));
}

TEST(TxMeter, IgnoresCrowdedSamplesWithoutLosingTheirBytes) {
  TxMeter meter;
  meter.observe(at_ms(0), 0);
  EXPECT_EQ(meter.observe(at_ms(99), 1'000'000), TxMeter::Taken::ignored);
  EXPECT_EQ(meter.observe(at_ms(500), 1'000'000), TxMeter::Taken::measured);
  EXPECT_DOUBLE_EQ(meter.rate(), 16e6);
}

TEST(TxMeter, ForgetsTheOldestOfALongHistory) {
  TxMeter meter;
  for (int i = 0; i <= 200; ++i) {
    meter.observe(at_ms(500 * i), static_cast<std::uint64_t>(1000 * i));
  }
  EXPECT_FALSE(meter.bits_between(at_ms(0), at_ms(100'000)));
  EXPECT_DOUBLE_EQ(meter.bits_between(at_ms(90'000), at_ms(100'000)).value(), 20 * 8000.0);
}

ClassCounters queue(const char* name, std::int64_t ms, std::uint64_t tx, std::uint64_t drop,
                    std::uint64_t standing) {
  return {LinkName{"lte"}, ClassName{name}, at_ms(ms), tx, drop, standing};
}

TEST(ClassBacklog, AProbeWaitsForItsOwnClassAndOneRoundOfTheOthers) {
  ClassBacklog backlog;
  backlog.observe(queue("video", 0, 0, 0, 90'000));
  backlog.observe(queue("class-default", 0, 0, 0, 0));
  EXPECT_EQ(backlog.probe_wait(at_ms(0), 1e6), milliseconds(24));
  backlog.observe(queue("class-default", 500, 0, 0, 12'500));
  EXPECT_EQ(backlog.probe_wait(at_ms(0), 1e6), milliseconds(124));
}

TEST(ClassBacklog, CountsTheWholeBacklogWhereTheProbesClassIsNotReported) {
  ClassBacklog backlog;
  backlog.observe(queue("video", 0, 0, 0, 12'500));
  EXPECT_EQ(backlog.probe_wait(at_ms(0), 1e6), milliseconds(124));
  EXPECT_EQ(backlog.probe_wait(at_ms(1), 1e6), Micros{0}) << "too old to speak for now";
}

TEST(ClassBacklog, TellsWhatShareOfTheProbesClassItsQueueDropped) {
  ClassBacklog backlog;
  backlog.observe(queue("class-default", 0, 0, 0, 0));
  backlog.observe(queue("class-default", 500, 3000, 1000, 0));
  EXPECT_DOUBLE_EQ(backlog.probe_drop_share(at_ms(500)), 0.25);
  backlog.observe(queue("class-default", 1000, 6000, 0, 0));
  EXPECT_DOUBLE_EQ(backlog.probe_drop_share(at_ms(500)), 0) << "a smaller count is a reset";
}

TEST(ClassBacklog, BoundsTheNumberOfClassesAndCountsTheOthers) {
  ClassBacklog backlog;
  for (std::size_t i = 0; i < ClassBacklog::kMaxClasses + 5; ++i) {
    backlog.observe(queue(std::to_string(i).c_str(), 0, 0, 0, 1));
  }
  EXPECT_EQ(backlog.overflow(), 5U);
  EXPECT_EQ(backlog.standing(at_ms(0)), static_cast<std::int64_t>(ClassBacklog::kMaxClasses));
}

TEST(ProbeHistory, KnowsHowLongTheNextProbeHasBeenAway) {
  ProbeHistory probes{milliseconds(50)};
  probes.observe({LinkName{"lte"}, at_ms(0), milliseconds(50)});
  EXPECT_EQ(probes.away(at_ms(5000)), Micros{0}) << "no pace known yet";
  probes.observe({LinkName{"lte"}, at_ms(1000), milliseconds(50)});
  EXPECT_EQ(probes.away(at_ms(1500)), Micros{0});
  EXPECT_EQ(probes.away(at_ms(2300)), milliseconds(300));
}

TEST(ProbeHistory, AQueueThatStoodBeforeTheFirstProbeDoesNotBecomeTheBase) {
  ProbeHistory probes{milliseconds(50)};
  probes.observe({LinkName{"lte"}, at_ms(0), milliseconds(400)});
  EXPECT_EQ(probes.inflation(milliseconds(400)), milliseconds(350));
  probes.observe({LinkName{"lte"}, at_ms(61'000), milliseconds(400)});
  EXPECT_EQ(probes.inflation(milliseconds(400)), Micros{0}) << "a minute of it is the path";
}

TEST(ProbeHistory, ThresholdIsTwentyMillisecondsHalfTheBaseOrEightPacketsOfService) {
  ProbeHistory probes{milliseconds(30)};
  EXPECT_EQ(probes.threshold(10e6), milliseconds(20));
  probes.observe({LinkName{"lte"}, at_ms(0), milliseconds(80)});
  EXPECT_EQ(probes.threshold(10e6), milliseconds(40));
  EXPECT_EQ(probes.threshold(1e6), milliseconds(96));
  EXPECT_EQ(probes.threshold(0.1e6), milliseconds(250));
}

TEST(SustainedRate, WaitsOutAFadeAndBelievesItAfterTheWindow) {
  SustainedRate rate{seconds(8)};
  rate.observe(at_ms(0), Bps{10});
  rate.observe(at_ms(1000), Bps{1});
  rate.observe(at_ms(7900), Bps{2});
  EXPECT_EQ(rate.value(), Bps{10});
  rate.observe(at_ms(8100), Bps{1});
  EXPECT_EQ(rate.value(), Bps{2}) << "the largest since the fade began";
  rate.observe(at_ms(9000), Bps{12});
  EXPECT_EQ(rate.value(), Bps{12}) << "up at once";
}

TEST(SustainedRate, NothingCarriedIsNoFade) {
  SustainedRate rate{seconds(8)};
  rate.observe(at_ms(0), Bps{10});
  rate.observe(at_ms(1000), Bps{0});
  EXPECT_EQ(rate.value(), Bps{0});
}

TEST(SustainedRate, IgnoresLateEstimatesAndStaysBoundedUnderAMadClock) {
  SustainedRate rate{seconds(8)};
  rate.observe(at_ms(5000), Bps{10});
  rate.observe(at_ms(1000), Bps{99});
  EXPECT_EQ(rate.value(), Bps{10});
  for (int i = 0; i < 10'000; ++i) rate.observe(at_ms(5000), Bps{20'000 - i});
  EXPECT_GE(rate.value(), Bps{10'001});
  EXPECT_LE(rate.value(), Bps{20'000});
}

TEST(ClassBacklog, WhatAPolicerDropsDidNotWaitForTheShaper) {
  ClassBacklog backlog;
  const auto sample = [](const char* name, std::int64_t at, std::uint64_t drops) {
    return ClassCounters{LinkName{"lte"}, ClassName{name}, at_ms(at), 0, drops, 3'000};
  };
  for (const char* name : {"realtime", "video"}) {
    backlog.observe(sample(name, 0, 0));
    backlog.observe(sample(name, 1000, 50'000));
  }
  EXPECT_EQ(backlog.withheld(at_ms(0)), 100'000);
  backlog.policed({ClassName{"realtime"}});
  EXPECT_EQ(backlog.withheld(at_ms(0)), 50'000);
}

TEST(ShaperControl, AComebackThatFailsAtItsFirstUseIsBelievedLessAndForLonger) {
  ShaperControl control({10e6, 0.5e6, 20e6});
  const double trusted = control.rate();
  Instant now{};
  control.blackout(now, ShaperControl::Cause::link);
  control.service_back(now + seconds(1), false);
  EXPECT_DOUBLE_EQ(control.rate(), trusted / 2);
  control.note_use(now + seconds(5), true);
  control.blackout(now + seconds(6), ShaperControl::Cause::link);
  control.service_back(now + seconds(7), false);
  EXPECT_DOUBLE_EQ(control.rate(), trusted / 4);
  EXPECT_FALSE(control.drift(now + seconds(8), seconds(1))) << "nothing is hoped for";
}

TEST(ShaperControl, AComebackThatWasUsedForLongHasNotFailed) {
  ShaperControl control({10e6, 0.5e6, 20e6});
  Instant now{};
  control.blackout(now, ShaperControl::Cause::link);
  control.service_back(now + seconds(1), false);
  control.note_use(now + seconds(5), true);
  control.note_use(now + seconds(16), true);
  control.blackout(now + seconds(17), ShaperControl::Cause::link);
  control.service_back(now + seconds(18), false);
  EXPECT_TRUE(control.drift(now + seconds(20), seconds(1)));
}

}  // namespace
}  // namespace wanwise::core
