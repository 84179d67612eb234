// What has to hold for any decision and configuration: determinism, common random numbers,
// conservation, and where the queue stands. Zero load, monotonicity and irrelevance on random
// sites: tests/acceptance.
#include <gtest/gtest.h>

#include <functional>

#include "sim/world/air/generate.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using core::milliseconds;

struct Outcome {
  std::uint64_t arrivals, checksum, events;
  bool operator==(const Outcome&) const = default;
};

Outcome run(std::uint64_t seed, const std::function<void(World&)>& decide) {
  WorldConfig c = config(seed);
  const auto lte =
      generate(lte_driving(core::Bps{8'000'000}, core::Bps{16'000'000}), core::seconds(60), seed);
  c.links[0] = {kLte, lte.uplink, lte.downlink, lte.radio};
  c.model.policy.workloads[1].rate = core::MilliHz{40'000};  // fast enough to be Poisson
  c.model.policy.workloads[1].ladder[0].rate = core::MilliHz{40'000};
  World world(std::move(c));
  decide(world);
  world.advance_to(at_ms(30'000));
  return {world.arrival_hash(), world.checksum(), world.events()};
}

TEST(WorldProperties, SameSeedSameRunBitByBit) {
  const auto decide = [](World& w) {
    w.configure(qos(core::Bps{6'000'000}));
    w.place(kA, kCloud, 0);
    w.place(kB, kTx2, 1);
  };
  const Outcome first = run(5, decide);
  EXPECT_EQ(first, run(5, decide));
  EXPECT_NE(first.checksum, run(6, decide).checksum);
  EXPECT_NE(first.arrivals, run(6, decide).arrivals);
}

// Changes whenever the model changes: then look at the difference, and pin the new values.
TEST(WorldProperties, RunIsTheSameOnEveryCompilerAndMachine) {
  const Outcome seen = run(5, [](World& w) {
    w.configure(qos(core::Bps{6'000'000}));
    w.place(kA, kCloud, 0);
    w.place(kB, kTx2, 1);
  });
  EXPECT_EQ(seen.arrivals, 16613536253902509516ULL);
  EXPECT_EQ(seen.checksum, 16686421265140635972ULL);
  EXPECT_EQ(seen.events, 45077ULL);
}

TEST(WorldProperties, ArrivalsAreTheSameWhateverIsDecided) {
  const auto nothing = run(5, [](World&) {}).arrivals;
  EXPECT_EQ(nothing, run(5, [](World& w) { w.place(kA, kTx2, 0); }).arrivals);
  EXPECT_EQ(nothing, run(5, [](World& w) {
                       w.place(kA, kCloud, 1);
                       w.place(kB, kCloud, 2);
                       w.configure(qos(core::Bps{2'000'000}));
                       w.advance_to(at_ms(10'000));
                       w.place(kA, std::nullopt, 0);
                       w.set_alive(kCloud, false);
                       w.set_uplink_factor(kLte, core::Ppm{50'000});
                     }).arrivals);
}

TEST(WorldProperties, EveryRequestIsAccountedForAtAnyMoment) {
  WorldConfig c = config();
  c.tuning.packet_loss = core::Ppm{20'000};
  c.model.policy.workloads[1].transport = core::Transport::udp;
  World world(std::move(c));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 1);
  for (int i = 1; i <= 300; ++i) {
    world.advance_to(at_ms(i * 100));
    if (i == 80) world.set_uplink_factor(kLte, core::Ppm{50'000});
    if (i == 150) world.set_alive(kCloud, false);
    if (i == 200) world.place(kA, kTx2, 0);
    if (i == 250) world.set_alive(kTx2, false);
    for (const auto& name : {kA, kB}) {
      const auto t = world.totals(name);
      ASSERT_EQ(t.generated, t.skipped + t.completed + t.lost + t.in_flight) << i;
      ASSERT_GE(t.in_flight, 0);
    }
  }
  EXPECT_GT(world.totals(kA).lost, 10);
  EXPECT_GT(world.totals(kB).lost, 10);
  EXPECT_GT(world.totals(kA).completed, 50);
}

TEST(WorldProperties, LittlesLawHoldsForTheWholeSystem) {
  WorldConfig c = config();
  c.model.policy.workloads[0].objective.quantile = core::Ppm{500'000};
  World world(std::move(c));
  world.place(kA, kCloud, 0);
  world.advance_to(at_ms(5'000));
  (void)world.take_sample(kA);
  double area = 0;
  constexpr int kSamples = 60'000;
  for (int i = 1; i <= kSamples; ++i) {
    world.advance_to(at_ms(5'000 + i));
    area += static_cast<double>(world.totals(kA).in_flight) / kSamples;
  }
  const auto sample = world.take_sample(kA);
  const double rate = static_cast<double>(sample.completed) / (kSamples * 1e-3);
  // Latencies are symmetric here (uniform sizes), so their median stands for the mean.
  EXPECT_NEAR(area / (rate * static_cast<double>(sample.latency->count) * 1e-6), 1, 0.03);
}

// The whole point of the shaper: 8 Mb/s of uplink, 9.3 Mb/s of demand.
struct Shaped {
  core::Micros rtt;  ///< worst of the probe; a timeout counts as its second
  core::WorkloadSample priority;
};
Shaped with_shaper(std::int64_t bps) {
  WorldConfig c = config();
  c.links[0].uplink = constant_rate(core::Bps{8'000'000});
  c.model.policy.workloads[0].request = core::Bytes{15'000};
  World world(std::move(c));
  world.configure(qos(core::Bps{bps}));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  world.set_demand(kB, core::Ppm{2'200'000});
  world.advance_to(at_ms(10'000));
  (void)world.take_sample(kA);
  Shaped worst{};
  for (int s = 11; s <= 30; ++s) {
    world.advance_to(at_ms(s * 1000));
    worst.rtt = std::max(worst.rtt, world.probe(10)->rtt.value_or(core::seconds(1)));
  }
  worst.priority = world.take_sample(kA);
  return worst;
}

TEST(WorldProperties, ShaperAboveTheModemsRateLetsTheQueueStandInTheModem) {
  const Shaped above = with_shaper(20'000'000);
  EXPECT_GT(above.rtt, milliseconds(500));
  EXPECT_GT(above.priority.missed, above.priority.arrived * 9 / 10);
}

TEST(WorldProperties, ShaperBelowTheModemsRateKeepsThePriorityClassFast) {
  const Shaped below = with_shaper(7'500'000);
  EXPECT_LT(below.rtt, milliseconds(80));
  EXPECT_EQ(below.priority.missed, 0);
  EXPECT_LT(*below.priority.latency, milliseconds(100));
}

TEST(WorldProperties, FactorOnTheUplinkShowsOnTheRadioToo) {
  WorldConfig c = config();
  const auto lte =
      generate(nr_static(core::Bps{20'000'000}, core::Bps{60'000'000}), core::seconds(60), 1);
  c.links[0] = {kLte, lte.uplink, lte.downlink, lte.radio};
  World world(std::move(c));
  world.advance_to(at_ms(5'000));
  const auto before = world.radio(kLte);
  world.set_uplink_factor(kLte, core::Ppm{100'000});
  const auto after = world.radio(kLte);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(*after->rsrp_dbm, *before->rsrp_dbm - 10);
  EXPECT_NEAR(static_cast<double>(after->sinr->count),
              static_cast<double>(before->sinr->count) - 10'000, 1);
  EXPECT_FALSE(world.radio(core::LinkName{"wired"}).has_value());
}

}  // namespace
}  // namespace wanwise::sim::testing
