// Laws of sources and targets inside a world: what holds for any of them.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "sim/world/compute/service_time.hpp"
#include "sim/world/compute/tuning_check.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using core::Micros;
using core::Ppm;
using core::seconds;

const core::SourceName kCameras{"cameras"};

TargetTuning tuned(const core::TargetName& name) {
  TargetTuning tuning;
  tuning.target = name;
  return tuning;
}

/// Everything at once: bursts and a gated camera; a node that shares its time and gets hot, a cloud
/// that batches and scales.
WorldConfig everything(std::uint64_t seed = 5) {
  WorldConfig c = config(seed);
  c.model.profiles[core::DeviceName{"cloud-t4"}] = device("cloud-t4", 30'000, 40'000);
  c.tuning.sources = {
      {kA,
       kCameras,
       {Mmpp2Arrivals{Ppm{200'000}, seconds(4), seconds(2)},
        Diurnal{seconds(40), Ppm{500'000}, seconds(10)}}},
      {kB, kCameras, {PeriodicArrivals{Ppm{50'000}, MotionGate{seconds(5), seconds(2)}}, {}}}};
  TargetTuning tx2 = tuned(kTx2);
  tx2.discipline = Discipline::processor_sharing;
  tx2.heat = Heat{25, 60, seconds(5), 32, 30, Ppm{1'400'000}};
  tx2.power = Power{2'000, 6'000};
  TargetTuning cloud = tuned(kCloud);
  cloud.shape = ServiceShape::exponential;
  cloud.batching = Batching{4, core::milliseconds(2), Ppm{300'000}};
  cloud.autoscale = Autoscale{1, 6, Ppm{200'000}, seconds(2), seconds(3), seconds(10)};
  cloud.power = Power{10'000, 60'000};
  c.tuning.targets = {tx2, cloud};
  return c;
}

struct Sojourns final : RequestObserver {
  void on_end(const RequestEnd& request) override {
    total += request.ended - request.created;
    ++ends;
  }
  Nanos total = 0;
  std::int64_t ends = 0;
};

void disturb(World& world, int tenth) {
  if (tenth == 80) world.set_uplink_factor(kLte, Ppm{50'000});
  if (tenth == 120) world.set_uplink_factor(kLte, core::kWhole);
  if (tenth == 150) world.set_alive(kCloud, false);
  if (tenth == 170) world.place(kA, kTx2, 0);
  if (tenth == 200) world.set_alive(kTx2, false);
  if (tenth == 230) world.set_alive(kTx2, true);
  if (tenth == 240) world.set_alive(kCloud, true);
  if (tenth == 250) world.set_demand(kB, Ppm{3'000'000});
  if (tenth == 300) world.place(kB, kCloud, 2);
}

TEST(WorldCompute, RequestsAreConservedAndLittlesLawIsExactAtAnyMoment) {
  WorldConfig lossy = everything();
  lossy.tuning.packet_loss = Ppm{5'000};
  World world(std::move(lossy));
  Sojourns seen;
  world.observe(&seen);
  world.place(kA, kCloud, 0);
  world.place(kB, kTx2, 0);
  std::int32_t most_servers = 0;
  bool throttled = false;
  for (int i = 1; i <= 400; ++i) {
    world.advance_to(at_ms(i * 100));
    disturb(world, i);
    if (i > 100) most_servers = std::max(most_servers, world.servers(kCloud));
    throttled = throttled || world.target(kTx2).throttle == Ppm{1'400'000};
    std::int64_t in_flight = 0, ends = 0;
    for (const auto& name : {kA, kB}) {
      const auto t = world.totals(name);
      ASSERT_EQ(t.generated, t.skipped + t.completed + t.lost + t.in_flight) << i;
      in_flight += t.in_flight;
      ends += t.generated - t.in_flight;
    }
    ASSERT_EQ(world.in_flight(), in_flight);
    ASSERT_EQ(seen.ends, ends);
    // The integral of the number in flight = sojourns of those that ended + ages of the others.
    const auto nanos = [](RequestTime t) { return t.seconds * kNanosPerSecond + t.nanos; };
    ASSERT_EQ(nanos(world.request_time()), seen.total + nanos(world.age_in_flight())) << i;
  }
  EXPECT_GT(world.totals(kA).lost, 5);
  EXPECT_GT(world.totals(kA).completed, 100);
  EXPECT_GT(most_servers, 1);
  EXPECT_TRUE(throttled);
  EXPECT_GT(world.request_time().as_seconds(), 5);
  world.observe(nullptr);
}

struct Outcome {
  std::uint64_t arrivals, checksum, events;
  std::int64_t node_mj, cloud_mj;
  bool operator==(const Outcome&) const = default;
};
Outcome run(std::uint64_t seed, const std::function<void(World&, int)>& decide) {
  World world(everything(seed));
  for (int i = 0; i < 400; ++i) {
    world.advance_to(at_ms(i * 100));
    decide(world, i);
  }
  return {world.arrival_hash(), world.checksum(), world.events(), world.energy_mj(kTx2),
          world.energy_mj(kCloud)};
}
void split(World& world, int tenth) {
  if (tenth == 0) world.place(kA, kCloud, 0);
  if (tenth == 0) world.place(kB, kTx2, 0);
  if (tenth == 250) world.set_demand(kB, Ppm{3'000'000});
}

TEST(WorldCompute, ArrivalsAreTheSameWhateverIsDecided) {
  const auto demand_only = [](World& w, int tenth) {
    if (tenth == 250) w.set_demand(kB, Ppm{3'000'000});
  };
  const auto busy = [](World& w, int tenth) {
    split(w, tenth);
    if (tenth == 0) w.place(kA, kTx2, 1);
    if (tenth == 90) w.set_alive(kCloud, false);
    if (tenth == 100) w.place(kB, std::nullopt, 0);
    if (tenth == 150) w.set_throttle(kTx2, Ppm{2'000'000});
    if (tenth == 300) w.configure(qos(core::Bps{2'000'000}));
  };
  const auto arrivals = run(5, demand_only).arrivals;
  EXPECT_EQ(arrivals, run(5, split).arrivals);
  EXPECT_EQ(arrivals, run(5, busy).arrivals);
  EXPECT_NE(arrivals, run(6, split).arrivals);
}

// Changes whenever a law changes: then look at the difference, and pin the new values.
TEST(WorldCompute, RunIsTheSameOnEveryCompilerAndMachine) {
  const Outcome seen = run(5, split);
  EXPECT_EQ(seen, run(5, split));
  EXPECT_EQ(seen.arrivals, 7823717739889009535u);
  EXPECT_EQ(seen.checksum, 13778322108001163792u);
  EXPECT_EQ(seen.events, 26617u);
  EXPECT_EQ(seen.node_mj, 109'478);
  EXPECT_EQ(seen.cloud_mj, 663'290);
}

TEST(WorldCompute, ALawOfOneSourceLeavesTheOthersRequestsAlone) {
  WorldConfig with = config();
  with.tuning.sources = {{kB, kCameras, {PoissonArrivals{}, {}}}};
  World plain(config()), changed(std::move(with));
  for (World* world : {&plain, &changed}) {
    world->place(kA, kTx2, 0);
    world->advance_to(at_ms(60'000));
  }
  EXPECT_EQ(plain.take_sample(kA), changed.take_sample(kA));
  EXPECT_NE(plain.arrival_hash(), changed.arrival_hash());
}

TEST(WorldCompute, APlainTuningChangesNothing) {
  WorldConfig with = config();
  with.tuning.targets = {tuned(kTx2), tuned(kCloud)};
  with.tuning.targets[0].power = Power{2'000, 6'000};
  World plain(config()), changed(std::move(with));
  for (World* world : {&plain, &changed}) {
    world->place(kA, kTx2, 0);
    world->place(kB, kCloud, 0);
    world->advance_to(at_ms(60'000));
  }
  EXPECT_EQ(plain.checksum(), changed.checksum());
  EXPECT_EQ(plain.events(), changed.events());
}

TEST(ServiceLaw, EveryShapeHasTheMeanAndGrowsWithTheSameDraw) {
  const core::ServiceTime time{Micros{12'500}, Micros{15'700}};
  const ServiceLaw lognormal(time), exponential(time, ServiceShape::exponential),
      constant(time, ServiceShape::constant);
  double mean = 0, last_l = 0, last_e = 0;
  constexpr int kN = 100'000;
  for (int i = 0; i < kN; ++i) {
    const double u = (i + .5) / kN;
    ASSERT_GT(lognormal.of(u), last_l);
    ASSERT_GT(exponential.of(u), last_e);
    ASSERT_EQ(constant.of(u), 12'500);
    last_l = lognormal.of(u);
    last_e = exponential.of(u);
    mean += last_e / kN;
  }
  EXPECT_NEAR(mean, 12'500, 5);
  EXPECT_NEAR(exponential.of(.99), 12'500 * std::log(100.0), 1e-6);
}

TEST(WorldCompute, SharingTheNodeLetsASmallModelPastALargeOne) {
  const auto worst_small = [](Discipline discipline) {
    WorldConfig c = config();
    c.model.profiles[core::DeviceName{"jetson-tx2"}] = device("jetson-tx2", 60'000, 60'000);
    c.model.policy.workloads[1].objective.quantile = Ppm{990'000};
    TargetTuning tx2 = tuned(kTx2);
    tx2.discipline = discipline;
    tx2.shape = ServiceShape::constant;
    c.tuning.targets = {tx2};
    c.tuning.sources = {{kB, kCameras, {PoissonArrivals{}, {}}}};
    World world(std::move(c));
    world.place(kA, kTx2, 0);  // 60 ms, 10 a second
    world.place(kB, kTx2, 2);  // 15 ms
    world.advance_to(at_ms(5'000));
    (void)world.take_sample(kB);
    world.advance_to(at_ms(200'000));
    return *world.take_sample(kB).latency;
  };
  EXPECT_LT(worst_small(Discipline::processor_sharing), worst_small(Discipline::fifo));
}

TEST(TuningCheck, TellsEveryMistakeAtOnceWithItsLimits) {
  WorldConfig c = config();
  c.tuning.sources = {
      {core::WorkloadName{"nobody"}, kCameras, {PeriodicArrivals{Ppm{600'000}, {}}, {}}},
      {kA, core::SourceName{"radio"}, {GammaArrivals{10}, {}}},
      {kA, kCameras, {Mmpp2Arrivals{core::kWhole, Micros{0}, seconds(1)}, {}}},
      {kA, kCameras, {ReplayedArrivals{{Micros{5}, Micros{3}}, seconds(1)}, Diurnal{}}},
      {kB, kCameras, {PoissonArrivals{}, Diurnal{Micros{5}, Ppm{2'000'000}, {}}}}};
  TargetTuning node = tuned(kTx2);
  node.discipline = Discipline::processor_sharing;
  node.batching = Batching{0, Micros{-1}, Ppm{0}};
  node.autoscale = Autoscale{2, 1};
  node.heat = Heat{25, 60, Micros{1}, 70, 75, Ppm{1}};
  node.power = Power{-1, 0};
  c.tuning.targets = {node, tuned(kTx2), tuned(core::TargetName{"moon"})};
  const auto result = check_compute(c.model, c.tuning);
  ASSERT_FALSE(result);
  for (const char* part : {"nobody/cameras: no such workload",
                           "jitter (ppm) 600000 (allowed: 0 to 500000)",
                           "a/radio: the workload has no such source",
                           "coefficient of variation (1/1000) 10",
                           "low rate (ppm of the mean) 1000000",
                           "mean stay in the low state 0 us",
                           "a/cameras: said twice",
                           "offsets go back in time",
                           "period of the day 5 us",
                           "amplitude of the day (ppm) 2000000",
                           "tx2: batching needs the fifo discipline",
                           "largest batch 0 (allowed: 1 to 128)",
                           "longest wait for a batch -1 us",
                           "tx2: only a cloud can be scaled",
                           "autoscaling needs the fifo discipline",
                           "most servers 1 (allowed: 2 to",
                           "time constant 1 us",
                           "temperature that throttles 70",
                           "slowdown (ppm) 1 (allowed",
                           "idle power (mW) -1",
                           "tx2: said twice",
                           "moon: no such target"})
    EXPECT_NE(result.error().message.find(part), std::string::npos) << part;
  EXPECT_TRUE(check_compute(c.model, config().tuning));
  EXPECT_TRUE(check_compute(c.model, everything().tuning));
}

}  // namespace
}  // namespace wanwise::sim::testing
