#include "engine/core/decide/explain/prediction_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/core/decide/latency/latency.hpp"
#include "tests/support/model_builder.hpp"

namespace wanwise::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Ppm kP99{990'000};
const Forecast kForecast{Micros{50'000}, Micros{80'000}, Micros{100'000}};

Model one_workload() {
  test::ModelBuilder builder;
  builder.workload({.name = "safety", .objective = milliseconds(120)});
  return builder.build();
}

class PredictionLogTest : public testing::Test {
 protected:
  PredictionLogTest() { views.workloads.resize(1); }

  void runs_at(const char* target, std::int32_t rung = 0) {
    views.workloads[0].place = spot_of(model, {TargetName{target}, rung});
    log.follow(
        views, {false}, [](Index) { return kForecast; }, now);
  }
  void order(const char* target, StayEnd leaving) {
    log.decided(0, spot_of(model, {TargetName{target}}), Forecast{kForecast}, leaving, now);
  }
  void sample(const char* target, std::int64_t completed, std::int64_t missed, Micros latency) {
    now = now + seconds(1);
    WorkloadSample sample;
    sample.workload = WorkloadName{"safety"};
    sample.target = TargetName{target};
    sample.observed_at = now;
    sample.window = seconds(1);
    sample.arrived = completed;
    sample.completed = completed;
    sample.missed = missed;
    sample.latency = latency;
    log.observe(0, sample, kForecast);
  }
  void settle() { now = now + seconds(3); }

  Model model = one_workload();
  PredictionLog log{model};
  Views views;
  Instant now{10'000'000};
};

TEST_F(PredictionLogTest, a_place_found_at_the_start_is_a_stay_of_its_own) {
  runs_at("tx2");
  const auto records = log.records(0);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].place.target, TargetName{"tx2"});
  EXPECT_EQ(records[0].predicted, kForecast);
  EXPECT_EQ(records[0].end, StayEnd::none);
  EXPECT_FALSE(records[0].ended_at);
  EXPECT_FALSE(records[0].typical);
}

TEST_F(PredictionLogTest, counts_what_happens_there_and_keeps_the_typical_and_the_worst_sample) {
  runs_at("tx2");
  settle();
  for (const std::int64_t ms : {40, 42, 90, 41, 39}) sample("tx2", 10, ms == 90, milliseconds(ms));
  const auto record = log.present(0);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->requests, 50);
  EXPECT_EQ(record->late, 1);
  EXPECT_EQ(record->samples, 5);
  EXPECT_EQ(record->typical, milliseconds(41));
  EXPECT_EQ(record->worst, milliseconds(90));
}

TEST_F(PredictionLogTest, leaves_out_the_first_seconds_other_places_and_what_comes_during_a_move) {
  runs_at("tx2");
  sample("tx2", 10, 10, milliseconds(900));
  settle();
  sample("cloud", 10, 10, milliseconds(900));
  order("cloud", StayEnd::late);
  sample("tx2", 10, 10, milliseconds(900));
  EXPECT_EQ(log.present(0)->requests, 0);
}

TEST_F(PredictionLogTest, a_move_ends_a_stay_with_its_reason_and_begins_another_as_decided) {
  runs_at("tx2");
  settle();
  sample("tx2", 10, 0, milliseconds(40));
  const Instant decided = now;
  order("cloud", StayEnd::late);
  now = now + seconds(2);
  runs_at("cloud");
  const auto records = log.records(0);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].end, StayEnd::late);
  EXPECT_EQ(records[0].ended_at, now);
  EXPECT_EQ(records[0].typical, milliseconds(40));
  EXPECT_EQ(records[1].decided_at, decided);
  EXPECT_EQ(records[1].since, now);
  EXPECT_EQ(records[1].requests, 0);
}

TEST_F(PredictionLogTest, an_order_that_failed_leaves_the_stay_as_it_was) {
  runs_at("tx2");
  order("cloud", StayEnd::late);
  now = now + seconds(2);
  runs_at("tx2");
  EXPECT_EQ(log.records(0).size(), 1u);
  settle();
  sample("tx2", 10, 0, milliseconds(40));
  EXPECT_EQ(log.present(0)->requests, 10);
}

TEST_F(PredictionLogTest, says_when_somebody_else_moved_it) {
  runs_at("tx2");
  runs_at("cloud");
  EXPECT_EQ(log.records(0)[0].end, StayEnd::by_others);
  views.workloads[0].place.reset();
  log.follow(
      views, {false}, [](Index) { return kForecast; }, now);
  EXPECT_FALSE(log.present(0));
  EXPECT_EQ(log.records(0)[1].end, StayEnd::by_others);
  EXPECT_FALSE(log.ratio(0));
}

TEST_F(PredictionLogTest, keeps_the_last_stays_only) {
  for (int i = 0; i < 20; ++i) runs_at(i % 2 == 0 ? "tx2" : "cloud", i % 3);
  const auto records = log.records(0);
  EXPECT_EQ(records.size(), kStaysKept);
  EXPECT_EQ(records.back().place.rung, 19 % 3);
  EXPECT_EQ(records.back().end, StayEnd::none);
}

