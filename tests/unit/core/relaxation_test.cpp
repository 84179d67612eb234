// The bound from prices against trying everything. It is asked with an incumbent that is hardly
// worse than the optimum, or much worse, and that no proposal improves: whatever it excludes, it
// must not exclude the optimum.
#include <gtest/gtest.h>

#include <string>

#include "engine/core/decide/search/relaxation.hpp"
#include "engine/core/decide/search/search_space.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "tests/support/brute_force.hpp"
#include "tests/support/random_situation.hpp"
#include "tests/support/site_situation.hpp"

namespace wanwise::core {
namespace {

std::string describe(const Cost& cost) {
  std::string text;
  for (const std::int64_t goal : cost.goals) text += std::to_string(goal) + " ";
  return text;
}

struct Bounded {
  Cost bound;
  std::uint64_t units = 0;
};

Bounded bound_of(const Situation& situation, const Cost& incumbent, std::uint64_t budget) {
  Counters counters;
  SearchSpace space;
  space.prepare(situation, counters);
  SearchSpace::State root;
  space.clear(root);
  space.compute_bound(root, nullptr);
  Bounded result;
  Relaxation::Work work;
  work.spend = [&](std::uint64_t units) {
    if (result.units + units > budget) return false;
    result.units += units;
    return true;
  };
  work.propose = [&](const std::vector<std::int32_t>& items) {
    EXPECT_EQ(items.size(), situation.workloads.size());
    return incumbent;
  };
  work.cost = [&](const std::vector<std::int32_t>& items) {
    Assignment assignment;
    for (const std::int32_t item : items) {
      assignment.push_back(space.item(static_cast<std::size_t>(item)).option);
    }
    return evaluate(situation, assignment);
  };
  Relaxation relaxation;
  result.bound = relaxation.bound(space, root, incumbent, work);
  return result;
}

void expect_no_more(const Situation& situation, const Cost& incumbent, const Cost& optimum,
                    const std::string& what) {
  for (const std::uint64_t budget : {std::uint64_t{200}, std::uint64_t{20'000}}) {
    const Bounded result = bound_of(situation, incumbent, budget);
    ASSERT_LE(result.units, budget);
    ASSERT_LE(result.bound, optimum)
        << what << "\nbound   " << describe(result.bound) << "\noptimum " << describe(optimum);
  }
}

void expect_bounds(const Situation& situation, std::uint64_t seed) {
  const Cost optimum = test::brute_force(situation).cost;
  Cost next = optimum;
  ++next[Goal::latency];
  expect_no_more(situation, next, optimum, "by a microsecond, seed " + std::to_string(seed));
  if (testing::Test::HasFatalFailure()) return;
  Cost preferred = optimum;
  ++preferred[Goal::preference];
  expect_no_more(situation, preferred, optimum, "by a rank, seed " + std::to_string(seed));
  if (testing::Test::HasFatalFailure()) return;
  const Assignment nothing(situation.workloads.size(), kNone);
  expect_no_more(situation, evaluate(situation, nothing), optimum,
                 "of nothing at all, seed " + std::to_string(seed));
}

TEST(Relaxation, never_excludes_the_optimum) {
  for (std::uint64_t seed = 50'000; seed < 50'400; ++seed) {
    const auto workloads = static_cast<std::int64_t>(seed % 6) + 1;
    const std::int64_t load = 60 + static_cast<std::int64_t>(seed % 5) * 40;
    expect_bounds(test::random_situation(seed, {workloads, workloads, 5, load}), seed);
    if (HasFatalFailure()) return;
  }
}

/// Each of the sets of clouds in use has its price: none of them is forgotten.
TEST(Relaxation, counts_the_price_of_every_target_in_use_once) {
  for (std::uint64_t seed = 60'000; seed < 60'150; ++seed) {
    Situation situation = test::random_situation(seed, {4, 6, 5, 150});
    for (std::size_t t = 0; t < situation.targets.size(); ++t) {
      situation.targets[t].wait_factor = Ppm{static_cast<std::int64_t>(seed % 4 + t) * 300'000};
      situation.targets[t].price_per_hour = NanoUsd{static_cast<std::int64_t>(1 + t) * 700'000'000};
    }
    expect_bounds(situation, seed);
    if (HasFatalFailure()) return;
  }
}

/// No brute force for these; but what was found is there, and so is everything that costs as much.
TEST(Relaxation, never_excludes_what_a_site_was_found_to_do) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const std::int64_t load = 40 + static_cast<std::int64_t>(seed % 4) * 30;
    const Situation situation = test::site_situation(seed, load);
    Counters counters;
    const Cost found = solve(situation, {30'000}, counters).cost;
    for (const Goal goal : {Goal::preference, Goal::latency}) {
      Cost next = found;
      ++next[goal];
      expect_no_more(situation, next, found, "seed " + std::to_string(seed));
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace wanwise::core
