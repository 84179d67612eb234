// The formulas against tables: M/M/1 and M/M/c in closed form, M/D/1 by Erlang's series.
#include "engine/core/decide/latency/queueing.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/decide/latency/queue_view.hpp"
#include "tests/support/random_situation.hpp"

namespace wanwise::core {
namespace {

constexpr Ppm kP99{990'000};
constexpr double kService = 10'000;  // µs

/// Predicted quantile of the time in system in units of the mean service: a shifted exponential of
/// standard deviation `spread`.
double predicted(double utilisation, std::int32_t servers, double spread, Ppm quantile = kP99) {
  const Tail tail = tail_of(quantile);
  const double second = kService * kService * (1 + spread * spread);
  const double third =
      kService * kService * kService * (1 + 3 * spread * spread + 2 * spread * spread * spread);
  const double rate = utilisation * servers / kService;
  Demand demand;
  demand.base = kService;
  const double excess = kService * spread * (tail.log_inverse - 1);
  demand.excess_square = excess > 0 ? excess * excess : 0;
  const Queue queue = station_queue(utilisation * servers, rate * second, rate * third, servers);
  return static_cast<double>(combine(demand, tail, queue, nullptr, nullptr, {}).count) / kService;
}

/// P(W <= t) of M/D/1 with unit service (Erlang, 1909).
double md1_wait_cdf(double rho, double t) {
  double sum = 0;
  double term = 1;
  for (int k = 0; k <= static_cast<int>(t); ++k) {
    const double x = rho * (k - t);
    term = std::pow(x, k) / std::tgamma(k + 1.0) * std::exp(-x);
    sum += term;
  }
  return (1 - rho) * sum;
}

double md1_p99(double rho) {
  double low = 0;
  double high = 25;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (md1_wait_cdf(rho, middle) < 0.99 ? low : high) = middle;
  }
  return 1 + high;
}

double mm1_quantile(double rho, double quantile) {
  return -std::log(1 - quantile) / (1 - rho);
}

void expect_close(double got, double exact, double below, double above, double rho) {
  EXPECT_GE(got, exact * (1 - below)) << "utilisation " << rho;
  EXPECT_LE(got, exact * (1 + above)) << "utilisation " << rho;
}

TEST(Queueing, logarithm_agrees_with_the_library_to_twelve_digits) {
  for (double x = 1e-9; x < 1e9; x *= 1.37) {
    EXPECT_NEAR(natural_log(x), std::log(x), 1e-12 * std::max(1.0, std::fabs(std::log(x))));
  }
  EXPECT_EQ(natural_log(1.0), 0.0);
}

TEST(Queueing, mm1_p99_is_never_optimistic_by_more_than_3_percent_nor_pessimistic_by_25) {
  for (double rho = 0.02; rho < 0.905; rho += 0.01) {
    expect_close(predicted(rho, 1, 1), mm1_quantile(rho, 0.99), 0.03, 0.25, rho);
    expect_close(predicted(rho, 1, 1, Ppm{950'000}), mm1_quantile(rho, 0.95), 0.03, 0.25, rho);
  }
}

TEST(Queueing, mm1_p99_matches_the_published_points) {
  // Tables of ln(100) / (1 - utilisation).
  expect_close(predicted(0.5, 1, 1), 9.2103, 0.0, 0.06, 0.5);
  expect_close(predicted(0.8, 1, 1), 23.0259, 0.0, 0.03, 0.8);
  expect_close(predicted(0.9, 1, 1), 46.0517, 0.0, 0.02, 0.9);
}

TEST(Queueing, md1_p99_is_within_10_percent) {
  for (double rho = 0.02; rho < 0.905; rho += 0.01) {
    // Below, the wait is the rest of one job at most; taken as exponential it is too short.
    const bool empty = rho < 0.065;
    expect_close(predicted(rho, 1, 0), md1_p99(rho), empty ? 0.09 : 0.03, 0.10, rho);
  }
  // Published p99 of the wait, plus the service.
  expect_close(predicted(0.5, 1, 0), 1 + 3.3363, 0.0, 0.02, 0.5);
  expect_close(predicted(0.7, 1, 0), 1 + 6.4855, 0.0, 0.02, 0.7);
  expect_close(predicted(0.8, 1, 0), 1 + 10.3559, 0.0, 0.01, 0.8);
  expect_close(predicted(0.9, 1, 0), 1 + 21.8982, 0.0, 0.01, 0.9);
}

TEST(Queueing, md1_median_is_within_12_percent) {
  const auto exact = [](double rho) {
    double low = 0;
    double high = 25;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (md1_wait_cdf(rho, middle) < 0.5 ? low : high) = middle;
    }
    return 1 + high;
  };
  for (double rho = 0.02; rho < 0.905; rho += 0.01) {
    expect_close(predicted(rho, 1, 0, Ppm{500'000}), exact(rho), 0.12, 0.12, rho);
  }
}

TEST(Queueing, mmc_p99_stays_within_the_same_error) {
  expect_close(predicted(0.5, 2, 1), 5.666, 0.03, 0.25, 0.5);
  expect_close(predicted(0.8, 2, 1), 11.937, 0.03, 0.25, 0.8);
  expect_close(predicted(0.8, 4, 1), 6.893, 0.03, 0.25, 0.8);
  expect_close(predicted(0.7, 5, 1), 5.134, 0.03, 0.25, 0.7);
  expect_close(predicted(0.8, 10, 1), 4.946, 0.03, 0.25, 0.8);
  expect_close(predicted(0.9, 10, 1), 6.250, 0.03, 0.25, 0.9);
  expect_close(predicted(0.9, 20, 1), 5.042, 0.03, 0.25, 0.9);
}

TEST(Queueing, mmc_mean_wait_is_erlangs) {
  const auto mean = [](double utilisation, std::int32_t servers) {
    const double work = utilisation * servers;
    return station_queue(work, work * 2, work * 6, servers).wait.mean;
  };
  EXPECT_NEAR(mean(0.5, 1), 1.0, 1e-9);
  EXPECT_NEAR(mean(0.8, 2), 1.777778, 1e-6);
  EXPECT_NEAR(mean(0.8, 4), 0.745541, 1e-6);
  EXPECT_NEAR(mean(0.9, 20), 0.275385, 1e-6);
}

TEST(Queueing, two_exponential_stations_in_a_row_are_predicted_within_5_percent) {
  // Two M/M/1 waits at 0.9 in series: p99 of the sum by its exact mixture, from simulation-free
  // convolution of P(W > t) = 0.9 exp(-0.1 t): 0.99 = 1 - e^(-0.1t)(0.99 + 0.081 t).
  double low = 0;
  double high = 200;
  for (int i = 0; i < 60; ++i) {
    const double t = (low + high) / 2;
    (std::exp(-0.1 * t) * (0.99 + 0.081 * t) > 0.01 ? low : high) = t;
  }
  const Tail tail = tail_of(kP99);
  const Queue queue = station_queue(0.9, 0.9 / 1e3 * 2e6, 0.9 / 1e3 * 6e9, 1);  // 1 ms service
  UplinkView up;
  up.lane.own = queue.wait;
  const Queue idle;
  const Micros both = combine({}, tail, queue, &up, &idle, Bps{1});
  expect_close(static_cast<double>(both.count) / 1e3, high, 0.03, 0.05, 0.9);
}

TEST(Queueing, above_the_limit_nothing_is_promised) {
  EXPECT_FALSE(station_queue(0.98, 100, 100, 1).overloaded);
  EXPECT_TRUE(station_queue(0.981, 100, 100, 1).overloaded);
  EXPECT_TRUE(station_queue(3.93, 100, 100, 4).overloaded);
}

TEST(Queueing, short_jobs_behind_a_long_one_never_lower_its_quantile) {
  // 0.5 requests/s of 100 ms, then more and more of 1 ms: mean / utilisation would fall.
  const Tail tail = tail_of(kP99);
  double last = 0;
  for (int load = 0; load < 90; ++load) {
    const double added = load / 100.0;
    const Queue queue =
        station_queue(0.05 + added, 0.05 * 1e5 + added * 1e3, 0.05 * 1e10 + added * 1e6, 1);
    const double now = quantile_of(queue.wait, tail);
    EXPECT_GE(now, last) << load;
    last = now;
  }
}

/// Whatever joins a mix, no quantile of the wait may fall: the search's bounds rest on it. Jobs
/// from a thousandth to a thousand times the others' length, one server and many, regular and
/// bursty.
TEST(Queueing, no_job_that_joins_lowers_any_quantile) {
  test::Random random(7);
  const Ppm quantiles[] = {Ppm{500'000}, Ppm{950'000}, Ppm{990'000}};
  for (int round = 0; round < 200'000; ++round) {
    const auto servers = static_cast<std::int32_t>(random.percent(60) ? 1 : random.between(2, 64));
    const double regularity = static_cast<double>(random.between(125, 4'000)) * 1e-3;
    double work = 0;
    double second = 0;
    double third = 0;
    const auto join = [&](double load, double size) {
      work += load;
      second += load * size;
      third += load * size * size;
    };
    const auto size = [&] {
      return std::pow(10.0, static_cast<double>(random.between(0, 600)) / 100);
    };
    const auto load = [&] {
      return servers * std::pow(10.0, -static_cast<double>(random.between(30, 500)) / 100);
    };
    for (std::int64_t jobs = random.between(1, 4); jobs > 0; --jobs) join(load(), size());
    const Queue before = station_queue(work, second, third, servers, regularity);
    join(load() * (random.percent(50) ? 1e-3 : 1.0), size());
    const Queue after = station_queue(work, second, third, servers, regularity);
    if (after.overloaded) continue;
    ASSERT_FALSE(before.overloaded);
    for (const Ppm quantile : quantiles) {
      const Tail tail = tail_of(quantile);
      const double now = quantile_of(after.wait, tail);
      ASSERT_GE(now, quantile_of(before.wait, tail) * (1 - 1e-12))
          << round << " " << quantile.count << " servers " << servers;
    }
  }
}

}  // namespace
}  // namespace wanwise::core
