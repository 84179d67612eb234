// How good the joint decision is, and how much of it is proved: sites of 20 x 4 x 2 and of
// 50 x 6 x 3, from scratch and settled, with the online budget and with an offline one. Prints a
// table. bench_gap [seeds] [budget]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/core/decide/search/solver.hpp"
#include "tests/support/site_situation.hpp"

namespace wanwise {
namespace {

constexpr const char* kGoalNames[core::kGoals] = {"crit",  "high",  "quota",  "normal", "low",
                                                  "money", "prefs", "switch", "latency"};

struct Row {
  std::vector<std::int64_t> gaps;
  std::vector<double> micros;
  int proved = 0;
  int goals[core::kGoals] = {};
};

void judge(Row& row, const core::Situation& situation, std::uint64_t nodes, bool verbose) {
  core::Counters counters;
  const auto start = std::chrono::steady_clock::now();
  const core::Solution solution = core::solve(situation, {nodes}, counters);
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  row.micros.push_back(took.count());
  row.gaps.push_back(core::gap(solution).count);
  row.proved += solution.proved;
  std::size_t goal = 0;
  while (goal < core::kGoals && solution.cost.goals[goal] == solution.bound.goals[goal]) ++goal;
  if (goal < core::kGoals) ++row.goals[goal];
  if (!verbose) return;
  for (std::size_t g = 0; g < core::kGoals; ++g) {
    std::printf(" %s %lld/%lld", kGoalNames[g], static_cast<long long>(solution.cost.goals[g]),
                static_cast<long long>(solution.bound.goals[g]));
  }
  std::printf(" | gap %lld ppm, %.0f us, %llu nodes\n", static_cast<long long>(row.gaps.back()),
              took.count(), static_cast<unsigned long long>(counters.nodes_visited));
}

void print(const std::string& name, Row row) {
  std::sort(row.gaps.begin(), row.gaps.end());
  std::sort(row.micros.begin(), row.micros.end());
  const auto within = std::count_if(row.gaps.begin(), row.gaps.end(),
                                    [](std::int64_t gap) { return gap <= 10'000; });
  std::printf(
      "%-34s proved %3d of %3zu, within 1 %% %3zu, worst %6.2f %%, median %9.1f us, worst %9.1f "
      "us;",
      name.c_str(), row.proved, row.gaps.size(), static_cast<std::size_t>(within),
      static_cast<double>(row.gaps.back()) / 1e4, row.micros[row.micros.size() / 2],
      row.micros.back());
  for (std::size_t g = 0; g < core::kGoals; ++g) {
    if (row.goals[g] > 0) std::printf(" %s %d", kGoalNames[g], row.goals[g]);
  }
  std::printf("\n");
}

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  using namespace std::string_literals;
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 5;
  const std::uint64_t offline = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20'000;
  const bool verbose = argc > 3 && argv[3] == "verbose"s;
  const bool offline_only = argc > 3;
  for (const bool large : {false, true}) {
    for (const std::int64_t load : {40, 70, 100, 130, 300}) {
      for (const std::uint64_t budget : {wanwise::core::SolveLimits{}.nodes, offline}) {
        if (offline_only && (!large || budget != offline)) continue;
        wanwise::Row fresh;
        wanwise::Row settled;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
          wanwise::core::Situation situation = large
                                                   ? wanwise::test::large_site_situation(seed, load)
                                                   : wanwise::test::site_situation(seed, load);
          wanwise::judge(fresh, situation, budget, verbose);
          wanwise::core::Counters counters;
          wanwise::test::settle(situation,
                                wanwise::core::solve(situation, {offline}, counters).chosen);
          for (wanwise::core::LinkInput& link : situation.links) {
            link.uplink = link.uplink * 9 / 10;
            link.shaper = link.shaper * 9 / 10;
          }
          wanwise::judge(settled, situation, budget, verbose);
        }
        const std::string name = (large ? "50x6x3 "s : "20x4x2 "s) + std::to_string(load) +
                                 " %, budget " + std::to_string(budget);
        print(name + " fresh", fresh);
        print(name + " settled", settled);
      }
    }
  }
  return 0;
}
