// What every implementation of the Cluster and NodeMetrics ports does (engine/ports/cluster.hpp,
// node_metrics.hpp). Time passes only in the simulated world and only when a test lets it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/contract/cluster/cluster_site.hpp"

namespace wanwise::testing {
namespace {

using core::ActionDone;
using core::Outcome;
using core::PlacementObserved;
using core::TargetName;
using core::TargetSample;
using core::WorkloadName;
using core::WorkloadSample;

const WorkloadName kDetector{"detector"};
const TargetName kTx2{"tx2"};
const TargetName kCloud{"cloud"};
const core::Micros kPatience = core::seconds(20);  // until a placement's deadline

class ClusterContract : public ::testing::TestWithParam<MakeClusterSite> {
 protected:
  void SetUp() override {
    m_site = GetParam()();
    m_site->world().place(kDetector, kTx2, 0);
    m_site->world().place(WorkloadName{"big"}, kCloud, 0);
    m_site->pass(core::seconds(2));
    m_site->cluster().start(m_posted);
    m_site->metrics().start(m_posted);
    m_site->pass(core::milliseconds(100));
  }
  void TearDown() override { m_site.reset(); }

  void place(core::ActionId id, std::optional<TargetName> to, std::int32_t rung = 0,
             core::Micros within = kPatience) {
    m_site->cluster().submit(id, {kDetector, kTx2, std::move(to), rung}, m_site->now() + within,
                             {});
  }
  void split(core::ActionId id, core::Split split) {
    m_site->cluster().submit(id, {kDetector, kTx2, kTx2, 0, std::move(split)},
                             m_site->now() + kPatience, {});
  }
  [[nodiscard]] std::vector<ActionDone> answers() const { return m_posted.all<ActionDone>(); }
  [[nodiscard]] std::optional<PlacementObserved> last_placement() const {
    std::optional<PlacementObserved> last;
    for (const auto& seen : m_posted.all<PlacementObserved>()) {
      if (seen.workload == kDetector) last = seen;
    }
    return last;
  }
  void expect_at(const std::optional<TargetName>& target, std::int32_t rung) {
    const auto seen = last_placement();
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->target, target);
    if (target) {
      EXPECT_EQ(seen->rung, rung);
      EXPECT_TRUE(seen->ready);
    }
  }

  RecordingSink m_posted;
  std::unique_ptr<ClusterSite> m_site;
};

TEST_P(ClusterContract, StartTellsWhereEveryWorkloadRuns) {
  std::set<std::string> told;
  for (const auto& seen : m_posted.all<PlacementObserved>()) told.insert(seen.workload.text);
  EXPECT_EQ(told, (std::set<std::string>{"big", "detector"}));
  expect_at(kTx2, 0);
}

TEST_P(ClusterContract, AMoveIsDoneOnceWhenTheNewPlaceIsReady) {
  place(7, kCloud);
  m_site->pass(core::milliseconds(100));
  EXPECT_TRUE(answers().empty()) << "a start takes longer than this";
  expect_at(kTx2, 0);
  m_site->pass(core::seconds(5));
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0], (ActionDone{7, Outcome::done, {}, {}}));
  expect_at(kCloud, 0);
}

TEST_P(ClusterContract, WhereItRunsIsKnownBeforeTheMoveIsSaidDone) {
  place(7, kCloud);
  m_site->pass(core::seconds(5));
  const auto& events = m_posted.events;
  const auto at_cloud = std::find_if(events.begin(), events.end(), [](const auto& event) {
    const auto* seen = std::get_if<PlacementObserved>(&event);
    return seen != nullptr && seen->workload == kDetector && seen->target == kCloud && seen->ready;
  });
  const auto done = std::find_if(events.begin(), events.end(), [](const auto& event) {
    return std::holds_alternative<ActionDone>(event);
  });
  ASSERT_NE(at_cloud, events.end());
  ASSERT_NE(done, events.end());
  EXPECT_LT(at_cloud - events.begin(), done - events.begin());
}

