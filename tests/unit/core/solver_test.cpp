#include "engine/core/decide/search/solver.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/decide/latency/latency.hpp"
#include "tests/support/site_situation.hpp"

namespace wanwise::core {
namespace {

constexpr Index kTx2 = 0;
constexpr Index kCloud = 1;
constexpr std::int64_t kUsd = 1'000'000'000;

/// One node, one cloud, one link of 10 Mb/s.
Situation one_site() {
  Situation situation;
  situation.classes = {{QueueKind::priority, 30}, {QueueKind::remaining, 50}};
  situation.targets = {{1, Bytes{8'000'000'000}, {}}, {4, Bytes{INT64_MAX}, NanoUsd{kUsd}}};
  situation.links = {
      {Bps{10'000'000}, Bps{9'500'000}, Bps{30'000'000}, Micros{2'000}, NanoUsd{4 * kUsd}}};
  return situation;
}

Option on_node(std::int64_t hertz, std::int64_t service_ms) {
  return {kTx2,
          kNone,
          0,
          0,
          MilliHz{hertz * 1'000},
          milliseconds(service_ms),
          milliseconds(service_ms),
          Micros{500}};
}

Option in_cloud(std::int64_t hertz) {
  return {kCloud,          0, 0, 1, MilliHz{hertz * 1'000}, milliseconds(3), milliseconds(3),
          milliseconds(30)};
}

Option suspended(std::int32_t rung) {
  Option option;
  option.rung = rung;
  return option;
}

WorkloadInput camera(Priority priority, std::vector<Option> options) {
  WorkloadInput workload;
  workload.service_class = 1;
  workload.priority = priority;
  workload.quantile = Ppm{990'000};
  workload.objective = milliseconds(100);
  workload.request = Bytes{20'000};
  workload.response = Bytes{1'000};
  workload.memory = Bytes{1'000'000'000};
  workload.options = std::move(options);
  return workload;
}

Solution solved(const Situation& situation) {
  Counters counters;
  return solve(situation, {}, counters);
}

TEST(Solve, an_idle_node_serves_what_prefers_it) {
  Situation situation = one_site();
  situation.workloads = {camera(Priority::normal, {on_node(10, 15), in_cloud(10)})};
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.chosen, Assignment{0});
  EXPECT_TRUE(solution.proved);
  EXPECT_EQ(solution.cost.per_hour(), NanoUsd{});
  EXPECT_EQ(solution.cost.unmet(Priority::normal), 0);
}

TEST(Solve, a_saturated_node_keeps_the_important_one_and_sends_the_other_to_the_cloud) {
  Situation situation = one_site();
  situation.links[0].uplink = Bps{20'000'000};
  situation.links[0].shaper = Bps{19'000'000};
  const std::vector<Option> options{on_node(40, 15), in_cloud(40)};
  situation.workloads = {camera(Priority::low, options), camera(Priority::critical, options)};
  situation.workloads[1].objective = milliseconds(90);
  situation.workloads[1].options[1].fixed = milliseconds(85);
  EXPECT_EQ(solved(situation).chosen, (Assignment{1, 0}));
}

TEST(Solve, a_link_too_narrow_for_both_leaves_the_least_important_unmet) {
  Situation situation = one_site();
  situation.links[0].uplink = Bps{4'000'000};  // 40/s of 20 KB are 6.6 Mb/s
  situation.links[0].shaper = Bps{3'800'000};
  const std::vector<Option> options{on_node(40, 15), in_cloud(40)};
  situation.workloads = {camera(Priority::low, options), camera(Priority::critical, options)};
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.chosen, (Assignment{1, 0}));
  EXPECT_EQ(solution.cost.unmet(Priority::critical), 0);
  EXPECT_EQ(solution.cost.unmet(Priority::low), 1'999'999);
}

TEST(Solve, the_lower_rung_is_taken_when_the_full_demand_fits_nowhere) {
  Situation situation = one_site();
  Option reduced = on_node(20, 15);
  reduced.rung = 1;
  situation.workloads = {camera(Priority::normal, {on_node(90, 15), reduced, suspended(2)})};
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.chosen, Assignment{1});
  EXPECT_EQ(solution.cost.unmet(Priority::normal), 1'000);
}

TEST(Solve, suspension_beats_a_broken_objective_and_costs_its_rung) {
  Situation situation = one_site();
  situation.workloads = {camera(Priority::normal, {on_node(90, 15), suspended(2)})};
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.chosen, Assignment{1});
  EXPECT_EQ(solution.cost.unmet(Priority::normal), 2'000);
  EXPECT_EQ(predict(situation, solution.chosen), std::vector<Micros>{Micros{0}});
}

TEST(Solve, what_fits_no_memory_is_not_run_and_the_important_one_is) {
  Situation situation = one_site();
  situation.targets[0].memory = Bytes{1'500'000'000};
  situation.workloads = {camera(Priority::low, {on_node(10, 5)}),
                         camera(Priority::critical, {on_node(10, 5)})};
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.chosen, (Assignment{kNone, 0}));
  EXPECT_EQ(solution.cost.unmet(Priority::low), kNotRun);
  EXPECT_EQ(solution.cost.unmet(Priority::critical), 0);
  EXPECT_TRUE(solution.proved);
  EXPECT_EQ(predict(situation, solution.chosen)[0], kNever);
  EXPECT_EQ(evaluate(situation, {0, 0}).unmet(Priority::critical), kImpossible);
}

TEST(Solve, the_price_of_a_cloud_counts_once) {
  Situation situation = one_site();
  situation.workloads = {camera(Priority::normal, {in_cloud(1)}),
                         camera(Priority::normal, {in_cloud(1)})};
  // 20'000 B in 15 packets and 1'000 B in one, each with 40 B of headers, 3'600 times an hour.
  const std::int64_t bytes = (20'000 + 15 * 40 + 1'000 + 40) * 3'600;
  EXPECT_EQ(evaluate(situation, {0, 0}).per_hour(), NanoUsd{kUsd + 2 * bytes * 4});
}

TEST(Solve, among_equals_what_runs_stays) {
  Situation situation = one_site();
  situation.targets.insert(situation.targets.begin() + 1, situation.targets[0]);
  Option second = on_node(10, 15);
  second.target = 1;
  situation.workloads = {camera(Priority::normal, {on_node(10, 15), second})};
  EXPECT_EQ(solved(situation).chosen, Assignment{0});
  situation.workloads[0].current = 1;
  EXPECT_EQ(solved(situation).chosen, Assignment{1});
}

TEST(Solve, who_leaves_is_whose_bytes_are_the_cheapest_be_it_the_most_important) {
  for (const Priority priority : {Priority::critical, Priority::high, Priority::low}) {
    Situation situation = one_site();
    // Both objectives hold at either place; only one workload fits the node.
    situation.targets[0].memory = Bytes{1'500'000'000};
    situation.workloads = {camera(Priority::normal, {on_node(20, 5), in_cloud(20)}),
                           camera(priority, {on_node(20, 5), in_cloud(20)})};
    situation.workloads[1].request = Bytes{2'000};
    EXPECT_EQ(solved(situation).chosen, (Assignment{0, 1}));
  }
}

TEST(Solve, a_data_plan_is_overdrawn_for_critical_and_high_objectives_only) {
  Situation situation = one_site();
  situation.links[0].quota = Bps{100'000};
  for (const Priority priority : {Priority::critical, Priority::high}) {
    situation.workloads = {camera(priority, {on_node(90, 15), in_cloud(20), suspended(1)})};
    EXPECT_EQ(solved(situation).chosen, Assignment{1});
  }
  for (const Priority priority : {Priority::normal, Priority::low}) {
    situation.workloads = {camera(priority, {on_node(90, 15), in_cloud(20), suspended(1)})};
    EXPECT_EQ(solved(situation).chosen, Assignment{2});
  }
}

TEST(Solve, the_quota_counts_both_directions_with_headers) {
  Situation situation = one_site();
  situation.workloads = {camera(Priority::normal, {in_cloud(1)})};
  const std::int64_t bits = (20'000 + 15 * 40 + 1'000 + 40) * 8;
  situation.links[0].quota = Bps{bits};
  EXPECT_EQ(evaluate(situation, {0})[Goal::over_quota], 0);
  situation.links[0].quota = Bps{bits - 1};
  EXPECT_EQ(evaluate(situation, {0})[Goal::over_quota], 1);
}

/// On the node, but for a quarter of the requests, which the cloud serves.
Option split(std::int64_t hertz, std::int64_t service_ms) {
  Option option = on_node(hertz, service_ms);
  const Option cloud = in_cloud(hertz);
  option.spill = {cloud.target,       cloud.link,        Ppm{250'000},
                  cloud.service_mean, cloud.service_p99, cloud.fixed};
  return option;
}

TEST(Solve, a_split_serves_what_neither_place_can_serve_alone) {
  Situation situation = one_site();  // 10 Mb/s: some 57 requests a second; the node serves 66
  situation.workloads = {camera(Priority::normal, {on_node(70, 15), in_cloud(70), split(70, 15)})};
  situation.workloads[0].objective = milliseconds(200);
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.chosen, Assignment{2});
  EXPECT_EQ(solution.cost.unmet(Priority::normal), 0);
}

TEST(Solve, a_split_needs_its_memory_on_both_targets_and_pays_for_both) {
  Situation situation = one_site();
  situation.workloads = {camera(Priority::normal, {split(4, 15)})};
  const std::int64_t bytes = (20'000 + 15 * 40 + 1'000 + 40) * 3'600;
  EXPECT_EQ(evaluate(situation, {0}).per_hour(), NanoUsd{kUsd + bytes * 4});
  situation.targets[1].memory = Bytes{900'000'000};
  EXPECT_EQ(evaluate(situation, {0}).unmet(Priority::normal), kImpossible);
  EXPECT_EQ(solved(situation).chosen, Assignment{kNone});
}

TEST(Solve, nothing_to_decide_is_proved_at_no_cost) {
  const Solution solution = solved(one_site());
  EXPECT_TRUE(solution.chosen.empty());
  EXPECT_EQ(solution.cost, Cost{});
  EXPECT_TRUE(solution.proved);
}

TEST(Solve, the_same_problem_gives_the_same_answer_and_the_same_work) {
  const Situation situation = test::site_situation(7, 150);
  Counters first;
  Counters second;
  const Solution a = solve(situation, {}, first);
  const Solution b = solve(situation, {}, second);
  EXPECT_EQ(a.chosen, b.chosen);
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.decisions, 1U);
  EXPECT_LE(first.nodes_visited, SolveLimits{}.nodes);
}

TEST(Solve, twenty_twins_do_not_explode) {
  Situation situation = one_site();
  situation.links[0].uplink = Bps{50'000'000};
  situation.links[0].shaper = Bps{49'000'000};
  for (int i = 0; i < 20; ++i) {
    situation.workloads.push_back(camera(Priority::normal, {on_node(7, 15), in_cloud(7)}));
  }
  Counters counters;
  const Solution solution = solve(situation, {5'000}, counters);
  EXPECT_TRUE(solution.proved);
  EXPECT_TRUE(std::is_sorted(solution.chosen.begin(), solution.chosen.end()));
  EXPECT_LT(counters.nodes_visited, 500U);
}

/// Three like workloads of falling priority on a node that can serve two and a half of them, with a
/// lower rung at half the rate each, and nowhere else to go.
Situation too_much() {
  Situation situation = one_site();
  situation.targets[1].servers = 1;
  situation.links[0].uplink = situation.links[0].shaper = Bps{100'000};
  for (const Priority priority : {Priority::low, Priority::critical, Priority::normal}) {
    Option reduced = on_node(8, 15);
    reduced.rung = 1;
    situation.workloads.push_back(camera(priority, {on_node(16, 15), reduced, in_cloud(16)}));
  }
  return situation;
}

TEST(Degradation, the_ladder_is_climbed_down_before_any_objective_is_broken) {
  const Situation situation = too_much();
  const Solution solution = solved(situation);
  const std::vector<Micros> latencies = predict(situation, solution.chosen);
  for (std::size_t w = 0; w < latencies.size(); ++w) {
    EXPECT_LE(latencies[w], situation.workloads[w].objective) << w;
  }
  EXPECT_EQ(solution.cost.unmet(Priority::low), 1'000);
}

TEST(Degradation, the_least_important_is_degraded_first) {
  Situation situation = too_much();
  EXPECT_EQ(solved(situation).chosen, (Assignment{1, 0, 0}));
  situation.workloads[2].options[0].rate = MilliHz{40'000};  // the normal one wants more than fits
  situation.workloads[2].options[1].rate = MilliHz{20'000};
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.chosen[1], 0) << "the critical one keeps its full demand";
  EXPECT_NE(solution.chosen[0], 0);
}

TEST(Degradation, where_the_ladder_ends_the_least_important_is_broken_and_it_shows) {
  Situation situation = too_much();
  for (WorkloadInput& workload : situation.workloads)
    workload.options.erase(++workload.options.begin());
  const Solution solution = solved(situation);
  EXPECT_EQ(solution.cost.unmet(Priority::critical), 0);
  EXPECT_EQ(solution.cost.unmet(Priority::normal), 0);
  EXPECT_GE(solution.cost.unmet(Priority::low), 1'000'000);
  EXPECT_GT(predict(situation, solution.chosen)[0], situation.workloads[0].objective);
}

TEST(Degradation, nothing_is_violated_that_the_cost_does_not_say) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Situation situation = test::site_situation(seed, 300);
    const Solution solution = solved(situation);
    const std::vector<Micros> latencies = predict(situation, solution.chosen);
    std::int64_t broken[kPriorities] = {};
    for (std::size_t w = 0; w < latencies.size(); ++w) {
      const WorkloadInput& workload = situation.workloads[w];
      broken[static_cast<std::size_t>(workload.priority)] += latencies[w] > workload.objective;
    }
    for (const Priority p : kAllPriorities) {
      ASSERT_GE(solution.cost.unmet(p), broken[static_cast<std::size_t>(p)] * 1'000'000) << seed;
    }
  }
}

TEST(Gap, is_the_share_of_the_first_goal_that_is_open) {
  Solution solution;
  EXPECT_EQ(gap(solution), Ppm{0});
  solution.cost[Goal::money] = 1'000;
  solution.bound[Goal::money] = 990;
  solution.cost[Goal::preference] = 7;
  EXPECT_NEAR(static_cast<double>(gap(solution).count), 10'000, 1);
  solution.cost[Goal::unmet_low] = 3'000;
  EXPECT_EQ(gap(solution), kWhole);
}

TEST(Gap, of_what_only_breaks_ties_is_none) {
  Solution solution;
  solution.cost[Goal::latency] = 1'000;
  EXPECT_EQ(gap(solution), Ppm{0});
}

TEST(UnmetCost, counts_rungs_then_broken_objectives_by_their_excess) {
  const WorkloadInput workload = camera(Priority::normal, {on_node(1, 1)});
  Option option = on_node(1, 1);
  EXPECT_EQ(unmet_cost(workload, option, milliseconds(100)), 0);
  option.rung = 2;
  EXPECT_EQ(unmet_cost(workload, option, milliseconds(100)), 2'000);
  EXPECT_EQ(unmet_cost(workload, option, milliseconds(150)), 1'500'000);
  EXPECT_EQ(unmet_cost(workload, option, seconds(5)), 1'999'999);
  EXPECT_EQ(unmet_cost(workload, option, kNever), 1'999'999);
  EXPECT_EQ(unmet_cost(workload, suspended(3), {}), 3'000);
  EXPECT_EQ(unmet_cost(workload, suspended(0), {}), 1'999'999);
}

}  // namespace
}  // namespace wanwise::core
