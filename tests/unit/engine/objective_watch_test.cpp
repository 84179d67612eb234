#include "engine/core/observe/objective_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

namespace wanwise::core {
namespace {

constexpr Micros kWindow = seconds(2);
const Objective kP99{Ppm{990'000}, milliseconds(100)};

ObjectiveWatch p99_watch() {
  return {kP99, MilliHz{20'000}, kWindow};
}

WorkloadSample half_second(int number, std::int64_t completed, std::int64_t missed) {
  WorkloadSample sample;
  sample.observed_at = Instant{number * 500'000};
  sample.window = milliseconds(500);
  sample.arrived = completed;
  sample.completed = completed;
  sample.missed = missed;
  return sample;
}

TEST(ObjectiveWatch, one_late_request_now_and_then_is_no_violation) {
  ObjectiveWatch watch = p99_watch();
  for (int i = 0; i < 1'000; ++i) {
    watch.observe(half_second(i, 10, i % 10 == 0 ? 1 : 0));
    EXPECT_FALSE(watch.violated());
  }
}

TEST(ObjectiveWatch, a_total_failure_is_seen_within_a_second) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, 10, 10));
  EXPECT_TRUE(watch.violated());
}

TEST(ObjectiveWatch, an_outage_that_is_over_is_forgiven_at_once) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, 10, 10));
  watch.observe(half_second(2, 10, 10));
  watch.observe(half_second(3, 10, 0));
  EXPECT_FALSE(watch.violated());
}

TEST(ObjectiveWatch, three_times_the_allowed_misses_is_a_violation_though_no_second_is_bad) {
  ObjectiveWatch watch = p99_watch();
  int until = 0;
  for (; until < 1'000 && !watch.violated(); ++until)
    watch.observe(half_second(until, 10, until % 3 == 0 ? 1 : 0));
  EXPECT_TRUE(watch.violated());
  EXPECT_LE(until, 240);  // two minutes
}

TEST(ObjectiveWatch, a_single_outage_does_not_count_as_steady_misses) {
  ObjectiveWatch watch = p99_watch();
  for (int i = 0; i < 4; ++i) watch.observe(half_second(i, 10, 10));
  for (int i = 4; i < 40; ++i) {
    watch.observe(half_second(i, 10, 0));
    EXPECT_FALSE(watch.violated()) << i;
  }
}

TEST(ObjectiveWatch, a_median_can_be_violated_too) {
  ObjectiveWatch watch{Objective{Ppm{500'000}, milliseconds(100)}, MilliHz{10'000}, kWindow};
  for (int i = 0; i < 400; ++i) {
    watch.observe(half_second(i, 10, 5));
    EXPECT_FALSE(watch.violated());
  }
  for (int i = 400; i < 420; ++i) watch.observe(half_second(i, 10, 9));
  EXPECT_TRUE(watch.violated());
}

TEST(ObjectiveWatch, starts_again_after_a_move) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, 10, 10));
  watch.reset();
  EXPECT_FALSE(watch.violated());
  EXPECT_FALSE(watch.latency());
}

TEST(ObjectiveWatch, starts_again_when_nobody_asked_for_long) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, 10, 10));
  for (int i = 2; i <= 6; ++i) watch.observe(half_second(i, 0, 0));
  EXPECT_FALSE(watch.violated());
}

TEST(ObjectiveWatch, counts_that_no_site_has_do_no_harm) {
  ObjectiveWatch watch = p99_watch();
  watch.observe(half_second(1, INT64_MAX, INT64_MAX));
  EXPECT_TRUE(watch.violated());
  watch.observe(half_second(2, INT64_MIN, INT64_MIN));
  for (int i = 3; i <= 8; ++i) watch.observe(half_second(i, 10, 0));
  EXPECT_FALSE(watch.violated());
  ObjectiveWatch strange{Objective{Ppm{-5}, Micros{0}}, MilliHz{INT64_MAX}, Micros{0}};
  for (int i = 0; i < 8; ++i) strange.observe(half_second(1, INT64_MAX, 0));
  EXPECT_FALSE(strange.violated());
}