TEST_F(PredictionLogTest, broken_counts_do_not_overflow) {
  runs_at("tx2");
  settle();
  sample("tx2", INT64_MAX, INT64_MAX, Micros{INT64_MAX});
  sample("tx2", INT64_MAX, -5, Micros{-7});
  for (int i = 0; i < 10; ++i) sample("tx2", INT64_MAX, INT64_MAX, Micros{INT64_MAX});
  const auto record = log.present(0);
  EXPECT_EQ(record->requests, UINT32_MAX);
  EXPECT_EQ(record->late, UINT32_MAX);
  EXPECT_EQ(record->worst, Micros{UINT32_MAX});
}

TEST_F(PredictionLogTest, a_prediction_that_is_off_for_long_is_a_named_lack) {
  runs_at("tx2");
  settle();
  const auto lacks = [&] {
    std::vector<Degradation> out;
    log.append_degradations(out, now);
    return out;
  };
  for (int i = 0; i < 60; ++i) sample("tx2", 10, 0, milliseconds(200));
  EXPECT_THAT(lacks(), IsEmpty()) << "beyond the band, but not for a minute yet";
  for (int i = 0; i < 30; ++i) sample("tx2", 10, 0, milliseconds(200));
  EXPECT_THAT(lacks(), ElementsAre(testing::Field(&Degradation::code, "prediction-off")));
  order("cloud", StayEnd::missed);
  runs_at("cloud");
  EXPECT_THAT(lacks(), IsEmpty()) << "the new place has its own";
}

TEST(PredictionDrift, needs_two_hundred_requests_to_speak) {
  PredictionDrift drift;
  WorkloadSample sample;
  sample.completed = 100;
  sample.latency = expected_sample(kForecast, kP99, 100);
  drift.observe(sample, kForecast, kP99);
  EXPECT_FALSE(drift.ratio());
  drift.observe(sample, kForecast, kP99);
  EXPECT_EQ(drift.ratio(), kWhole);
}

TEST(PredictionDrift, an_overloaded_forecast_is_nothing_to_compare_with) {
  PredictionDrift drift;
  WorkloadSample sample;
  sample.completed = 1'000;
  sample.latency = seconds(9);
  drift.observe(sample, Forecast{kNever, kNever, kNever}, kP99);
  EXPECT_FALSE(drift.ratio());
}

TEST(PredictionDrift, forgets_slowly) {
  PredictionDrift drift;
  WorkloadSample sample;
  sample.completed = 10;
  sample.latency = *expected_sample(kForecast, kP99, 10);
  for (int i = 0; i < 200; ++i) drift.observe(sample, kForecast, kP99);
  sample.latency = *sample.latency * 2;
  drift.observe(sample, kForecast, kP99);
  EXPECT_LE(drift.ratio()->count, 1'020'000);
  for (int i = 0; i < 500; ++i) drift.observe(sample, kForecast, kP99);
  EXPECT_NEAR(static_cast<double>(drift.ratio()->count), 2e6, 2e4);
}

/// Exponential latencies of mean 1 s: the exact forecast of them.
Forecast exponential() {
  return {Micros{693'147}, Micros{2'995'732}, Micros{4'605'170}};
}

TEST(ExpectedSample, of_few_requests_is_their_slowest_and_not_the_99th_percentile) {
  EXPECT_EQ(expected_sample(exponential(), kP99, 1), seconds(1));
  // 1 + 1/2 + ... + 1/10
  EXPECT_NEAR(static_cast<double>(expected_sample(exponential(), kP99, 10)->count), 2'928'968, 2);
  EXPECT_NEAR(static_cast<double>(expected_sample(exponential(), kP99, 100'000)->count), 4'605'170,
              2);
  EXPECT_FALSE(expected_sample(exponential(), kP99, 0));
}

TEST(ExpectedSample, is_what_samples_of_exponential_latencies_are_on_average) {
  std::uint64_t state = 42;
  const auto uniform = [&] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (static_cast<double>(state >> 11) + 0.5) / 9007199254740992.0;
  };
  for (const Ppm quantile : {Ppm{500'000}, Ppm{950'000}, kP99}) {
    for (const int n : {1, 3, 10, 40, 150}) {
      double sum = 0;
      constexpr int kRounds = 4'000;
      for (int round = 0; round < kRounds; ++round) {
        std::vector<double> latencies;
        for (int i = 0; i < n; ++i) latencies.push_back(-std::log(uniform()));
        std::sort(latencies.begin(), latencies.end());
        const auto rank = static_cast<std::size_t>((n * quantile.count + 999'999) / 1'000'000);
        sum += latencies[rank - 1];
      }
      const double expected =
          static_cast<double>(expected_sample(exponential(), quantile, n)->count) / 1e6;
      EXPECT_NEAR(sum / kRounds / expected, 1.0, 0.06) << "p" << quantile.count << " of " << n;
    }
  }
}

TEST(MedianOfMany, is_exact_for_few_and_close_for_many) {
  MedianOfMany few;
  EXPECT_EQ(few.value(), 0u);
  for (const std::uint32_t v : {9u, 1u, 5u, 7u, 3u}) few.add(v);
  EXPECT_EQ(few.value(), 5u);
  MedianOfMany many;
  for (std::uint32_t i = 0; i < 10'000; ++i) many.add((i * 7919) % 10'000);
  EXPECT_NEAR(many.value(), 5'000, 1'500);
  MedianOfMany trend;
  for (std::uint32_t i = 0; i < 10'000; ++i) trend.add(i);
  EXPECT_NEAR(trend.value(), 5'000, 600) << "of the whole series, not of its beginning or end";
}

}  // namespace
}  // namespace wanwise::core
