// The search for the fewest misses: counts rightly, never worse than where it began.
#include "sim/baselines/least_misses.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/decide/situation_builder.hpp"
#include "engine/core/decide/solver.hpp"
#include "sim/baselines/oracle_view.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

struct Case {
  core::Model model = demo_site();
  WorldConfig config = demo_world(model);
  World world{config};
  std::vector<TimedDisturbance> story;
  core::Situation situation;
  std::vector<core::MilliHz> demand;

  void look() {
    core::Topology topology(model);
    core::SituationBuilder builder(model, topology);
    core::Counters counters;
    const core::Views views = OracleView({&world, &config, &story}).look(core::seconds(1));
    situation = builder.build(views, counters);
    for (const core::WorkloadView& it : views.workloads) demand.push_back(it.demand);
  }
  [[nodiscard]] core::Assignment solved() const {
    core::Counters counters;
    return core::solve(situation, {4'000}, counters).chosen;
  }
  [[nodiscard]] double misses(const core::Assignment& assignment) const {
    return misses_per_second(situation, demand, assignment);
  }
};

TEST(LeastMisses, CountsWhatRunsNowhereAndWhatIsLeftOut) {
  Case site;
  site.look();
  const core::Assignment nothing(site.situation.workloads.size(), core::kNone);
  EXPECT_DOUBLE_EQ(site.misses(nothing), 3 + 3 + 1 + 2 + 30);
}

TEST(LeastMisses, FindsNextToNoneOnAQuietDay) {
  Case site;
  site.look();
  EXPECT_LT(site.misses(least_misses(site.situation, site.demand, site.solved())), 0.3);
}

TEST(LeastMisses, IsNeverWorseThanTheSolver) {
  for (const std::int64_t uplink : {1'000'000, 500'000, 250'000, 100'000, 30'000}) {
    for (const std::int64_t counting : {1'000'000, 1'800'000, 3'000'000}) {
      Case site;
      site.story = {
          {core::Micros{0}, UplinkChange{core::LinkName{"lte"}, core::Ppm{uplink}}, ""},
          {core::Micros{0},
           DemandChange{core::WorkloadName{"traffic-counting"}, core::Ppm{counting}}, ""}};
      site.look();
      const core::Assignment solved = site.solved();
      const core::Assignment best = least_misses(site.situation, site.demand, solved);
      EXPECT_LE(site.misses(best), site.misses(solved) + 0.2);
    }
  }
}

TEST(LeastMisses, NeverOverrunsAMemory) {
  Case site;
  for (core::Workload& w : site.model.policy.workloads) w.memory = core::Bytes{4'000'000'000};
  site.config = demo_world(site.model);
  site.look();
  const core::Assignment best = least_misses(site.situation, site.demand, site.solved());
  EXPECT_FALSE(std::isinf(site.misses(best)));
}

}  // namespace
}  // namespace wanwise::sim::test