TEST_P(ClusterContract, RequestsAreServedDuringAMove) {
  const sim::WorkloadTotals before = m_site->world().totals(kDetector);
  place(7, kCloud);
  m_site->pass(core::seconds(7));
  const sim::WorkloadTotals after = m_site->world().totals(kDetector);
  EXPECT_EQ(after.lost, before.lost);
  EXPECT_EQ(after.skipped, before.skipped) << "the old place served on";
  EXPECT_GT(after.completed, before.completed + 60);
}

TEST_P(ClusterContract, AnotherRungAndASuspensionAreMovesToo) {
  place(7, kTx2, 1);
  m_site->pass(core::seconds(2));
  expect_at(kTx2, 1);
  place(8, std::nullopt);
  m_site->pass(core::seconds(2));
  expect_at(std::nullopt, 0);
  ASSERT_EQ(answers().size(), 2U);
  EXPECT_EQ(answers()[1], (ActionDone{8, Outcome::done, {}, {}}));
}

TEST_P(ClusterContract, ASplitIsDoneOnceBothPartsAreReadyAndIsTold) {
  const core::Split quarter{kCloud, core::Ppm{250'000}};
  const std::int64_t lost = m_site->world().totals(kDetector).lost;
  split(7, quarter);
  m_site->pass(core::milliseconds(100));
  EXPECT_TRUE(answers().empty());
  expect_at(kTx2, 0);
  EXPECT_FALSE(last_placement()->split);
  m_site->pass(core::seconds(2));
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0], (ActionDone{7, Outcome::done, {}, {}}));
  expect_at(kTx2, 0);
  EXPECT_EQ(last_placement()->split, quarter);
  EXPECT_EQ(m_site->world().totals(kDetector).lost, lost);
}

