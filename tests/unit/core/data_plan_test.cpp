// How fast a data plan may be used, and that it lasts.
#include "engine/core/observe/data_plan.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

namespace wanwise::core {
namespace {

constexpr Micros kDay = seconds(86'400);
constexpr Micros kMonth = kDay * 30;
// 30 GB a month: 1 GB a day, 92.6 kbit/s.
constexpr DataCap kCap{Bytes{30'000'000'000}, kMonth};
constexpr double kEven = 30e9 * 8 / (30 * 86'400.0);

LinkCounters counters(Instant at, std::uint64_t bytes) {
  LinkCounters sample;
  sample.observed_at = at;
  sample.tx_bytes = bytes / 2;
  sample.rx_bytes = bytes - bytes / 2;
  return sample;
}

LinkUsage usage(Instant at, std::int64_t used, Micros left) {
  return {LinkName{"lte"}, at, Bytes{used}, left};
}

double pace(const DataPlan& plan) {
  return static_cast<double>(plan.quota().count) / kEven;
}

TEST(DataPlan, begins_with_the_first_event_and_allows_the_even_rate) {
  DataPlan plan(kCap);
  plan.refresh(Instant{5'000'000});
  EXPECT_NEAR(pace(plan), 1.0, 0.02);
  EXPECT_FALSE(plan.told());
  EXPECT_EQ(plan.left(Instant{5'000'000} + kDay), kMonth - kDay);
}

TEST(DataPlan, counts_what_the_interface_carried_across_resets) {
  DataPlan plan(kCap);
  plan.observe(counters(Instant{0}, 1'000'000));  // of before: no use
  plan.observe(counters(Instant{1}, 3'000'000));
  plan.observe(counters(Instant{2}, 400'000));  // the router began again
  EXPECT_EQ(plan.used(), Bytes{2'400'000});
  plan.observe(usage(Instant{3}, 9'000'000, kDay));
  plan.observe(counters(Instant{4}, 500'000));
  EXPECT_EQ(plan.used(), Bytes{9'100'000});
  EXPECT_TRUE(plan.told());
}

TEST(DataPlan, a_days_share_ahead_stops_and_a_days_share_saved_doubles) {
  DataPlan plan(kCap);
  const Instant at{0};
  plan.observe(usage(at, 15'000'000'000, kDay * 15));
  plan.refresh(at);
  EXPECT_NEAR(pace(plan), 0.85, 0.16);  // on its line, less what is not paced out
  plan.observe(usage(at, 16'000'000'000, kDay * 15));
  plan.refresh(at);
  EXPECT_EQ(plan.quota(), Bps{0});
  plan.observe(usage(at, 14'000'000'000, kDay * 15));
  plan.refresh(at);
  EXPECT_NEAR(pace(plan), 1.8, 0.25);
}

TEST(DataPlan, used_up_is_used_up) {
  DataPlan plan(kCap);
  plan.observe(usage(Instant{0}, 30'000'000'000, kDay));
  plan.refresh(Instant{0});
  EXPECT_EQ(plan.quota(), Bps{0});
}

TEST(DataPlan, a_new_period_begins_by_itself_and_nobody_has_told_of_it) {
  DataPlan plan(kCap);
  plan.observe(usage(Instant{0}, 30'000'000'000, kDay));
  plan.refresh(Instant{0} + kDay + seconds(1));
  EXPECT_EQ(plan.used(), Bytes{0});
  EXPECT_FALSE(plan.told());
  EXPECT_NEAR(pace(plan), 1.0, 0.02);
  EXPECT_EQ(plan.left(Instant{0} + kDay), kMonth);
  plan.refresh(Instant{0} + kMonth * 7 + kDay);
  EXPECT_EQ(plan.left(Instant{0} + kMonth * 7 + kDay), kMonth);
}

TEST(DataPlan, a_report_older_than_the_last_one_counts_for_nothing) {
  DataPlan plan(kCap);
  plan.observe(usage(Instant{100}, 5'000'000, kDay));
  plan.observe(usage(Instant{50}, 1'000'000, kDay));
  EXPECT_EQ(plan.used(), Bytes{5'000'000});
}

TEST(DataPlan, absurd_reports_are_taken_for_the_nearest_possible) {
  DataPlan plan(kCap);
  plan.observe(usage(Instant{0}, -5, kMonth * 9));
  EXPECT_EQ(plan.used(), Bytes{0});
  EXPECT_EQ(plan.left(Instant{0}), kMonth);
  plan.observe(usage(Instant{1}, INT64_MAX, Micros{-1}));
  plan.observe(counters(Instant{2}, 5));
  plan.observe(counters(Instant{3}, UINT64_MAX));
  plan.observe(counters(Instant{4}, 0));
  plan.refresh(Instant{4});
  EXPECT_EQ(plan.used(), Bytes{0});  // the period was over
}

/// Whoever uses a link at the lower of its own rate and the quota, minute by minute.
struct Month {
  std::int64_t used = 0;
  int changes = 0;
};

Month play(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  DataPlan plan(kCap);
  Month month;
  Bps before = kNoQuota;
  std::uint64_t total = 0;
  double wanted = 0;
  for (Instant now{0}; now < Instant{0} + kMonth; now = now + seconds(60)) {
    if (now.micros % seconds(3'600).count == 0) wanted = static_cast<double>(random() % 500) * 1e3;
    plan.observe(counters(now, total));
    plan.refresh(now);
    if (plan.quota() != before) ++month.changes;
    before = plan.quota();
    const double rate = std::min(wanted, static_cast<double>(plan.quota().count));
    total += static_cast<std::uint64_t>(rate * 60 / 8);
  }
  month.used = static_cast<std::int64_t>(total);
  return month;
}

TEST(DataPlan, lasts_the_month_whatever_is_wanted_and_its_quota_does_not_flap) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Month month = play(seed);
    EXPECT_LE(month.used, kCap.limit.count) << seed;
    EXPECT_GE(month.used, kCap.limit.count * 95 / 100) << seed;
    EXPECT_LE(month.changes, 30 * 24) << seed;  // less than once an hour
    std::printf("used %lld of %lld, %d changes\n", static_cast<long long>(month.used),
                static_cast<long long>(kCap.limit.count), month.changes);
  }
}

}  // namespace
}  // namespace wanwise::core
