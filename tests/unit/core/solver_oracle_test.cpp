// solve() against trying everything.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/decide/search/solver.hpp"
#include "tests/support/brute_force.hpp"
#include "tests/support/random_situation.hpp"

namespace wanwise::core {
namespace {

constexpr SolveLimits kNoLimit{UINT64_MAX};

std::string describe(const Cost& cost) {
  std::string text;
  for (const std::int64_t goal : cost.goals) {
    text += std::to_string(goal) + " ";
  }
  return text;
}

void expect_optimal(const Situation& situation, std::uint64_t seed) {
  Counters counters;
  const Solution found = solve(situation, kNoLimit, counters);
  const test::Exhausted oracle = test::brute_force(situation);
  ASSERT_EQ(describe(found.cost), describe(oracle.cost)) << "seed " << seed;
  ASSERT_EQ(found.chosen, oracle.chosen) << "seed " << seed;
  ASSERT_EQ(evaluate(situation, found.chosen), found.cost) << "seed " << seed;
  ASSERT_TRUE(found.proved) << "seed " << seed;
  ASSERT_EQ(found.bound, found.cost) << "seed " << seed;
}

TEST(SolveOracle, equals_brute_force_on_two_thousand_and_four_hundred_problems) {
  // Options by workloads, so that brute force tries at most some 7'000 assignments.
  const std::int64_t options[] = {6, 6, 6, 6, 5, 4, 3, 2};
  for (std::uint64_t seed = 0; seed < 2'400; ++seed) {
    const auto workloads = static_cast<std::int64_t>(seed % 8) + 1;
    const test::Shape shape{workloads, workloads, options[workloads - 1], 100};
    expect_optimal(test::random_situation(seed, shape), seed);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(SolveOracle, equals_brute_force_with_seven_workloads_of_six_options) {
  for (std::uint64_t seed = 10'000; seed < 10'003; ++seed) {
    expect_optimal(test::random_situation(seed, {7, 7, 6, 150}), seed);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(SolveOracle, equals_brute_force_with_nine_and_ten_workloads) {
  for (std::uint64_t seed = 30'000; seed < 30'100; ++seed) {
    expect_optimal(test::random_situation(seed, {9, 10, 2, 100}), seed);
    if (HasFatalFailure()) {
      return;
    }
  }
}

/// The tree is cut off and prices give the bound.
TEST(SolveOracle, a_bound_from_prices_never_exceeds_the_optimum) {
  int by_prices = 0;
  for (std::uint64_t seed = 40'000; seed < 40'150; ++seed) {
    const Situation situation = test::random_situation(seed, {9, 14, 12, 150});
    Counters counters;
    const Solution cut = solve(situation, {kProofFrom}, counters);
    if (counters.nodes_visited < kProofFrom / 4) continue;
    ++by_prices;
    Counters more;
    const Solution best = solve(situation, {300'000}, more);
    ASSERT_LE(cut.bound, best.cost) << "seed " << seed << "\n"
                                    << describe(cut.bound) << "\n"
                                    << describe(best.cost);
    ASSERT_LE(cut.bound, cut.cost) << "seed " << seed;
    if (cut.proved) {
      ASSERT_EQ(cut.cost, best.cost) << "seed " << seed;
    }
  }
  EXPECT_GT(by_prices, 10);
}

TEST(SolveOracle, out_of_budget_the_bound_never_exceeds_the_optimum) {
  for (std::uint64_t seed = 20'000; seed < 20'300; ++seed) {
    const Situation situation = test::random_situation(seed, {4, 6, 4, 200});
    Counters counters;
    const Solution cut = solve(situation, {seed % 7}, counters);
    Counters more;
    const Solution best = solve(situation, kNoLimit, more);
    ASSERT_LE(counters.nodes_visited, seed % 7);
    ASSERT_LE(cut.bound, best.cost) << "seed " << seed;
    ASSERT_GE(cut.cost, best.cost) << "seed " << seed;
    ASSERT_EQ(evaluate(situation, cut.chosen), cut.cost) << "seed " << seed;
    if (cut.proved) {
      ASSERT_EQ(cut.cost, best.cost) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace wanwise::core
