// The HorizontalPodAutoscaler's rule, sync by sync, and a cloud that follows it.
#include "sim/world/compute/autoscaler.hpp"

#include <gtest/gtest.h>

#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using core::Ppm;
using core::seconds;

struct Syncs {
  Autoscaler scaler;
  std::int64_t second = 0;
  std::vector<std::uint64_t> pending;

  Syncs(Autoscale rule, std::int32_t servers) : scaler(rule, servers) {}
  /// The next sync, 15 s on, with this load; what it starts stays pending.
  std::int32_t sync(std::int64_t load_ppm) {
    second += 15;
    const auto starts = scaler.sync(second * kNanosPerSecond, Ppm{load_ppm});
    for (std::int32_t i = 0; i < starts.count; ++i)
      pending.push_back(starts.first + static_cast<std::uint64_t>(i));
    return starts.count;
  }
  void all_ready() {
    for (const auto number : pending) scaler.started(number);
    pending.clear();
  }
};

Autoscale rule(std::int32_t least = 1, std::int32_t most = 20) {
  Autoscale r;
  r.least = least;
  r.most = most;
  return r;
}

TEST(Autoscaler, WantsTheShareOfTheLoadRoundedUp) {
  Syncs syncs(rule(), 3);
  EXPECT_EQ(syncs.sync(1'000'000), 2);  // ceil(3 / 0.7) = 5
  syncs.all_ready();
  EXPECT_EQ(syncs.scaler.ready(), 5);
}

