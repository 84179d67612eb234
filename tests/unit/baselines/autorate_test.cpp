// cake-autorate's rule, number by number.
#include "sim/baselines/autorate_rule.hpp"

#include <gtest/gtest.h>

namespace wanwise::sim {
namespace {

AutorateSettings settings() {
  AutorateSettings it;
  it.base = 10e6;
  it.least = 1e6;
  it.most = 40e6;
  return it;
}

struct Link {
  AutorateRule rule{settings()};
  core::Instant now{0};

  void probe(std::int64_t rtt_ms) {
    now = now + core::seconds(1);
    rule.answered(core::milliseconds(rtt_ms), now);
  }
  void probes(int n, std::int64_t rtt_ms) {
    for (int i = 0; i < n; ++i) probe(rtt_ms);
  }
};

TEST(AutorateRule, StartsAtTheBaseRate) {
  EXPECT_EQ(Link{}.rule.rate(), 10e6);
}

TEST(AutorateRule, IgnoresTwoDelayedProbesOfSix) {
  Link link;
  link.probes(6, 40);
  link.probes(2, 400);
  EXPECT_EQ(link.rule.rate(), 10e6);
}

TEST(AutorateRule, CutsAtTheThirdByThreeQuartersAtMost) {
  Link link;
  link.probes(6, 40);
  link.probes(3, 1'000);  // 480 ms one way above the baseline, a third of it 240 on average
  EXPECT_NEAR(link.rule.rate(), 7.5e6, 1);
}

TEST(AutorateRule, CutsLittleWhereTheMeanDelayIsSmall) {
  Link link;
  link.probes(6, 40);
  link.probes(3, 110);  // 35 ms each above the baseline: 17.5 on average, below the threshold
  EXPECT_NEAR(link.rule.rate(), 9.9e6, 1);
}

TEST(AutorateRule, CutsInProportionBetweenTheThresholds) {
  Link link;
  link.probes(6, 40);
  for (int i = 0; i < 6; ++i) {
    link.now = link.now + core::milliseconds(100);  // within the refractory period after a cut
    link.rule.answered(core::milliseconds(40 + 2 * 45), link.now);
  }
  EXPECT_NEAR(link.rule.rate(), 9.9e6, 1e4);
  link.probe(40 + 2 * 45);
  // All six at 45 ms: half way from 30 to 60, but for the packet's own millisecond.
  EXPECT_NEAR(link.rule.rate() / 9.9e6, 0.99 - 0.24 * (45 - 31.2) / 30, 0.003);
}

TEST(AutorateRule, GrowsByFourPercentWhileLoadedAndPrompt) {
  Link link;
  link.probes(6, 40);
  link.rule.sent(9e6);
  link.probe(40);
  EXPECT_NEAR(link.rule.rate(), 10.4e6, 1);
  link.probe(40);
  EXPECT_NEAR(link.rule.rate(), 10.4e6, 1);  // not again on the same reading of the counters
  link.rule.sent(9e6);
  link.probe(40);
  EXPECT_NEAR(link.rule.rate(), 10.816e6, 1);
}

TEST(AutorateRule, ReturnsToTheBaseRateWhileIdle) {
  Link link;
  link.probes(6, 40);
  link.probes(3, 1'000);
  link.probes(6, 40);
  const double cut = link.rule.rate();
  ASSERT_LT(cut, 10e6);
  link.now = link.now + core::seconds(2);
  link.probe(40);
  EXPECT_NEAR(link.rule.rate(), std::min(10e6, cut * 1.01), 1);
  for (int i = 0; i < 200; ++i) {
    link.now = link.now + core::seconds(1);
    link.probe(40);
  }
  EXPECT_EQ(link.rule.rate(), 10e6);
}

TEST(AutorateRule, KeepsWithinItsLimits) {
  Link link;
  link.probes(6, 40);
  link.probes(200, 2'000);
  EXPECT_EQ(link.rule.rate(), 1e6);
  AutorateRule up(settings());
  core::Instant now{0};
  for (int i = 0; i < 200; ++i) {
    now = now + core::seconds(1);
    up.sent(50e6);
    up.answered(core::milliseconds(40), now);
  }
  EXPECT_EQ(up.rate(), 40e6);
}

TEST(AutorateRule, LetsItsBaselineFallFastAndRiseSlowly) {
  Link link;
  link.probes(6, 400);
  link.probes(2, 40);  // a shorter path: nine tenths of the way at once
  link.probes(3, 150);
  EXPECT_LT(link.rule.rate(), 10e6);
}

TEST(AutorateRule, CountsAnOverdueProbeAsDelayed) {
  Link link;
  link.probes(6, 40);
  for (int i = 0; i < 3; ++i) {
    link.now = link.now + core::seconds(1);
    link.rule.overdue(core::seconds(1), link.now);
  }
  EXPECT_NEAR(link.rule.rate(), 7.5e6, 1);
}

}  // namespace
}  // namespace wanwise::sim
