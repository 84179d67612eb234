#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "sim/study/statistics/stats.hpp"

namespace wanwise::sim {
namespace {

// Table of Student's t, e.g. NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
TEST(StudentT, agrees_with_published_tables) {
  struct Entry {
    double probability, degrees, t;
  };
  for (const Entry& entry : {Entry{0.975, 1, 12.706},
                             {0.975, 2, 4.303},
                             {0.975, 4, 2.776},
                             {0.975, 9, 2.262},
                             {0.975, 29, 2.045},
                             {0.975, 100, 1.984},
                             {0.95, 5, 2.015},
                             {0.99, 10, 2.764},
                             {0.995, 20, 2.845},
                             {0.9, 30, 1.310},
                             {0.999, 15, 3.733}}) {
    EXPECT_NEAR(student_t(entry.probability, entry.degrees), entry.t, 0.0006)
        << entry.probability << " with " << entry.degrees;
  }
  EXPECT_DOUBLE_EQ(student_t(0.025, 9), -student_t(0.975, 9));
}

TEST(Estimate, gives_the_interval_of_a_hand_example) {
  // Mean 4, squares 9+1+0+1+9 = 20, sd sqrt(5); half = 2.776445 * sqrt(5) / sqrt(5).
  const double values[] = {1, 3, 4, 5, 7};
  const Estimate e = estimate(values);
  EXPECT_EQ(e.n, 5u);
  EXPECT_DOUBLE_EQ(e.mean, 4);
  EXPECT_NEAR(e.sd, std::sqrt(5.0), 1e-12);
  EXPECT_NEAR(*e.half, 2.776445, 1e-6);
  EXPECT_NEAR(e.low(), 1.223555, 1e-6);
}

TEST(Estimate, has_no_interval_of_one_value_and_none_of_nothing) {
  const double one[] = {3};
  EXPECT_FALSE(estimate(one).half);
  EXPECT_EQ(estimate(one).mean, 3);
  EXPECT_EQ(estimate({}).n, 0u);
}

TEST(Estimate, keeps_a_small_spread_on_a_large_mean) {
  const double values[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};
  EXPECT_NEAR(estimate(values).sd, 1, 1e-9);
}

TEST(Paired, takes_differences_by_seed_and_shows_what_pairing_gains) {
  // Differences 1, 1.2, 0.8: sd 0.2. Unpaired: each side varies by 10.
  const std::optional<double> a[] = {11.0, 21.2, 30.8};
  const std::optional<double> b[] = {10.0, 20.0, 30.0};
  const Paired p = paired(a, b);
  EXPECT_NEAR(p.difference.mean, 1, 1e-12);
  EXPECT_NEAR(p.difference.sd, 0.2, 1e-12);
  EXPECT_NEAR(*p.difference.half, 4.302653 * 0.2 / std::sqrt(3.0), 1e-6);
  EXPECT_NEAR(p.sd_unpaired, std::hypot(9.901515, 10), 1e-3);
  EXPECT_NEAR(*p.variance_reduction(), p.sd_unpaired * p.sd_unpaired / 0.04, 1e-6);
}

TEST(Paired, leaves_out_seeds_where_either_has_no_value) {
  const std::optional<double> a[] = {1.0, std::nullopt, 5.0, 7.0};
  const std::optional<double> b[] = {0.0, 1.0, std::nullopt, 3.0};
  const Paired p = paired(a, b);
  EXPECT_EQ(p.difference.n, 2u);
  EXPECT_DOUBLE_EQ(p.difference.mean, 2.5);
}

TEST(Paired, of_policies_that_do_the_same_is_zero_and_tells_no_gain) {
  const std::optional<double> a[] = {1.0, 2.0};
  const Paired p = paired(a, a);
  EXPECT_EQ(p.difference.mean, 0);
  EXPECT_EQ(*p.difference.half, 0);
  EXPECT_FALSE(p.variance_reduction());
}

TEST(PValue, is_that_of_a_hand_example) {
  // t = 4 / (sqrt(5) / sqrt(5)) = 4 with 4 degrees: 0.0161.
  const double values[] = {1, 3, 4, 5, 7};
  EXPECT_NEAR(p_value(estimate(values), 0), 0.01613, 1e-5);
  EXPECT_NEAR(p_value(estimate(values), 4), 1, 1e-12);
  const double flat[] = {2, 2};
  EXPECT_EQ(p_value(estimate(flat), 2), 1);
  EXPECT_EQ(p_value(estimate(flat), 0), 0);
  const double one[] = {2};
  EXPECT_EQ(p_value(estimate(one), 0), 1);
}

// 0.01, 0.02, 0.03, 0.04 of four: times 4, 3, 2, 1, never falling.
TEST(Holm, steps_down_and_keeps_the_order_given) {
  const double p[] = {0.03, 0.01, 0.04, 0.02};
  const std::vector<double> adjusted = holm(p);
  EXPECT_NEAR(adjusted[1], 0.04, 1e-12);
  EXPECT_NEAR(adjusted[3], 0.06, 1e-12);
  EXPECT_NEAR(adjusted[0], 0.06, 1e-12);
  EXPECT_NEAR(adjusted[2], 0.06, 1e-12);
  const double large[] = {0.9, 0.8};
  EXPECT_EQ(holm(large)[0], 1);
}

/// SplitMix64 and Box-Muller, so that the seed means the same everywhere.
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : m_state(seed) {}
  double operator()() {
    const double u = uniform(), v = uniform();
    return std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * 3.14159265358979323846 * v);
  }

 private:
  double uniform() {
    m_state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1.0p-53;
  }
  std::uint64_t m_state;
};

// Of 2000 intervals at 95 % the count that covers has a standard deviation of 9.75 (0.49 %); three
// of them are allowed.
TEST(Paired, covers_the_true_difference_in_95_of_100_experiments) {
  Normal normal{20261123};
  int covered = 0;
  constexpr int kExperiments = 2000;
  for (int i = 0; i < kExperiments; ++i) {
    std::vector<std::optional<double>> a, b;
    for (int seed = 0; seed < 10; ++seed) {
      const double shared = 5 * normal();
      a.emplace_back(shared + normal() + 0.7);
      b.emplace_back(shared + normal());
    }
    const Estimate d = paired(a, b).difference;
    covered += d.low() <= 0.7 && 0.7 <= d.high() ? 1 : 0;
  }
  EXPECT_NEAR(100.0 * covered / kExperiments, 95, 1.5);
  RecordProperty("covered", covered);
}

}  // namespace
}  // namespace wanwise::sim
