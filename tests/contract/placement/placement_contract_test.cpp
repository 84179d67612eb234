// What moves of a workload are, for the simulator and for a real API server alike
// (engine/ports/cluster.hpp). Samples and splits: tests/contract/cluster.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/contract/placement/placement_site.hpp"
#include "tests/support/fakes.hpp"

namespace wanwise::testing {
namespace {

using core::ActionDone;
using core::Outcome;
using core::PlacementObserved;
using core::TargetName;
using core::WorkloadName;

const WorkloadName kDetector{"detector"};
const TargetName kTx2{"tx2"};
const TargetName kCloud{"cloud"};
const core::Micros kPatience = core::seconds(20);

class PlacementContract : public ::testing::TestWithParam<MakePlacementSite> {
 protected:
  static void TearDownTestSuite() { end_kubernetes(); }
  void SetUp() override {
    std::string lacking;
    m_site = GetParam()(lacking);
    if (!m_site) GTEST_SKIP() << lacking;
    m_site->cluster().start(m_posted);
    ASSERT_TRUE(m_site->until([&] { return seen() && seen()->ready; }));
    if (seen()->target != kTx2) {
      place(1, kTx2);
      ASSERT_EQ(answer_of(1).outcome, Outcome::done);
    }
    m_posted.events.clear();
    m_last = {kDetector, {}, kTx2, 0, true, {}};
  }
  void TearDown() override {
    if (m_site) m_site->cluster().stop();
    m_site.reset();
  }

  void place(core::ActionId id, std::optional<TargetName> to, std::int32_t rung = 0,
             core::Micros within = kPatience) {
    submit(id, {kDetector, kTx2, std::move(to), rung, {}}, within);
  }
  void submit(core::ActionId id, const core::PlaceWorkload& action,
              core::Micros within = kPatience) {
    m_site->cluster().submit(id, action, m_site->now() + within, "a test says so");
  }
  [[nodiscard]] std::optional<PlacementObserved> seen() const {
    std::optional<PlacementObserved> last = m_last;
    for (const auto& one : m_posted.all<PlacementObserved>()) {
      if (one.workload == kDetector) last = one;
    }
    return last;
  }
  [[nodiscard]] int answers_to(core::ActionId id) const {
    const auto all = m_posted.all<ActionDone>();
    return static_cast<int>(
        std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.id == id; }));
  }
  ActionDone answer_of(core::ActionId id) {
    EXPECT_TRUE(m_site->until([&] { return answers_to(id) > 0; }));
    for (const ActionDone& one : m_posted.all<ActionDone>()) {
      if (one.id == id) return one;
    }
    return {};
  }
  void expect_at(const std::optional<TargetName>& target, std::int32_t rung = 0) {
    EXPECT_TRUE(m_site->until([&] {
      return seen() && seen()->target == target && (!target || seen()->ready) &&
             (!target || seen()->rung == rung);
    })) << (seen() && seen()->target ? seen()->target->text : "nowhere");
  }

  RecordingSink m_posted;
  std::optional<PlacementObserved> m_last;  ///< before what was posted
  std::unique_ptr<PlacementSite> m_site;
};

TEST_P(PlacementContract, AMoveIsDoneOnceAndWhereItRunsIsKnownBefore) {
  place(7, kCloud);
  EXPECT_EQ(answer_of(7), (ActionDone{7, Outcome::done, {}, {}}));
  EXPECT_EQ(seen()->target, kCloud);
  EXPECT_TRUE(seen()->ready);
  m_site->pass(core::seconds(1));
  EXPECT_EQ(answers_to(7), 1);
}

TEST_P(PlacementContract, TheOldPlaceServesUntilTheNewOneIsReady) {
  m_site->hold(kCloud, true);
  place(7, kCloud, 0, m_site->short_patience());
  m_site->pass(core::milliseconds(100));
  EXPECT_EQ(seen()->target, kTx2);
  EXPECT_TRUE(seen()->ready);
  EXPECT_EQ(answers_to(7), 0);
}

