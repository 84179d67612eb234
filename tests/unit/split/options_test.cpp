// The options of a workload that may split, and the place it is recognised by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/situation_builder.hpp"
#include "engine/core/observe/site_state.hpp"
#include "tests/support/model_builder.hpp"

namespace wanwise::core {
namespace {

using test::ModelBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TargetName kTx2{"tx2"};
const TargetName kCloud{"cloud"};

class SplitOptions : public ::testing::Test {
 protected:
  void make(const test::WorkloadSpec& spec) { make(ModelBuilder{}.workload(spec)); }
  void make(ModelBuilder& builder) {
    m_model = builder.build();
    m_views = SiteState{m_model}.views();
    for (TargetView& target : m_views.targets) target.health = Health::alive;
    for (LinkView& link : m_views.links) link.availability = Availability::up;
  }
  void runs_at(const Place& place) { m_views.workloads[0].place = spot_of(m_model, place); }

  WorkloadInput build() {
    Topology topology(m_model);
    SituationBuilder builder(m_model, topology, m_choice);
    Counters counters;
    return builder.build(m_views, counters).workloads[0];
  }
  std::vector<Option> splits() {
    std::vector<Option> found;
    for (const Option& option : build().options) {
      if (option.splits()) found.push_back(option);
    }
    return found;
  }
  std::vector<std::int64_t> shares() {
    std::vector<std::int64_t> found;
    for (const Option& option : splits()) found.push_back(option.spill.share.count);
    return found;
  }
  std::vector<std::int64_t> shares_of(std::int32_t replicas) {
    make({.name = "a", .split_replicas = replicas});
    return shares();
  }

