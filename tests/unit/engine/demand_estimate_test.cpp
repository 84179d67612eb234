#include "engine/core/observe/demand_estimate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace wanwise::core {
namespace {

WorkloadSample arrivals(std::int64_t count, Micros window = milliseconds(500)) {
  WorkloadSample sample;
  sample.window = window;
  sample.arrived = count;
  return sample;
}

TEST(DemandEstimate, is_the_declared_rate_before_anything_is_measured) {
  EXPECT_EQ(DemandEstimate{MilliHz{30'000}}.rate(), MilliHz{30'000});
}

TEST(DemandEstimate, stays_as_declared_under_the_noise_of_arrivals) {
  DemandEstimate demand{MilliHz{30'000}};
  for (int i = 0; i < 200; ++i) demand.observe(arrivals(i % 2 == 0 ? 12 : 18));
  EXPECT_EQ(demand.rate(), MilliHz{30'000});
}

TEST(DemandEstimate, sees_a_jump_with_the_second_sample) {
  DemandEstimate demand{MilliHz{30'000}};
  for (int i = 0; i < 20; ++i) demand.observe(arrivals(15));
  demand.observe(arrivals(27));
  demand.observe(arrivals(27));
  EXPECT_GE(demand.rate(), MilliHz{54'000});
  EXPECT_LE(demand.rate(), MilliHz{58'000});
}

TEST(DemandEstimate, returns_to_the_declared_rate_exactly) {
  DemandEstimate demand{MilliHz{30'000}};
  for (int i = 0; i < 20; ++i) demand.observe(arrivals(27));
  for (int i = 0; i < 20; ++i) demand.observe(arrivals(15));
  EXPECT_EQ(demand.rate(), MilliHz{30'000});
}

TEST(DemandEstimate, a_rare_arrival_is_no_higher_rate) {
  DemandEstimate demand{MilliHz{1'000}};
  for (int i = 0; i < 200; ++i) {
    demand.observe(arrivals(i % 2 == 0 ? 1 : 0));
    EXPECT_EQ(demand.rate(), MilliHz{1'000}) << "half-second samples see 2/s and 0/s in turn";
  }
}

TEST(DemandEstimate, follows_a_slow_rise_in_steps) {
  DemandEstimate demand{MilliHz{30'000}};
  for (int i = 0; i < 400; ++i) demand.observe(arrivals(15 + i / 20));
  EXPECT_GE(demand.rate(), MilliHz{56'000});
}

TEST(DemandEstimate, ignores_samples_that_make_no_sense) {
  DemandEstimate demand{MilliHz{30'000}};
  demand.observe(arrivals(-5));
  demand.observe(arrivals(5'000, Micros{0}));
  EXPECT_EQ(demand.rate(), MilliHz{30'000});
}

WorkloadSample at_second(int second, std::int64_t count) {
  WorkloadSample sample = arrivals(count, seconds(1));
  sample.observed_at = Instant{std::int64_t{second} * 1'000'000};
  return sample;
}

TEST(DemandEstimate, gives_up_what_nobody_can_see_any_more_and_later_each_time_in_vain) {
  DemandEstimate demand{MilliHz{30'000}};
  int second = 0;
  Micros before{0};
  for (int attempt = 0; attempt < 6; ++attempt) {
    for (int i = 0; i < 10; ++i) demand.observe(at_second(++second, 90));
    ASSERT_GT(demand.rate(), MilliHz{60'000});
    const auto due = demand.stale_at();
    ASSERT_TRUE(due);
    const Micros patience = *due - Instant{std::int64_t{second} * 1'000'000};
    EXPECT_EQ(patience, attempt == 0 ? seconds(300) : std::min(before * 2, seconds(2'400)));
    before = patience;
    demand.forget_stale(*due - Micros{1});
    EXPECT_GT(demand.rate(), MilliHz{60'000});
    demand.forget_stale(*due);
    EXPECT_EQ(demand.rate(), MilliHz{30'000});
    EXPECT_FALSE(demand.stale_at());
    second += static_cast<int>(patience.count / 1'000'000);
  }
}

TEST(DemandEstimate, is_patient_as_at_first_after_a_long_calm) {
  DemandEstimate demand{MilliHz{30'000}};
  int second = 0;
  for (int i = 0; i < 10; ++i) demand.observe(at_second(++second, 90));
  second += 400;
  demand.forget_stale(Instant{std::int64_t{second} * 1'000'000});
  for (int i = 0; i < 700; ++i) demand.observe(at_second(++second, 30));
  for (int i = 0; i < 10; ++i) demand.observe(at_second(++second, 90));
  EXPECT_EQ(demand.stale_at(), Instant{std::int64_t{second} * 1'000'000} + seconds(300));
}

}  // namespace
}  // namespace wanwise::core
