#include "adapters/iosxe/read/subscriptions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wanwise::iosxe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr core::Micros kPeriod = core::seconds(1);
const Feed kRadio{FeedKind::radio, "Cellular0/1/0"};
const Feed kState{FeedKind::interface_state, "Cellular0/1/0"};
const Feed kCpu{FeedKind::process_cpu};

core::Instant at(int seconds) {
  return core::Instant{} + core::seconds(seconds);
}
SubscriptionAnswer ok(std::uint32_t id) {
  return {id, "ok"};
}
SubscriptionAnswer no(const char* why) {
  return {std::nullopt, why};
}

class SubscriptionsTest : public testing::Test {
 protected:
  void SetUp() override { m_all.begin({kRadio, kCpu}, at(0)); }
  Subscriptions m_all{kPeriod};
};

TEST_F(SubscriptionsTest, WhatIsNotPushedIsPolledAndTheRoutersHealthAtItsOwnTurn) {
  EXPECT_THAT(m_all.to_poll(at(1), false), ElementsAre(kRadio));
  EXPECT_THAT(m_all.to_poll(at(1), true), ElementsAre(kRadio, kCpu));
  EXPECT_FALSE(m_all.answered(kRadio, kPeriod, ok(7)).again);
  EXPECT_THAT(m_all.to_poll(at(1), false), IsEmpty());
  EXPECT_EQ(m_all.pushed(), 1U);
}

TEST_F(SubscriptionsTest, TakesLongerPeriodsUpToTheLongestThenPolls) {
  Subscriptions::Trigger trigger = kPeriod;
  std::vector<std::int64_t> tried;
  for (;;) {
    tried.push_back(trigger->count / 1'000'000);
    const auto next = m_all.answered(kRadio, trigger, no("error-insufficient-resources"));
    if (!next.again) break;
    trigger = next.trigger;
  }
  EXPECT_THAT(tried, ElementsAre(1, 2, Subscriptions::kLongestPeriod));
  EXPECT_THAT(m_all.to_poll(at(1), false), ElementsAre(kRadio));
  EXPECT_EQ(m_all.to_renew(at(1)).size(), 1U);  // room may come back
}

TEST_F(SubscriptionsTest, OtherRefusalsAreFinal) {
  for (const char* why : {"error-no-such-option", "error-data-not-authorized", "error-other",
                          "operation-not-supported: x"}) {
    EXPECT_FALSE(m_all.answered(kRadio, kPeriod, no(why)).again) << why;
    EXPECT_THAT(m_all.to_renew(at(100)), IsEmpty());
  }
}

TEST_F(SubscriptionsTest, OnChangeFallsBackToThePeriodButForAStateThatIsPartOfMore) {
  const auto next = m_all.answered(kRadio, std::nullopt, no("error-other"));
  EXPECT_TRUE(next.again);
  EXPECT_EQ(next.trigger, kPeriod);
  EXPECT_FALSE(m_all.answered(kState, std::nullopt, no("error-other")).again);
  EXPECT_THAT(m_all.to_poll(at(1), true), ElementsAre(kRadio, kCpu));
}

TEST_F(SubscriptionsTest, OnChangeMayBeSilent) {
  (void)m_all.answered(kRadio, std::nullopt, ok(7));
  EXPECT_THAT(m_all.to_poll(at(1000), false), IsEmpty());
  EXPECT_THAT(m_all.to_poll(at(1000), true), ElementsAre(kRadio, kCpu));
  EXPECT_THAT(m_all.to_renew(at(1000)), IsEmpty());
}

TEST_F(SubscriptionsTest, SilenceIsMeasuredFromTheDatasOwnTime) {
  (void)m_all.answered(kRadio, kPeriod, ok(7));
  EXPECT_EQ(*m_all.heard(7, at(10)).feed, kRadio);
  EXPECT_THAT(m_all.to_poll(at(13), false), IsEmpty());
  EXPECT_THAT(m_all.to_poll(at(14), false), ElementsAre(kRadio));
  // Held up: it comes now, but tells of long ago.
  EXPECT_TRUE(m_all.heard(7, at(11)).newest);
  EXPECT_THAT(m_all.to_poll(at(20), false), ElementsAre(kRadio));
  m_all.polled(kRadio, at(20));
  EXPECT_FALSE(m_all.heard(7, at(12)).newest);
  EXPECT_TRUE(m_all.heard(7, at(21)).newest);
}

TEST_F(SubscriptionsTest, ADeadSubscriptionIsRenewedAndAnEndedOneIsForgotten) {
  (void)m_all.answered(kRadio, kPeriod, ok(7));
  (void)m_all.heard(7, at(1));
  EXPECT_THAT(m_all.to_renew(at(11)), IsEmpty());
  const auto stale = m_all.to_renew(at(12));
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(stale[0].id, 7U);
  m_all.ended(7);
  EXPECT_EQ(m_all.heard(7, at(13)).feed, nullptr);
  ASSERT_EQ(m_all.to_renew(at(13)).size(), 1U);
  EXPECT_FALSE(m_all.to_renew(at(13))[0].id);
  EXPECT_EQ(m_all.heard(99, at(13)).feed, nullptr);
}

TEST_F(SubscriptionsTest, ANewSessionBeginsWithoutAny) {
  (void)m_all.answered(kRadio, kPeriod, ok(7));
  m_all.begin({kRadio}, at(50));
  EXPECT_EQ(m_all.pushed(), 0U);
  EXPECT_EQ(m_all.heard(7, at(51)).feed, nullptr);
}

}  // namespace
}  // namespace wanwise::iosxe
