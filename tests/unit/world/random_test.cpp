#include "sim/world/kernel/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/world/compute/service_time.hpp"

namespace wanwise::sim {
namespace {

TEST(Random, LogarithmAndExponentialAreRightToTheLastDigits) {
  for (double x = 1e-300; x < 1e300; x *= 3.7)
    EXPECT_NEAR(portable_log(x), std::log(x), 4e-16 * std::max(1.0, std::fabs(std::log(x)))) << x;
  for (double x = 0.5; x < 2; x += 0.001) EXPECT_NEAR(portable_log(x), std::log(x), 3e-16) << x;
  for (double x = -690; x < 690; x += 0.37)
    EXPECT_NEAR(portable_exp(x) / std::exp(x), 1, 1e-15) << x;
  EXPECT_EQ(portable_exp(-1000), 0);
  EXPECT_EQ(portable_exp(0), 1);
}

TEST(Random, NormalQuantilesAreThePublishedOnes) {
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-16);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(0.99), 2.3263478740408408, 1e-14);
  EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-13);
  EXPECT_NEAR(normal_quantile(1e-20), -9.262340089798408, 1e-12);
  for (double p = 0.001; p < 1; p += 0.001)
    EXPECT_NEAR(0.5 * std::erfc(-normal_quantile(p) / std::sqrt(2.0)), p, 1e-14);
}

// The first words of a stream: any other compiler or machine must give the same.
TEST(Random, StreamsAreTheSameEverywhere) {
  Stream a(1, "arrivals/a/cameras");
  Stream again(1, "arrivals/a/cameras");
  Stream other(1, "arrivals/b/cameras");
  Stream seed(2, "arrivals/a/cameras");
  const std::uint64_t first = a.next();
  EXPECT_EQ(first, again.next());
  EXPECT_NE(first, other.next());
  EXPECT_NE(first, seed.next());
  Checksum sum;
  sum.add(first);
  for (int i = 0; i < 1000; ++i) {
    const double e = a.exponential(1e6);
    sum.add(static_cast<std::uint64_t>(e * 1e6));
    sum.add(static_cast<std::uint64_t>((a.normal() + 10) * 1e12));
  }
  EXPECT_EQ(sum.value(), 14202766530399757837ULL);
}

TEST(Random, DistributionsHaveTheirMoments) {
  Stream stream(3, "moments");
  constexpr int kN = 200'000;
  double uniform = 0, exponential = 0, normal = 0, squares = 0;
  for (int i = 0; i < kN; ++i) {
    uniform += stream.uniform() / kN;
    exponential += stream.exponential(5) / kN;
    const double z = stream.normal();
    normal += z / kN;
    squares += z * z / kN;
  }
  EXPECT_NEAR(uniform, 0.5, 0.003);
  EXPECT_NEAR(exponential, 5, 0.05);
  EXPECT_NEAR(normal, 0, 0.01);
  EXPECT_NEAR(squares, 1, 0.02);
}

TEST(ServiceLaw, HasTheProfilesMeanAndP99) {
  const ServiceLaw law({core::Micros{12'500}, core::Micros{15'700}});
  EXPECT_NEAR(law.at(2.3263478740408408), 15'700, 0.01);
  Stream stream(4, "law");
  double mean = 0;
  constexpr int kN = 100'000;
  for (int i = 0; i < kN; ++i) mean += law.at(stream.normal()) / kN;
  EXPECT_NEAR(mean, 12'500, 25);
}

TEST(ServiceLaw, P99NotAboveTheMeanIsAConstantAndOneThatNoLognormalMeetsKeepsTheMean) {
  const ServiceLaw constant({core::Micros{3'000}, core::Micros{3'000}});
  EXPECT_NEAR(constant.at(-3), 3'000, 1e-6);
  EXPECT_NEAR(constant.at(3), 3'000, 1e-6);
  const ServiceLaw wild({core::Micros{1'000}, core::Micros{100'000}});
  Stream stream(5, "wild");
  double mean = 0;
  constexpr int kN = 400'000;
  for (int i = 0; i < kN; ++i) mean += wild.at(stream.normal()) / kN;
  EXPECT_NEAR(mean, 1'000, 150);
}

}  // namespace
}  // namespace wanwise::sim
