#include "sim/traces/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/traces/nelder_mead.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim {
namespace {

Series first_order(double keep, std::size_t n, std::uint64_t seed) {
  Stream stream(seed, "ar1");
  Series series;
  double x = stream.normal();
  for (std::size_t i = 0; i < n; ++i) {
    series.push_back(x);
    x = keep * x + std::sqrt(1 - keep * keep) * stream.normal();
  }
  return series;
}

TEST(Summary, OfAKnownList) {
  Series values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  values.push_back(kUnknown);
  const Summary s = summarise(values);
  EXPECT_EQ(s.count, 101u);
  EXPECT_EQ(s.unknown, 1u);
  EXPECT_DOUBLE_EQ(s.mean, 50);
  EXPECT_DOUBLE_EQ(s.p5, 5);
  EXPECT_DOUBLE_EQ(s.p50, 50);
  EXPECT_DOUBLE_EQ(s.p99, 99);
  EXPECT_DOUBLE_EQ(s.max, 100);
  EXPECT_NEAR(s.sd, std::sqrt(850.0), 1e-9);  // (n^2 - 1) / 12
  EXPECT_NEAR(*s.cv, std::sqrt(850.0) / 50, 1e-9);
}

TEST(Summary, OfNothingAndOfLevels) {
  EXPECT_EQ(summarise({kUnknown}).count, 0u);
  EXPECT_FALSE(summarise({-90, -80}).cv);
  EXPECT_FALSE(summarise({0, 0}).cv);
}

TEST(Autocorrelation, OfAFirstOrderProcessIsItsPower) {
  const Series series = first_order(0.9, 50'000, 1);
  EXPECT_NEAR(*autocorrelation(series, 1), 0.9, 0.01);
  EXPECT_NEAR(*autocorrelation(series, 10), std::pow(0.9, 10), 0.04);
}

TEST(Autocorrelation, HolesDoNotBendIt) {
  Series series = first_order(0.9, 50'000, 2);
  for (std::size_t i = 0; i < series.size(); i += 3) series[i] = kUnknown;
  EXPECT_NEAR(*autocorrelation(series, 1), 0.9, 0.02);
}

TEST(Autocorrelation, NeedsPairsAndVariance) {
  EXPECT_FALSE(autocorrelation({1, 2, 3}, 1));
  EXPECT_FALSE(autocorrelation(Series(100, 3.3), 1));
  EXPECT_FALSE(autocorrelation(Series(100, kUnknown), 1));
}

TEST(EffectiveSize, OfAFirstOrderProcess) {
  // n (1 - r) / (1 + r)
  EXPECT_NEAR(effective_size(first_order(0.8, 50'000, 3)) / (50'000 * 0.2 / 1.8), 1, 0.15);
  EXPECT_NEAR(effective_size(first_order(0.0, 50'000, 4)) / 50'000, 1, 0.05);
}

TEST(Correlation, OfMadePairs) {
  const Series a = first_order(0, 20'000, 5);
  const Series noise = first_order(0, 20'000, 6);
  Series b;
  for (std::size_t i = 0; i < a.size(); ++i) b.push_back(0.6 * a[i] + 0.8 * noise[i]);
  b[7] = kUnknown;
  const auto c = correlate(a, b);
  ASSERT_TRUE(c);
  EXPECT_NEAR(c->r, 0.6, 0.02);
  EXPECT_EQ(c->pairs, 19'999u);
  EXPECT_FALSE(correlate(a, Series(20'000, 1.0)));
}

TEST(KolmogorovSmirnov, DistanceOfKnownSamples) {
  // After 2: 2/4 against 0; ties count together.
  const auto ks = kolmogorov_smirnov({1, 2, 3, 4}, 4, {3, 4, 5, 6}, 4);
  ASSERT_TRUE(ks);
  EXPECT_DOUBLE_EQ(ks->distance, 0.5);
  EXPECT_DOUBLE_EQ(ks->size, 2);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov({1, 1, 2}, 3, {1, 1, 2}, 3)->distance, 0);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov({1, 2}, 2, {3, 4}, 2)->distance, 1);
  EXPECT_FALSE(kolmogorov_smirnov({}, 0, {1}, 1));
}

TEST(KolmogorovSmirnov, PIsKolmogorovs) {
  // Critical value at 5 %: 1.358 for the scaled distance (Smirnov's table).
  Series a;
  Series b;
  for (int i = 0; i < 10'000; ++i) {
    a.push_back(i);
    b.push_back(i + 10'000 * 0.0192);  // D = 0.0192; sqrt(5000) D = 1.358
  }
  EXPECT_NEAR(kolmogorov_smirnov(a, 10'000, b, 10'000)->p, 0.05, 0.002);
  EXPECT_NEAR(kolmogorov_smirnov(a, 10, b, 10)->p, 1, 1e-6) << "few are worth little";
}

TEST(NelderMead, FindsTheFloorOfAValley) {
  const auto rosenbrock = [](const Point& x) {
    return std::pow(1 - x[0], 2) + 100 * std::pow(x[1] - x[0] * x[0], 2);
  };
  const Minimum m = nelder_mead(rosenbrock, {-1.2, 1}, {0.5, 0.5}, 500, 1e-12);
  EXPECT_NEAR(m.at[0], 1, 1e-3);
  EXPECT_NEAR(m.at[1], 1, 1e-3);
  EXPECT_LE(m.evaluations, 505u);
  EXPECT_LE(nelder_mead(rosenbrock, {-1.2, 1}, {0.5, 0.5}, 20, 0).evaluations, 25u);
}

}  // namespace
}  // namespace wanwise::sim
