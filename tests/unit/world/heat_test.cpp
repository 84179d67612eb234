// Heat and energy: closed forms of a first-order system, hysteresis, exact energy by hand.
#include "sim/world/compute/heat_state.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "sim/world/compute/energy_meter.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using core::Ppm;
using core::seconds;

constexpr double kStepSeconds = static_cast<double>(HeatState::kStep) * 1e-9;

/// Seconds until the condition holds, at this share of power.
double seconds_until(HeatState& heat, double power, const std::function<bool()>& holds) {
  for (int steps = 0; steps < 1'000'000; ++steps) {
    if (holds()) return steps * kStepSeconds;
    heat.step(power);
  }
  return INFINITY;
}

TEST(HeatState, FollowsTheExponentialOfOneTimeConstant) {
  HeatState heat(Heat{});
  EXPECT_EQ(heat.temperature(), 25);
  for (int i = 1; i <= 6000; ++i) {
    heat.step(.5);
    ASSERT_NEAR(heat.temperature(), 25 + 30 * (1 - std::exp(-i * kStepSeconds / 120)), 1e-9);
  }
}

TEST(HeatState, ThrottlesAboveItsThresholdAndReleasesBelowALowerOne) {
  HeatState heat(Heat{});
  const auto throttled = [&] { return heat.slowdown() == Ppm{1'500'000}; };
  // 25 + 60 (1 - e^(-t/120)) = 80; then from 80 towards 25 + 60/2.25 until 75.
  EXPECT_NEAR(seconds_until(heat, 1, throttled), 120 * std::log(12.0), .11);
  const double to = 25 + 60 / 2.25;
  EXPECT_NEAR(seconds_until(heat, 1 / 2.25, [&] { return !throttled(); }),
              120 * std::log((80 - to) / (75 - to)), .2);
  EXPECT_LT(heat.temperature(), 75);
  EXPECT_GT(heat.temperature(), 74.8);
  EXPECT_NEAR(seconds_until(heat, 1, throttled), 120 * std::log(10.0 / 5), .4);  // again
}

