// A workload that may split, through the whole engine: it splits where neither target alone will
// do, and comes back whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/model_builder.hpp"
#include "tests/unit/engine/site_driver.hpp"

namespace wanwise {
namespace {

using core::Ppm;
using core::seconds;
using core::Split;
using core::TargetName;
using test::ModelBuilder;
using test::SiteDriver;
using testing::AnyOf;
using testing::Eq;
using testing::HasSubstr;

const TargetName kTx2{"tx2"};
const TargetName kCloud{"cloud"};

/// The tx2 serves 20/s at most (50 ms each); the uplink carries some 9/s (150 KB each of 12 Mbps).
ModelBuilder big_pictures() {
  ModelBuilder builder;
  builder.workload({.name = "a",
                    .rate_per_s = 8,
                    .objective = core::milliseconds(900),
                    .request = core::Bytes{150'000},
                    .split_replicas = 4});
  return builder;
}

/// What neither the tx2 nor the uplink takes alone.
constexpr std::int64_t kTooMany = 21;

SiteDriver split_site() {
  SiteDriver site(big_pictures().build());
  site.run(10);
  site.demand_per_s = {{"a", kTooMany}};
  site.run(20);
  return site;
}

TEST(SplitEngine, AWorkloadTooBigForEitherTargetSplits) {
  SiteDriver site(big_pictures().build());
  site.run(10);
  EXPECT_EQ(site.place("a"), "tx2");
  EXPECT_FALSE(site.split("a"));
  site.demand_per_s = {{"a", kTooMany}};
  site.run(20);
  EXPECT_EQ(site.place("a"), "tx2");
  EXPECT_EQ(site.split("a"), (Split{kCloud, Ppm{250'000}}));
  const auto status = site.engine().status().workloads.front();
  EXPECT_EQ(status.split, site.split("a"));
  EXPECT_TRUE(status.met) << site.engine().explain(core::WorkloadName{"a"})->summary;
  EXPECT_FALSE(site.degraded("nowhere-to-run"));
}

TEST(SplitEngine, WithoutLeaveItStaysWhole) {
  ModelBuilder builder;
  builder.workload({.name = "a",
                    .rate_per_s = 8,
                    .objective = core::milliseconds(900),
                    .request = core::Bytes{150'000}});
  SiteDriver site(builder.build());
  site.run(10);
  site.demand_per_s = {{"a", kTooMany}};
  site.run(20);
  EXPECT_FALSE(site.split("a"));
  EXPECT_FALSE(site.engine().status().workloads.front().met);
}

TEST(SplitEngine, ItComesBackWholeWhenDemandFalls) {
  SiteDriver site = split_site();
  ASSERT_TRUE(site.split("a"));
  const int moves = site.moves("a");
  site.demand_per_s.clear();
  const core::Instant from = site.now();
  while (site.split("a") && site.now() < from + seconds(60)) site.second();
  EXPECT_FALSE(site.split("a"));
  EXPECT_EQ(site.place("a"), "tx2");
  EXPECT_GE(site.now() - from, seconds(10)) << "return-after";
  EXPECT_EQ(site.moves("a"), moves + 1) << "in one move";
}

TEST(SplitEngine, TheDemandOfASplitWorkloadIsThatOfBothParts) {
  SiteDriver site = split_site();
  ASSERT_TRUE(site.split("a"));
  site.run(10);
  EXPECT_NEAR(static_cast<double>(site.engine().status().workloads.front().demand.count),
              kTooMany * 1e3, 2'000);
}

TEST(SplitEngine, APartThatTellsNothingLeavesTheDemandKnown) {
  SiteDriver site = split_site();
  ASSERT_TRUE(site.split("a"));
  site.silent_parts = {"cloud"};
  site.run(20);
  EXPECT_NEAR(static_cast<double>(site.engine().status().workloads.front().demand.count),
              kTooMany * 1e3, 3'000);
  EXPECT_TRUE(site.split("a"));
}

TEST(SplitEngine, ADeadTargetEndsTheSplitAtOnce) {
  SiteDriver site = split_site();
  ASSERT_TRUE(site.split("a"));
  site.node_reachable = false;
  site.run(3);
  EXPECT_EQ(site.place("a"), "cloud");
  EXPECT_FALSE(site.split("a"));
}

TEST(SplitEngine, TheExplanationTellsTheSharesAndWhyNoTargetAlone) {
  SiteDriver site = split_site();
  ASSERT_TRUE(site.split("a"));
  const auto explanation = site.engine().explain(core::WorkloadName{"a"});
  ASSERT_TRUE(explanation);
  EXPECT_THAT(explanation->summary, HasSubstr("tx2 75 %, cloud 25 % over lte"));
  EXPECT_THAT(explanation->summary, HasSubstr("not tx2"));
  EXPECT_EQ(explanation->options.front().split, (Split{kCloud, Ppm{250'000}}));
  EXPECT_EQ(explanation->options.front().split_link, core::LinkName{"lte"});
  EXPECT_EQ(explanation->options.size(), 5U);
}

TEST(SplitEngine, TheSameSplitToldTheOtherWayRoundIsTheSamePlace) {
  SiteDriver site = split_site();
  ASSERT_TRUE(site.split("a"));
  const std::size_t actions = site.actions().size();
  site.apply(core::PlacementObserved{core::WorkloadName{"a"}, site.now(), kCloud, 0, true,
                                     Split{kTx2, Ppm{750'000}}});
  EXPECT_EQ(site.actions().size(), actions);
  const auto status = site.engine().status().workloads.front();
  EXPECT_EQ(status.target, kTx2);
  EXPECT_EQ(status.split, (Split{kCloud, Ppm{250'000}}));
}

TEST(SplitEngine, ASplitThatIsNoneIsTakenForTheTargetThatServesAll) {
  SiteDriver site(big_pictures().build());
  site.run(3);
  const auto told = [&](const Split& split) {
    site.apply(core::PlacementObserved{core::WorkloadName{"a"}, site.now(), kTx2, 0, true, split});
    const auto status = site.engine().status().workloads.front();
    EXPECT_FALSE(status.split);
    return status.target;
  };
  EXPECT_EQ(told({kCloud, Ppm{0}}), kTx2);
  EXPECT_EQ(told({kCloud, Ppm{-5}}), kTx2);
  EXPECT_EQ(told({kTx2, Ppm{500'000}}), kTx2);
  EXPECT_EQ(told({kCloud, Ppm{1'000'000}}), kCloud);
}

TEST(SplitEngine, ASplitThatIsRefusedIsTriedAgainLaterAndTheOldPlaceServes) {
  SiteDriver site(big_pictures().build());
  site.run(10);
  site.move_outcome = core::Outcome::refused;
  site.demand_per_s = {{"a", kTooMany}};
  site.run(20);
  EXPECT_EQ(site.place("a"), "tx2");
  EXPECT_FALSE(site.split("a"));
  EXPECT_TRUE(site.degraded("move-failed"));
  site.move_outcome = core::Outcome::done;
  site.run(90);
  EXPECT_TRUE(site.split("a"));
}

}  // namespace
}  // namespace wanwise