/// Requests at a rate, each missed with the same chance, told in samples of a second.
class Requests {
 public:
  Requests(MilliHz rate, std::uint64_t seed)
      : m_random(seed), m_arrivals(static_cast<double>(rate.count) / 1'000) {}

  WorkloadSample second(double share) {
    WorkloadSample sample;
    sample.observed_at = Instant{++m_second * 1'000'000};
    sample.window = seconds(1);
    sample.arrived = sample.completed = m_arrivals(m_random);
    for (std::int64_t i = 0; i < sample.completed; ++i) {
      const double draw = static_cast<double>(m_random() >> 11) / 9007199254740992.0;
      sample.missed += draw < share ? 1 : 0;
    }
    return sample;
  }
  [[nodiscard]] std::int64_t now() const { return m_second; }

 private:
  std::mt19937_64 m_random;
  std::poisson_distribution<std::int64_t> m_arrivals;
  std::int64_t m_second = 0;
};

struct Measured {
  double alarms_per_hour = 0;
  double until_all_missed = 0;  ///< seconds from the first miss; the worst of many
  double until_ten_times = 0;   ///< at ten times the allowed share; the mean of many
};

/// Alarms of a workload that misses exactly what it may.
double false_alarms(Objective objective, MilliHz rate, std::int64_t hours) {
  ObjectiveWatch watch{objective, rate, kWindow};
  Requests requests{rate, 7};
  const double allowed = 1 - static_cast<double>(objective.quantile.count) / 1e6;
  std::int64_t alarms = 0;
  bool before = false;
  while (requests.now() < hours * 3'600) {
    watch.observe(requests.second(allowed));
    alarms += watch.violated() && !before ? 1 : 0;
    before = watch.violated();
  }
  return static_cast<double>(alarms) / static_cast<double>(hours);
}

/// Seconds until it is told, after an hour without a miss.
double delay(Objective objective, MilliHz rate, double share, std::uint64_t seed) {
  ObjectiveWatch watch{objective, rate, kWindow};
  Requests requests{rate, seed};
  while (requests.now() < 600) watch.observe(requests.second(0));
  while (!watch.violated() && requests.now() < 100'000) watch.observe(requests.second(share));
  return static_cast<double>(requests.now() - 600);
}

TEST(ObjectiveWatch, tells_a_breakdown_at_any_rate_and_seldom_a_false_one) {
  int cases = 0;
  std::printf("%12s %10s %16s %22s %18s\n", "objective", "rate", "false alarms/h",
              "all missed: worst, s", "10 times: mean, s");
  for (const std::int64_t quantile : {500'000, 950'000, 990'000}) {
    for (const std::int64_t rate : {100, 300, 1'000, 3'000, 30'000, 300'000, 1'000'000}) {
      const Objective objective{Ppm{quantile}, milliseconds(100)};
      const MilliHz at{rate};
      Measured it;
      it.alarms_per_hour = false_alarms(objective, at,
                                        rate > 100'000  ? 2
                                        : rate > 10'000 ? 10
                                                        : 100);
      const double share = std::min(1.0, (1 - static_cast<double>(quantile) / 1e6) * 10);
      constexpr int kRuns = 30;
      for (int run = 0; run < kRuns; ++run) {
        const auto seed = static_cast<std::uint64_t>(run);
        it.until_all_missed = std::max(it.until_all_missed, delay(objective, at, 1, seed));
        it.until_ten_times += delay(objective, at, share, seed) / kRuns;
      }
      std::printf("%12s %8g/s %16.3f %22.0f %18.1f\n",
                  ("p" + std::to_string(quantile / 10'000)).c_str(),
                  static_cast<double>(rate) / 1e3, it.alarms_per_hour, it.until_all_missed,
                  it.until_ten_times);
      // Two tests of at most one in ten hours each.
      EXPECT_LE(it.alarms_per_hour, rate > 100'000 ? 0.5 : 0.2);
      // So many Poisson arrivals: n + 4 sqrt(n) of them once in 30,000, and the sample's second.
      const auto needed =
          static_cast<double>(ObjectiveWatch(objective, at, kWindow).misses_to_tell());
      const double slow = (needed + 4 * std::sqrt(needed)) * 1'000 / static_cast<double>(rate);
      EXPECT_LE(it.until_all_missed, slow + 2);
      ++cases;
    }
  }
  std::printf("cases: %d\n", cases);
}

}  // namespace
}  // namespace wanwise::core