TEST(Autoscaler, LeavesALoadWithinTenPerCentOfItsTargetAlone) {
  Syncs syncs(rule(), 10);
  EXPECT_EQ(syncs.sync(770'000), 0);
  EXPECT_EQ(syncs.sync(630'000), 0);
  EXPECT_EQ(syncs.sync(771'000), 2);  // ceil(11.01)
}

TEST(Autoscaler, StartsAtMostAsManyAgainOrFour) {
  Autoscale steep = rule(1, 100);
  steep.target_load = Ppm{100'000};
  Syncs syncs(steep, 1);
  EXPECT_EQ(syncs.sync(1'000'000), 4);
  syncs.all_ready();
  EXPECT_EQ(syncs.sync(1'000'000), 5);
  syncs.all_ready();
  EXPECT_EQ(syncs.sync(1'000'000), 10);
}

TEST(Autoscaler, StaysWithinItsBounds) {
  Syncs syncs(rule(2, 4), 9);
  EXPECT_EQ(syncs.scaler.ready(), 4);
  EXPECT_EQ(syncs.sync(1'000'000), 0);
  for (int i = 0; i < 40; ++i) syncs.sync(0);
  EXPECT_EQ(syncs.scaler.ready(), 2);
}

TEST(Autoscaler, CountsServersThatStartAsIdleBeforeItAsksForMore) {
  Syncs syncs(rule(), 2);
  EXPECT_EQ(syncs.sync(1'000'000), 1);
  EXPECT_EQ(syncs.sync(1'000'000), 0);  // 2 of 3 busy: below the target
  syncs.all_ready();
  EXPECT_EQ(syncs.sync(1'000'000), 0);  // the third was not there for a whole period
  EXPECT_EQ(syncs.sync(1'000'000), 2);  // all three were busy
}

TEST(Autoscaler, ScalesDownOnlyAsFarAsTheWholeWindowAllows) {
  Syncs syncs(rule(), 10);
  // From the beginning on it wants 3, in one sync 6; the first wish (10, at 0 s) holds for 300 s.
  for (int i = 1; i <= 19; ++i) {
    syncs.sync(i == 4 ? 420'000 : 210'000);  // the fourth at 60 s
    ASSERT_EQ(syncs.scaler.ready(), 10) << i;
  }
  syncs.sync(210'000);  // at 300 s
  EXPECT_EQ(syncs.scaler.ready(), 6);
  for (int i = 21; i <= 23; ++i) {
    syncs.sync(350'000);  // 6 servers, 2.1 busy
    ASSERT_EQ(syncs.scaler.ready(), 6) << i;
  }
  syncs.sync(350'000);  // at 360 s
  EXPECT_EQ(syncs.scaler.ready(), 3);
}

TEST(Autoscaler, TakesBackStartingServersFirst) {
  Autoscale quick = rule();
  quick.stabilisation = seconds(0);
  Syncs syncs(quick, 2);
  EXPECT_EQ(syncs.sync(1'000'000), 1);
  syncs.sync(100'000);
  EXPECT_EQ(syncs.scaler.starting(), 0);
  EXPECT_EQ(syncs.scaler.ready(), 1);
  EXPECT_FALSE(syncs.scaler.started(syncs.pending[0]));
  EXPECT_EQ(syncs.scaler.ready(), 1);
}

/// 20 requests a second of 100 ms, in a cloud of at least one server.
WorldConfig cloud(std::int32_t most) {
  WorldConfig c = config();
  c.model.profiles[core::DeviceName{"cloud-t4"}] = device("cloud-t4", 100'000, 100'000);
  c.model.site.clouds[0].servers = 1;
  TargetTuning tuning;
  tuning.target = kCloud;
  tuning.autoscale = rule(1, most);
  c.tuning.targets = {tuning};
  return c;
}

TEST(WorldAutoscale, GrowsSyncBySyncWithAStartUpDelayAndShrinksAfterTheWindow) {
  World world(cloud(8));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  const auto at = [&](std::int64_t ms) {
    world.advance_to(at_ms(ms));
    return world.servers(kCloud);
  };
  EXPECT_EQ(at(44'999), 1);  // full at 15 s: one more, which takes 30 s
  EXPECT_EQ(at(45'000), 2);
  EXPECT_EQ(at(89'999), 2);  // both full at 60 s, the first sync that has measured both
  EXPECT_EQ(at(90'000), 3);  // 2 of 3 busy: near enough to 70 %
  EXPECT_EQ(at(150'000), 3);
  const auto lost = world.totals(kA).lost;
  EXPECT_GT(lost, 0);
  EXPECT_EQ(at(170'000), 3);
  EXPECT_EQ(world.totals(kA).lost, lost);
  world.set_demand(kA, Ppm{0});
  world.set_demand(kB, Ppm{0});
  EXPECT_EQ(at(464'999), 3);
  EXPECT_EQ(at(465'000), 1);  // 300 s after the last sync that wanted three
}

TEST(WorldAutoscale, LosesNoRequestWhenItShrinks) {
  WorldConfig c = cloud(8);
  c.tuning.targets[0].autoscale->stabilisation = seconds(15);
  c.tuning.targets[0].autoscale->start = seconds(1);
  World world(std::move(c));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  world.advance_to(at_ms(60'000));  // past the saturated beginning
  const auto lost = world.totals(kA).lost + world.totals(kB).lost;
  std::int32_t least = 99, most = 0;
  for (int i = 0; i < 60; ++i) {
    world.set_demand(kB, i % 6 < 3 ? core::kWhole : Ppm{0});
    world.advance_to(at_ms(60'000 + i * 10'000));
    least = std::min(least, world.servers(kCloud));
    most = std::max(most, world.servers(kCloud));
  }
  EXPECT_LT(least, most);
  EXPECT_EQ(world.totals(kA).lost + world.totals(kB).lost, lost);
}

TEST(WorldAutoscale, ADeadCloudIsNotScaled) {
  World world(cloud(8));
  world.place(kA, kCloud, 0);
  world.place(kB, kCloud, 0);
  world.advance_to(at_ms(160'000));
  ASSERT_EQ(world.servers(kCloud), 3);
  world.set_alive(kCloud, false);
  world.advance_to(at_ms(1'000'000));
  EXPECT_EQ(world.servers(kCloud), 3);
}

}  // namespace
}  // namespace wanwise::sim::testing