TEST_P(PlacementContract, AnotherRungAndASuspensionAreMovesToo) {
  place(7, kTx2, 1);
  EXPECT_EQ(answer_of(7).outcome, Outcome::done);
  expect_at(kTx2, 1);
  place(8, std::nullopt);
  EXPECT_EQ(answer_of(8).outcome, Outcome::done);
  expect_at(std::nullopt);
  place(9, kCloud);
  EXPECT_EQ(answer_of(9).outcome, Outcome::done);
  expect_at(kCloud);
}

TEST_P(PlacementContract, AMoveToWhereItRunsIsDone) {
  place(7, kTx2);
  EXPECT_EQ(answer_of(7).outcome, Outcome::done);
}

TEST_P(PlacementContract, WhatCanNotBeIsRefusedAndChangesNothing) {
  submit(10, {WorkloadName{"none"}, {}, kTx2, 0, {}});
  submit(11, {kDetector, kTx2, TargetName{"none"}, 0, {}});
  submit(12, {kDetector, kTx2, kCloud, 2, {}});
  submit(13, {kDetector, kTx2, kCloud, -1, {}});
  const char* reasons[] = {"unknown-workload", "unknown-target", "unknown-rung", "unknown-rung"};
  for (core::ActionId id = 10; id < 14; ++id) {
    EXPECT_EQ(answer_of(id).outcome, Outcome::refused);
    EXPECT_EQ(answer_of(id).reason, reasons[id - 10]);
  }
  expect_at(kTx2);
}

TEST_P(PlacementContract, ADeadTargetTakesNoWorkload) {
  m_site->set_alive(kCloud, false);
  place(7, kCloud);
  EXPECT_EQ(answer_of(7).outcome, Outcome::refused);
  EXPECT_EQ(answer_of(7).reason, "target-not-ready");
  m_site->set_alive(kCloud, true);
}

TEST_P(PlacementContract, ATargetLostDuringTheMoveFailsItAndTheOldPlaceServesOn) {
  m_site->hold(kCloud, true);
  place(7, kCloud);
  m_site->pass(core::milliseconds(100));
  m_site->set_alive(kCloud, false);
  EXPECT_EQ(answer_of(7).outcome, Outcome::failed);
  EXPECT_EQ(answer_of(7).reason, "target-lost");
  m_site->set_alive(kCloud, true);
  expect_at(kTx2);
}

TEST_P(PlacementContract, NotReadyAtTheDeadlineFailsAndIsUndone) {
  m_site->hold(kCloud, true);
  const core::Instant begun = m_site->now();
  place(7, kCloud, 0, m_site->short_patience());
  EXPECT_EQ(answer_of(7).outcome, Outcome::failed);
  EXPECT_EQ(answer_of(7).reason, "not-ready-in-time");
  EXPECT_LE(m_site->now() - begun, m_site->short_patience() + core::milliseconds(500));
  m_site->hold(kCloud, false);
  m_site->pass(core::milliseconds(500));
  expect_at(kTx2);
}

TEST_P(PlacementContract, ALaterMoveOfTheSameWorkloadTakesTheFormersPlace) {
  m_site->hold(kCloud, true);
  place(7, kCloud);
  m_site->pass(core::milliseconds(50));
  place(8, kTx2, 1);
  EXPECT_EQ(answer_of(7).reason, "superseded");
  EXPECT_EQ(answer_of(8), (ActionDone{8, Outcome::done, {}, {}}));
  expect_at(kTx2, 1);
}

TEST_P(PlacementContract, PlacementsAreToldOnlyWhenTheyChange) {
  m_site->pass(core::seconds(1));
  const std::size_t before = m_posted.all<PlacementObserved>().size();
  m_site->pass(core::seconds(3));
  EXPECT_EQ(m_posted.all<PlacementObserved>().size(), before);
}

TEST_P(PlacementContract, AfterStopNothingIsPosted) {
  place(7, kCloud);
  m_site->cluster().stop();
  const std::size_t posted = m_posted.events.size();
  m_site->pass(core::seconds(2));
  EXPECT_EQ(m_posted.events.size(), posted);
}

INSTANTIATE_TEST_SUITE_P(, PlacementContract,
                         ::testing::Values(MakePlacementSite(&simulated_placement),
                                           MakePlacementSite(&kubernetes_placement)),
                         [](const auto& one) {
                           return one.index == 0 ? "Simulator" : "Kubernetes";
                         });

}  // namespace
}  // namespace wanwise::testing
