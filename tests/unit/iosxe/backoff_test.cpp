// How a router that is away is tried again. Time is what the tests add up; nobody waits.
#include "adapters/iosxe/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace wanwise::iosxe {
namespace {

/// A try that finds the port shut takes no time of its own.
constexpr core::Micros kNothing{0};

/// The moments of the tries since the session was lost, the last one not before `until`.
std::vector<core::Micros> tries(const Limits& limits, core::Micros until, core::Micros each) {
  Backoff backoff{limits};
  std::vector<core::Micros> all;
  core::Micros now{0};
  while (now < until) {
    now += backoff.failed(false);
    all.push_back(now);
    now += each;
  }
  return all;
}

/// When a session is there again after NETCONF was away for `away`.
core::Micros back_after(core::Micros away, core::Micros each) {
  return tries(Limits{}, away, each).back();
}

TEST(Backoff, BeginsQuicklyAndDoubles) {
  const auto all = tries(Limits{}, core::seconds(5), kNothing);
  ASSERT_GE(all.size(), 4U);
  EXPECT_EQ(all[0], core::milliseconds(250));
  EXPECT_EQ(all[1], core::milliseconds(750));
  EXPECT_EQ(all[2], core::milliseconds(1750));
  EXPECT_EQ(all[3], core::milliseconds(3750));
}

TEST(Backoff, ARestartOfNetconfIsOverAtMostADenseWaitBeforeItIsNoticed) {
  for (const int away : {1, 10, 30, 45, 60, 90}) {
    const core::Micros back = back_after(core::seconds(away), kNothing);
    EXPECT_GE(back, core::seconds(away));
    EXPECT_LE(back, core::seconds(away) + Backoff::kDenseWait) << away << " s";
  }
}

/// A router that is starting may swallow the connection instead of refusing it: each try then takes
/// as long as connecting may.
TEST(Backoff, ARouterThatSwallowsConnectionsIsBackAfterOneTryMore) {
  const Limits limits;
  for (const int away : {30, 60, 90}) {
    EXPECT_LE(back_after(core::seconds(away), limits.connect),
              core::seconds(away) + Backoff::kDenseWait + limits.connect)
        << away << " s";
  }
}

TEST(Backoff, ARestartCostsTheRouterFewConnections) {
  EXPECT_LE(tries(Limits{}, core::seconds(60), kNothing).size(), 17U);
}

TEST(Backoff, GrowsToItsLongestOnlyBehindTheBudget) {
  const Limits limits;
  const auto all = tries(limits, core::seconds(600), kNothing);
  core::Micros longest{0};
  for (std::size_t i = 1; i < all.size(); ++i) {
    const core::Micros wait = all[i] - all[i - 1];
    if (all[i - 1] < Backoff::kRestartBudget) {
      EXPECT_LE(wait, Backoff::kDenseWait);
    }
    EXPECT_LE(wait, limits.max_backoff);
    longest = std::max(longest, wait);
  }
  EXPECT_EQ(longest, limits.max_backoff);
}

TEST(Backoff, ASessionMakesItBeginAnew) {
  const Limits limits;
  Backoff backoff{limits};
  for (int i = 0; i < 40; ++i) (void)backoff.failed(false);
  EXPECT_EQ(backoff.failed(false), limits.max_backoff);
  backoff.succeeded();
  EXPECT_EQ(backoff.failed(false), limits.first_backoff);
  EXPECT_GE(Backoff::kRestartBudget, core::seconds(60));
}

TEST(Backoff, ARefusedLoginWaitsLongAtOnceAndCostsNoBudget) {
  Limits limits;
  limits.refused_backoff = core::seconds(17);
  Backoff backoff{limits};
  EXPECT_EQ(backoff.failed(true), core::seconds(17));
  EXPECT_EQ(backoff.failed(true), core::seconds(17));
  EXPECT_EQ(backoff.failed(false), limits.first_backoff);
}

TEST(Backoff, ShorterLimitsHoldAlsoInTheDenseTime) {
  Limits limits;
  limits.first_backoff = core::milliseconds(2);
  limits.max_backoff = core::milliseconds(50);
  const auto all = tries(limits, core::seconds(1), kNothing);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LE(all[i] - all[i - 1], limits.max_backoff);
}

}  // namespace
}  // namespace wanwise::iosxe
