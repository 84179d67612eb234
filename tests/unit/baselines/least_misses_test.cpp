// The search for the fewest misses: counts rightly, never worse than where it began.
#include "sim/baselines/least_misses.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/decide/search/solver.hpp"
#include "engine/core/decide/situation_builder.hpp"
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
  [[nodiscard]] MissQuestion question() const { return {situation, demand, {7.5, 7.5}}; }
  [[nodiscard]] double misses(const core::Assignment& assignment) const {
    return misses_per_second(question(), assignment);
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
  EXPECT_LT(site.misses(least_misses(site.question(), site.solved())), 0.3);
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
      const core::Assignment best = least_misses(site.question(), solved);
      EXPECT_LE(site.misses(best), site.misses(solved) + 0.2);
    }
  }
}

TEST(LeastMisses, ChargesAMoveMoreTheFullerTheAcceleratorIs) {
  const auto charge = [](std::int64_t demand) {
    Case site;
    const core::WorkloadName counting{"traffic-counting"};
    const core::WorkloadName crowd{"crowd-density"};
    for (const core::Workload& w : site.model.policy.workloads) {
      const bool away = w.name == crowd || w.name.text == "incident-archive";
      site.world.place(w.name, core::TargetName{away ? "cloud" : "tx2"}, 0);
    }
    site.world.advance_to(core::Instant{2'000'000});
    site.story = {{core::Micros{0}, DemandChange{counting, core::Ppm{demand}}, ""}};
    site.look();
    core::Assignment home;
    for (core::Index w = 0; w < core::count(site.situation.workloads); ++w) {
      const core::WorkloadInput& input = core::at(site.situation.workloads, w);
      const bool moves = core::at(site.model.policy.workloads, w).name == crowd;
      home.push_back(moves ? 0 : input.current);  // its first option is on the node
    }
    return misses_by_moving(site.question(), home);
  };
  EXPECT_GE(charge(1'000'000), 1);
  EXPECT_GT(charge(2'000'000), charge(1'000'000) + 1);
}

TEST(LeastMisses, NeverOverrunsAMemory) {
  Case site;
  for (core::Workload& w : site.model.policy.workloads) w.memory = core::Bytes{4'000'000'000};
  site.config = demo_world(site.model);
  site.look();
  const core::Assignment best = least_misses(site.question(), site.solved());
  EXPECT_FALSE(std::isinf(site.misses(best)));
}

}  // namespace
}  // namespace wanwise::sim::test