TEST(HeatState, NeverThrottlesWhereItDoesNotGetThatHot) {
  HeatState heat(Heat{});
  for (int i = 0; i < 100'000; ++i) heat.step(.9);
  EXPECT_NEAR(heat.temperature(), 79, 1e-6);
  EXPECT_EQ(heat.slowdown(), core::kWhole);
}

TEST(EnergyMeter, AddsIdleAndBusyPowerExactly) {
  EnergyMeter meter({2'000, 6'000});
  const auto s = [](std::int64_t n) { return n * kNanosPerSecond; };
  meter.account(s(10), s(4), core::kWhole, true);
  EXPECT_EQ(meter.millijoules(), 20'000 + 24'000);
  meter.account(s(20), s(13), Ppm{1'500'000}, true);  // 9 s of work at 6 W / 1.5^2
  EXPECT_EQ(meter.millijoules(), 44'000 + 20'000 + 24'000);
  meter.account(s(120), s(13), core::kWhole, false);  // off
  EXPECT_EQ(meter.millijoules(), 88'000);
  meter.account(s(121), s(15), core::kWhole, true);  // two servers
  EXPECT_EQ(meter.millijoules(), 88'000 + 2'000 + 12'000);
}

TEST(EnergyMeter, HoldsYearsOfALargeCloud) {
  EnergyMeter meter({1'000'000, 300'000});
  const Nanos year = Nanos{365} * 86'400 * kNanosPerSecond;
  meter.account(year, year * 100, Ppm{1'234'567}, true);
  const double joules = 1'000 * 31'536'000.0 + 300 * 100 / (1.234567 * 1.234567) * 31'536'000.0;
  EXPECT_NEAR(static_cast<double>(meter.millijoules()) / (joules * 1e3), 1, 1e-12);
}

/// One request a second of 15 ms exactly on the TX2.
WorldConfig steady() {
  WorldConfig c = config();
  c.model.policy.workloads.resize(1);
  c.model.policy.workloads[0].rate = core::MilliHz{1'000};
  TargetTuning tx2;
  tx2.target = kTx2;
  tx2.shape = ServiceShape::constant;
  tx2.power = Power{2'000, 6'000};
  c.tuning.targets = {tx2};
  return c;
}

TEST(WorldEnergy, IsTheIntegralOfIdleAndBusyPower) {
  World world(steady());
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(60'500));
  const auto done = world.totals(kA).completed;
  ASSERT_EQ(world.totals(kA).in_flight, 0);
  // The first one was cold: three times 15 ms. 6 W * 15 ms = 90 mJ.
  EXPECT_EQ(world.energy_mj(kTx2), 2 * 60'500 + 90 * (done + 2));
  world.set_power_mode(kTx2, core::PowerModeName{"MAX-Q"});
  world.advance_to(at_ms(120'500));
  const auto slow = world.totals(kA).completed - done;
  ASSERT_EQ(world.totals(kA).in_flight, 0);
  // MAX-Q: 1.5 times as long at 6 W / 2.25.
  EXPECT_EQ(world.energy_mj(kTx2), 2 * 120'500 + 90 * (done + 2) + 60 * slow);
  EXPECT_EQ(world.energy_mj(kCloud), 0);
  world.set_alive(kTx2, false);
  const auto dead = world.energy_mj(kTx2);
  world.advance_to(at_ms(180'000));
  EXPECT_EQ(world.energy_mj(kTx2), dead);
}

/// 80 requests a second of 15 ms: more than the TX2 can serve.
WorldConfig saturated(Heat heat) {
  WorldConfig c = steady();
  c.model.policy.workloads[0].rate = core::MilliHz{80'000};
  c.model.policy.workloads[0].ladder[0].rate = core::MilliHz{80'000};
  c.tuning.targets[0].heat = heat;
  return c;
}

TEST(WorldHeat, ASaturatedNodeThrottlesByItselfAndShowsIt) {
  World world(saturated(Heat{}));
  world.place(kA, kTx2, 0);
  world.advance_to(at_ms(200'000));
  const auto warm = world.target(kTx2);
  EXPECT_EQ(warm.throttle, core::kWhole);
  EXPECT_NEAR(*warm.temperature_c, 25 + 60 * (1 - std::exp(-199.0 / 120)), 1);
  std::optional<int> throttled_at;
  bool released = false;
  for (int s = 201; s <= 340; ++s) {
    world.advance_to(at_ms(s * 1000));
    const bool slow = world.target(kTx2).throttle == Ppm{1'500'000};
    if (slow && !throttled_at) throttled_at = s;
    if (throttled_at && !slow) released = true;
  }
  ASSERT_TRUE(throttled_at);
  EXPECT_NEAR(*throttled_at, 120 * std::log(12.0) + 1, 3);
  EXPECT_TRUE(released);
}

TEST(WorldHeat, ThrottledServiceTakesLonger) {
  Heat hot;
  hot.time_constant = seconds(1);
  hot.throttle_at_c = 26;
  hot.release_at_c = 25;  // stays hot
  for (const bool heated : {false, true}) {
    WorldConfig c = steady();
    c.model.policy.workloads[0].rate = core::MilliHz{20'000};
    if (heated) c.tuning.targets[0].heat = hot;
    World world(std::move(c));
    world.place(kA, kTx2, 0);
    world.advance_to(at_ms(20'000));
    (void)world.take_sample(kA);
    world.advance_to(at_ms(40'000));
    const core::Micros lan = core::milliseconds(2);
    EXPECT_EQ(*world.take_sample(kA).latency, lan + core::Micros{heated ? 22'500 : 15'000});
  }
}

TEST(WorldHeat, LowerPowerModesStayCooler) {
  World world(saturated(Heat{}));
  world.place(kA, kTx2, 0);
  world.set_power_mode(kTx2, core::PowerModeName{"MAX-Q"});
  world.advance_to(at_ms(1'000'000));
  const auto seen = world.target(kTx2);
  EXPECT_EQ(seen.temperature_c, 52);  // 25 + 60 / 2.25
  EXPECT_EQ(seen.throttle, core::kWhole);
}

TEST(WorldHeat, AThrottleSetFromOutsideHoldsWhereItIsMore) {
  World world(saturated(Heat{}));
  world.set_throttle(kTx2, Ppm{1'400'000});
  EXPECT_EQ(world.target(kTx2).throttle, Ppm{1'400'000});
  EXPECT_EQ(world.target(kTx2).temperature_c, 25);
}

TEST(WorldHeat, WithoutAHeatModelThereIsNoTemperature) {
  World world(steady());
  EXPECT_FALSE(world.target(kTx2).temperature_c.has_value());
}

}  // namespace
}  // namespace wanwise::sim::testing
