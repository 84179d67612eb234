#include "engine/runtime/dispatcher.hpp"

#include <gtest/gtest.h>

#include "tests/support/fakes.hpp"

namespace wanwise::runtime {
namespace {

using core::ActionDone;
using core::Instant;
using core::Outcome;

core::Action place(core::ActionId id, Instant deadline = Instant{1'000'000}) {
  return {id, deadline, "why", core::PlaceWorkload{core::WorkloadName{"detector"}, {}, {}, 0}};
}

core::Action qos(core::ActionId id, const char* router) {
  core::ApplyQos apply;
  apply.desired.router = core::RouterName{router};
  return {id, Instant{1'000'000}, "why", apply};
}

class DispatcherTest : public ::testing::Test {
 protected:
  testing::FakeRouter m_router;
  testing::FakeCluster m_cluster;
  Dispatcher m_dispatcher{{{core::RouterName{"ir1101"}, &m_router}}, &m_cluster};
};

TEST_F(DispatcherTest, EachActionGoesToThePortItNames) {
  m_dispatcher.submit(qos(1, "ir1101"));
  m_dispatcher.submit(place(2));
  ASSERT_EQ(m_router.submitted.size(), 1U);
  EXPECT_EQ(m_router.submitted[0].id, 1U);
  ASSERT_EQ(m_cluster.submitted.size(), 1U);
  EXPECT_EQ(m_cluster.submitted[0].id, 2U);
  EXPECT_EQ(m_dispatcher.in_flight(), 2U);
}

TEST_F(DispatcherTest, AnUnknownPortIsRefusedAtOnce) {
  m_dispatcher.submit(qos(1, "other"));
  const auto due = m_dispatcher.take_due(Instant{0});
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].outcome, Outcome::refused);
  EXPECT_EQ(due[0].reason, "unknown-port");
  EXPECT_EQ(m_dispatcher.in_flight(), 0U);

  Dispatcher without({}, nullptr);
  without.submit(place(2));
  EXPECT_EQ(without.take_due(Instant{0}).at(0).reason, "unknown-port");
}

TEST_F(DispatcherTest, SilencePastTheDeadlineAndGraceIsUnknownOnce) {
  m_dispatcher.submit(place(1));
  const Instant due = Instant{1'000'000} + kAnswerGrace;
  EXPECT_EQ(m_dispatcher.next_due(), due);
  EXPECT_TRUE(m_dispatcher.take_due(due - core::Micros{1}).empty());
  const auto answers = m_dispatcher.take_due(due);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].outcome, Outcome::unknown);
  EXPECT_EQ(answers[0].reason, "deadline-passed");
  EXPECT_TRUE(m_dispatcher.take_due(due + core::seconds(9)).empty());
  EXPECT_EQ(m_dispatcher.next_due(), std::nullopt);
}

TEST_F(DispatcherTest, SecondAndLateAnswersAreDroppedAndCounted) {
  m_dispatcher.submit(place(1));
  EXPECT_TRUE(m_dispatcher.settle(ActionDone{1, Outcome::done, {}, {}}));
  EXPECT_FALSE(m_dispatcher.settle(ActionDone{1, Outcome::failed, {}, {}}));

  m_dispatcher.submit(place(2));
  EXPECT_EQ(m_dispatcher.take_due(Instant{9'000'000}).size(), 1U);
  EXPECT_FALSE(m_dispatcher.settle(ActionDone{2, Outcome::done, {}, {}}));
  EXPECT_FALSE(m_dispatcher.settle(ActionDone{77, Outcome::done, {}, {}}));
  EXPECT_EQ(m_dispatcher.counters().late_dropped, 3U);
  EXPECT_EQ(m_dispatcher.counters().overdue, 1U);
}

TEST_F(DispatcherTest, TooManyOpenActionsGiveUpTheOldest) {
  for (core::ActionId id = 1; id <= kMaxInFlight + 1; ++id) m_dispatcher.submit(place(id));
  EXPECT_EQ(m_dispatcher.in_flight(), kMaxInFlight);
  const auto due = m_dispatcher.take_due(Instant{0});
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].id, 1U);
  EXPECT_EQ(due[0].reason, "too-many-in-flight");
}

TEST_F(DispatcherTest, AbandonAnswersForAllThatIsOpen) {
  m_dispatcher.submit(place(1));
  m_dispatcher.submit(qos(2, "ir1101"));
  const auto due = m_dispatcher.abandon("stopping");
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].reason, "stopping");
  EXPECT_EQ(m_dispatcher.in_flight(), 0U);
}

}  // namespace
}  // namespace wanwise::runtime