  Model m_model;
  Views m_views;
  LinkChoice m_choice = LinkChoice::preferred;
};

TEST_F(SplitOptions, AWorkloadThatMayNotSplitHasNone) {
  make({.name = "a"});
  EXPECT_THAT(splits(), IsEmpty());
  EXPECT_EQ(build().options.size(), 2U);
}

TEST_F(SplitOptions, SharesAreQuartersRoundedToWholeReplicas) {
  EXPECT_THAT(shares_of(2), ElementsAre(500'000));
  EXPECT_THAT(shares_of(3), ElementsAre(333'333, 666'666));
  EXPECT_THAT(shares_of(4), ElementsAre(250'000, 500'000, 750'000));
  EXPECT_THAT(shares_of(5), ElementsAre(200'000, 600'000, 800'000));
  EXPECT_THAT(shares_of(100), ElementsAre(250'000, 500'000, 750'000));
}

TEST_F(SplitOptions, TheShareInForceIsAlwaysAmongThem) {
  make({.name = "a", .split_replicas = 10});
  EXPECT_THAT(shares(), ElementsAre(300'000, 500'000, 800'000));
  runs_at({kTx2, 0, Split{kCloud, Ppm{400'000}}});
  EXPECT_THAT(shares(), ElementsAre(300'000, 400'000, 500'000, 800'000));
  const WorkloadInput input = build();
  ASSERT_NE(input.current, kNone);
  EXPECT_EQ(at(input.options, input.current).spill.share, Ppm{400'000});
}

TEST_F(SplitOptions, WholesComeFirstAndASplitRanksBetweenItsTargets) {
  make({.name = "a", .split_replicas = 4});
  std::vector<std::int32_t> ranks;
  for (const Option& option : build().options) ranks.push_back(option.rank);
  EXPECT_THAT(ranks, ElementsAre(0, kRankStep, kRankStep / 4, kRankStep / 2, 3 * kRankStep / 4));
}

TEST_F(SplitOptions, BothPartsAreReachedByTheirOwnWay) {
  make({.name = "a", .split_replicas = 2});
  ASSERT_EQ(splits().size(), 1U);
  const Option split = splits()[0];
  EXPECT_EQ(split.link, kNone);
  EXPECT_EQ(split.service_mean, milliseconds(50));
  EXPECT_EQ(split.spill.link, 0);
  EXPECT_EQ(split.spill.service_mean, milliseconds(5));
  EXPECT_GT(split.spill.fixed, milliseconds(40));
  EXPECT_EQ(place_of(m_model, split), (Place{kTx2, 0, Split{kCloud, Ppm{500'000}}}));
}

TEST_F(SplitOptions, ResidencyKeepsBothPartsOnTheSite) {
  make({.name = "a", .residency = Residency::site, .split_replicas = 4});
  EXPECT_THAT(splits(), IsEmpty());
}

TEST_F(SplitOptions, ADeadTargetTakesNoPartAndARunningSplitIsNoLongerAnOption) {
  make({.name = "a", .split_replicas = 4});
  runs_at({kTx2, 0, Split{kCloud, Ppm{250'000}}});
  m_views.targets[0].health = Health::dead;
  EXPECT_THAT(splits(), IsEmpty());
  EXPECT_EQ(build().current, kNone);
}

TEST_F(SplitOptions, ASilentTargetKeepsItsPartAndGetsNoMore) {
  make({.name = "a", .split_replicas = 4});
  m_views.targets[0].health = Health::unknown;
  EXPECT_THAT(splits(), IsEmpty());
  runs_at({kTx2, 0, Split{kCloud, Ppm{250'000}}});
  EXPECT_THAT(shares(), ElementsAre(250'000));
  EXPECT_EQ(build().options.size(), 2U) << "that, and the cloud as a whole";
}

TEST_F(SplitOptions, OverABlindLinkThePartStaysAsItIs) {
  make({.name = "a", .split_replicas = 4});
  m_views.links[0].availability = Availability::blind;
  EXPECT_THAT(splits(), IsEmpty());
  runs_at({kTx2, 0, Split{kCloud, Ppm{250'000}}});
  EXPECT_THAT(shares(), ElementsAre(250'000));
  EXPECT_EQ(build().options.size(), 2U) << "that, and all on the site";
}

TEST_F(SplitOptions, WithABlindLinkAndThenLocalEverythingComesHome) {
  ModelBuilder builder;
  builder.workload({.name = "a", .split_replicas = 4})
      .when_blind({seconds(15), BlindAction::local});
  make(builder);
  m_views.links[0].availability = Availability::blind;
  runs_at({kTx2, 0, Split{kCloud, Ppm{250'000}}});
  EXPECT_THAT(splits(), IsEmpty());
  EXPECT_EQ(build().options.size(), 1U);
}

TEST_F(SplitOptions, ADrainedTargetTakesNoPart) {
  make({.name = "a", .split_replicas = 4});
  m_views.targets[1].draining = true;
  EXPECT_THAT(splits(), IsEmpty());
}

TEST_F(SplitOptions, ASteeredPartStaysOnTheLinkItTakesAndANewOneTakesTheShortest) {
  ModelBuilder builder;
  Link near = test::lte_link();
  near.name = LinkName{"near"};
  near.interface = "Cellular0/2/0";
  near.metric = 20;
  near.rtt = milliseconds(10);
  builder.link(near).workload({.name = "a", .split_replicas = 2});
  make(builder);
  m_model.site.routers[0].steers = true;
  m_choice = LinkChoice::steered;
  ASSERT_EQ(splits().size(), 1U);
  EXPECT_EQ(at(m_model.site.links, splits()[0].spill.link).name.text, "near");
  runs_at({kTx2, 0, Split{kCloud, Ppm{500'000}}});
  ASSERT_EQ(splits().size(), 1U);
  EXPECT_EQ(at(m_model.site.links, splits()[0].spill.link).name.text, "lte")
      << "the router sends its requests there";
  EXPECT_NE(build().current, kNone);
}

TEST_F(SplitOptions, ThereAreBoundedManyWhateverThePolicyLists) {
  ModelBuilder builder;
  std::vector<std::string> targets{"tx2", "cloud"};
  for (int i = 0; i < 8; ++i) {
    Cloud cloud = ModelBuilder{}.build().site.clouds[0];
    cloud.name = TargetName{"cloud-" + std::to_string(i)};
    targets.push_back(cloud.name.text);
    builder.cloud(cloud);
  }
  builder.workload({.name = "a", .targets = targets, .split_replicas = 100});
  make(builder);
  runs_at({kTx2, 0, Split{kCloud, Ppm{10'000}}});
  const std::size_t pairs = kSplitTargets * (kSplitTargets - 1) / 2;
  EXPECT_EQ(splits().size(), pairs * (kSharesPerPair - 1) + 1);
}

TEST_F(SplitOptions, EveryRungThatServesMaySplit) {
  make({.name = "a", .degraded_rates = {2, 0}, .split_replicas = 2});
  std::vector<std::int32_t> rungs;
  for (const Option& split : splits()) rungs.push_back(split.rung);
  EXPECT_THAT(rungs, ElementsAre(0, 1));
}

}  // namespace
}  // namespace wanwise::core