TEST_P(ClusterContract, AnotherShareAndTheEndOfASplitAreMovesToo) {
  split(7, {kCloud, core::Ppm{250'000}});
  m_site->pass(core::seconds(2));
  split(8, {kCloud, core::Ppm{750'000}});
  m_site->pass(core::seconds(2));
  EXPECT_EQ(last_placement()->split, (core::Split{kCloud, core::Ppm{750'000}}));
  place(9, kCloud);
  m_site->pass(core::seconds(2));
  expect_at(kCloud, 0);
  EXPECT_FALSE(last_placement()->split);
  ASSERT_EQ(answers().size(), 3U);
  for (const ActionDone& answer : answers()) EXPECT_EQ(answer.outcome, Outcome::done);
}

TEST_P(ClusterContract, ASplitWorkloadIsSampledByPart) {
  split(7, {kCloud, core::Ppm{250'000}});
  m_site->pass(core::seconds(5));
  m_posted.events.clear();
  m_site->pass(core::seconds(20));
  std::map<std::string, std::int64_t> arrived;
  for (const auto& sample : m_posted.all<WorkloadSample>()) {
    if (sample.workload == kDetector) arrived[sample.target.text] += sample.arrived;
  }
  EXPECT_NEAR(static_cast<double>(arrived["tx2"]), 150, 10);
  EXPECT_NEAR(static_cast<double>(arrived["cloud"]), 50, 5);
}

TEST_P(ClusterContract, ASplitThatCanNotBeIsRefused) {
  const auto refused = [&](const core::PlaceWorkload& wanted) {
    m_site->cluster().submit(7, wanted, m_site->now() + kPatience, {});
    m_site->pass(core::milliseconds(100));
    const auto got = answers();
    EXPECT_FALSE(got.empty());
    if (got.empty()) return std::string{};
    EXPECT_EQ(got.back().outcome, Outcome::refused);
    return got.back().reason;
  };
  const core::Split half{kCloud, core::Ppm{500'000}};
  EXPECT_EQ(refused({kDetector, kTx2, kTx2, 0, core::Split{kTx2, core::Ppm{500'000}}}),
            "split-not-possible");
  EXPECT_EQ(refused({kDetector, kTx2, kTx2, 0, core::Split{kCloud, core::Ppm{300'000}}}),
            "split-not-possible")
      << "four replicas";
  EXPECT_EQ(refused({kDetector, kTx2, std::nullopt, 0, half}), "split-not-possible");
  EXPECT_EQ(refused({WorkloadName{"big"}, kCloud, kCloud, 0, core::Split{kTx2, half.share}}),
            "split-not-possible")
      << "one replica";
  EXPECT_EQ(refused({kDetector, kTx2, kTx2, 0, core::Split{TargetName{"x"}, half.share}}),
            "unknown-target");
  m_site->world().set_alive(kCloud, false);
  EXPECT_EQ(refused({kDetector, kTx2, kTx2, 0, half}), "target-not-ready");
  m_site->pass(core::seconds(1));
  expect_at(kTx2, 0);
  EXPECT_FALSE(last_placement()->split);
}

TEST_P(ClusterContract, APartLostOnTheWayFailsTheSplitAndTheOldPlaceServesOn) {
  split(7, {kCloud, core::Ppm{500'000}});
  m_site->pass(core::milliseconds(100));
  m_site->world().set_alive(kCloud, false);
  m_site->pass(core::seconds(1));
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0].outcome, Outcome::failed);
  EXPECT_EQ(answers()[0].reason, "target-lost");
  m_site->world().set_alive(kCloud, true);
  m_site->pass(core::seconds(5));
  expect_at(kTx2, 0);
  EXPECT_FALSE(last_placement()->split);
}

TEST_P(ClusterContract, AMoveToWhereItRunsIsDone) {
  place(7, kTx2, 0);
  m_site->pass(core::seconds(1));
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0].outcome, Outcome::done);
}

TEST_P(ClusterContract, WhatCanNotBeIsRefusedAndChangesNothing) {
  struct Case {
    core::PlaceWorkload action;
    const char* reason;
  };
  const std::vector<Case> cases{
      {{WorkloadName{"none"}, {}, kTx2, 0}, "unknown-workload"},
      {{kDetector, kTx2, TargetName{"none"}, 0}, "unknown-target"},
      {{kDetector, kTx2, kCloud, 2}, "unknown-rung"},
      {{kDetector, kTx2, kCloud, -1}, "unknown-rung"},
      {{WorkloadName{"big"}, kCloud, kTx2, 0}, "model-not-on-target"},
  };
  core::ActionId id = 10;
  for (const Case& one : cases) {
    m_site->cluster().submit(id++, one.action, m_site->now() + kPatience, {});
    m_site->pass(core::milliseconds(100));
  }
  const auto got = answers();
  ASSERT_EQ(got.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(got[i].id, 10 + i);
    EXPECT_EQ(got[i].outcome, Outcome::refused) << cases[i].reason;
    EXPECT_EQ(got[i].reason, cases[i].reason);
  }
  m_site->pass(core::seconds(2));
  expect_at(kTx2, 0);
}

TEST_P(ClusterContract, ADeadTargetTakesNoWorkload) {
  m_site->world().set_alive(kCloud, false);
  place(7, kCloud);
  m_site->pass(core::milliseconds(200));
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0].outcome, Outcome::refused);
  EXPECT_EQ(answers()[0].reason, "target-not-ready");
}

TEST_P(ClusterContract, ATargetLostDuringTheMoveFailsItAndTheOldPlaceServesOn) {
  place(7, kCloud);
  m_site->pass(core::milliseconds(100));
  m_site->world().set_alive(kCloud, false);
  m_site->pass(core::seconds(1));
  ASSERT_EQ(answers().size(), 1U);
  EXPECT_EQ(answers()[0].outcome, Outcome::failed);
  EXPECT_EQ(answers()[0].reason, "target-lost");
  m_site->world().set_alive(kCloud, true);
  m_site->pass(core::seconds(5));
  expect_at(kTx2, 0);
}

TEST_P(ClusterContract, NotReadyAtTheDeadlineFailsAndIsUndone) {
  place(7, kCloud, 0, core::milliseconds(200));  // a cloud start takes 300 ms
  m_site->pass(core::milliseconds(200));
  ASSERT_EQ(answers().size(), 1U) << "the answer comes by the deadline";
  EXPECT_EQ(answers()[0].outcome, Outcome::failed);
  EXPECT_EQ(answers()[0].reason, "not-ready-in-time");
  m_site->pass(core::seconds(5));
  expect_at(kTx2, 0);
}

TEST_P(ClusterContract, ALaterMoveOfTheSameWorkloadTakesTheFormersPlace) {
  place(7, kCloud);
  m_site->pass(core::milliseconds(50));
  place(8, kTx2, 1);
  m_site->pass(core::seconds(5));
  const auto got = answers();
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].id, 7U);
  EXPECT_EQ(got[0].reason, "superseded");
  EXPECT_EQ(got[1], (ActionDone{8, Outcome::done, {}, {}}));
  expect_at(kTx2, 1);
}

TEST_P(ClusterContract, PlacementsAreToldOnlyWhenTheyChange) {
  m_site->pass(core::seconds(3));
  const std::size_t before = m_posted.all<PlacementObserved>().size();
  m_site->pass(core::seconds(10));
  EXPECT_EQ(m_posted.all<PlacementObserved>().size(), before);
}

TEST_P(ClusterContract, RequestsAreSampledOncePerPeriodWithoutGaps) {
  m_site->pass(core::seconds(10));
  std::int64_t arrived = 0;
  int samples = 0;
  core::Micros covered;
  for (const auto& sample : m_posted.all<WorkloadSample>()) {
    if (sample.workload != kDetector) continue;
    ++samples;
    arrived += sample.arrived;
    covered += sample.window;
    EXPECT_EQ(sample.target, kTx2);
  }
  EXPECT_NEAR(samples, 10, 2);
  const auto total = m_site->world().totals(kDetector);
  EXPECT_NEAR(static_cast<double>(arrived), static_cast<double>(total.generated), 25)
      << "all but the running period";
  EXPECT_GE(covered, core::seconds(9));
}

TEST_P(ClusterContract, EveryTargetIsSampledAndADeadOneIsNotReachable) {
  m_site->world().set_alive(kTx2, false);
  m_posted.events.clear();
  m_site->pass(core::milliseconds(2'100));
  int dead = 0, alive = 0;
  for (const auto& sample : m_posted.all<TargetSample>()) {
    if (sample.target == kTx2) {
      ++dead;
      EXPECT_FALSE(sample.reachable);
    } else {
      ++alive;
      EXPECT_TRUE(sample.reachable);
      EXPECT_TRUE(sample.power_mode);
    }
  }
  EXPECT_GE(dead, 2);
  EXPECT_EQ(dead, alive);
  const auto seen = last_placement();
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->ready) << "a workload on a dead node does not serve";
}

TEST_P(ClusterContract, SamplesAreFromThePresentAndNeverFromTheFuture) {
  m_posted.events.clear();
  const core::Instant before = m_site->now();
  m_site->pass(core::milliseconds(1'100));
  const auto samples = m_posted.all<TargetSample>();
  ASSERT_FALSE(samples.empty());
  for (const auto& sample : samples) {
    EXPECT_GE(sample.observed_at, before);
    EXPECT_LE(sample.observed_at, m_site->now());
  }
}

TEST_P(ClusterContract, AfterStopNothingIsPosted) {
  place(7, kCloud);
  m_site->cluster().stop();
  m_site->metrics().stop();
  const std::size_t posted = m_posted.events.size();
  m_site->pass(core::seconds(5));
  EXPECT_EQ(m_posted.events.size(), posted);
}

INSTANTIATE_TEST_SUITE_P(, ClusterContract,
                         ::testing::Values(MakeClusterSite(&in_process_site),
                                           MakeClusterSite(&door_site)),
                         [](const auto& one) { return one.index == 0 ? "InProcess" : "Door"; });

}  // namespace
}  // namespace wanwise::testing
