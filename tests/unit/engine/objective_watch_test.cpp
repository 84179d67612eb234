#include "engine/core/observe/objective_watch.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace wanwise::core {
namespace {

ObjectiveWatch p99_watch() {
  return {Objective{Ppm{990'000}, milliseconds(100)}, seconds(2)};
}

WorkloadSample half_second(int number, std::int64_t completed, std::int64_t missed) {
  WorkloadSample sample;
  sample.observed_at = Instant{number * 500'000};
  sample.window = milliseconds(500);
  sample.completed = completed;
  sample.missed = missed;
  return sample;
}

TEST(ObjectiveWatch, one_late_request_now_and_then_is_no_violation) {
  ObjectiveWatch watch = p99_watch();
  for (int i = 0; i < 100; ++i) {
    watch.observe(half_second(i, 10, i % 4 == 0 ? 1 : 0));
    EXPECT_FALSE(watch.violated());
  }
}

TEST(ObjectiveWatch, a_total_failure_is_seen_within_a_second) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, 5, 5));
  EXPECT_TRUE(watch.violated());
}

TEST(ObjectiveWatch, forgets_what_lies_before_the_window) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, 10, 10));
  for (int i = 2; i <= 6; ++i) watch.observe(half_second(i, 10, 0));
  EXPECT_FALSE(watch.violated());
}

TEST(ObjectiveWatch, starts_again_after_a_move) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, 10, 10));
  watch.reset();
  EXPECT_FALSE(watch.violated());
  EXPECT_FALSE(watch.latency());
}

TEST(ObjectiveWatch, keeps_a_bounded_number_of_samples_whatever_the_clock_does) {
  ObjectiveWatch watch = p99_watch();
  for (int i = 0; i < 10'000; ++i) watch.observe(half_second(1, 1, 1));
  EXPECT_TRUE(watch.violated());
}

TEST(ObjectiveWatch, counts_that_no_site_has_do_no_harm) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, INT64_MAX, INT64_MAX));
  EXPECT_TRUE(watch.violated());
  watch.observe(half_second(2, INT64_MIN, INT64_MIN));
  for (int i = 3; i <= 8; ++i) watch.observe(half_second(i, 10, 0));
  EXPECT_FALSE(watch.violated());
}

}  // namespace
}  // namespace wanwise::core
