#include "engine/core/observe/freshness.hpp"

#include <gtest/gtest.h>

namespace wanwise::core {
namespace {

constexpr Micros kStale = seconds(15);
constexpr Instant kSeen{100'000'000};

TEST(Freshness, IsFreshUntilTheLastMicrosecondAndStaleFromTheExpiryOn) {
  EXPECT_EQ(freshness(kSeen, kSeen, kStale), Freshness::fresh);
  EXPECT_EQ(freshness(kSeen, kSeen + kStale - Micros{1}, kStale), Freshness::fresh);
  EXPECT_EQ(freshness(kSeen, kSeen + kStale, kStale), Freshness::stale);
}

TEST(Freshness, AWakeUpAtTheExpiryFindsTheValueStaleAndNeedsNoOther) {
  const auto expiry = next_expiry(kSeen, kSeen + seconds(3), kStale);
  ASSERT_TRUE(expiry);
  EXPECT_EQ(*expiry, kSeen + kStale);
  EXPECT_EQ(freshness(kSeen, *expiry, kStale), Freshness::stale);
  EXPECT_EQ(next_expiry(kSeen, *expiry, kStale), std::nullopt);
}

TEST(Freshness, AValueThatNeverCameIsMissingAndNotStale) {
  EXPECT_EQ(freshness(std::nullopt, kSeen, kStale), Freshness::missing);
  EXPECT_EQ(next_expiry(std::nullopt, kSeen, kStale), std::nullopt);
}

TEST(Freshness, AValueALittleAheadOfTimeHasAgeZero) {
  EXPECT_EQ(age_of(kSeen, kSeen - seconds(1)), Micros{0});
  EXPECT_EQ(freshness(kSeen, kSeen - seconds(1), kStale), Freshness::fresh);
}

TEST(Freshness, AValueFarAheadOfTimeIsABrokenClockAndStaleUntilTimeComesNear) {
  const Instant now = kSeen - kStale - seconds(5);
  EXPECT_EQ(freshness(kSeen, now, kStale), Freshness::stale);
  const auto change = next_expiry(kSeen, now, kStale);
  ASSERT_TRUE(change);
  EXPECT_EQ(freshness(kSeen, *change, kStale), Freshness::fresh);
  EXPECT_EQ(freshness(kSeen, *change - Micros{1}, kStale), Freshness::stale);
}

TEST(Freshness, TheEarlierOfTwoWakeUpsTreatsNothingAsNever) {
  EXPECT_EQ(earlier(std::nullopt, std::nullopt), std::nullopt);
  EXPECT_EQ(earlier(kSeen, std::nullopt), kSeen);
  EXPECT_EQ(earlier(std::nullopt, kSeen), kSeen);
  EXPECT_EQ(earlier(kSeen, kSeen - seconds(1)), kSeen - seconds(1));
}

}  // namespace
}  // namespace wanwise::core
