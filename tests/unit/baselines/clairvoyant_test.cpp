// The clairvoyant acts before what is going to happen has happened.
#include <gtest/gtest.h>

#include "sim/baselines/oracle_view.hpp"
#include "tests/unit/baselines/bench.hpp"

namespace wanwise::sim::test {
namespace {

struct Truth {
  core::Model model = demo_site();
  WorldConfig config = demo_world(model);
  World world{config};
  std::vector<TimedDisturbance> story;

  [[nodiscard]] Foresight foresight() const { return {&world, &config, &story}; }
};

TEST(OracleView, SeesTheTimeAhead) {
  Truth truth;
  truth.story = {{core::seconds(5), UplinkChange{core::LinkName{"lte"}, core::Ppm{500'000}}, ""},
                 {core::seconds(6),
                  DemandChange{core::WorkloadName{"traffic-counting"}, core::Ppm{1'800'000}}, ""},
                 {core::seconds(7),
                  PowerModeChange{core::TargetName{"tx2"}, core::PowerModeName{"MAX-Q"}}, ""},
                 {core::seconds(8), AliveChange{core::TargetName{"tx2"}, false}, ""}};
  const OracleView oracle(truth.foresight());
  EXPECT_NEAR(static_cast<double>(oracle.uplink(0, core::seconds(2)).count), 12e6, 0.1e6);
  EXPECT_NEAR(static_cast<double>(oracle.uplink(0, core::seconds(6)).count), 11e6, 0.1e6);
  const core::Index counting =
      core::index_of(truth.model.policy.workloads, core::WorkloadName{"traffic-counting"});
  const auto demand = [&](core::Micros ahead) {
    return core::at(oracle.look(ahead).workloads, counting).demand;
  };
  EXPECT_EQ(demand(core::seconds(2)), core::MilliHz{30'000});
  EXPECT_EQ(demand(core::seconds(10)), core::MilliHz{54'000});
  EXPECT_EQ(oracle.look(core::seconds(2)).targets[0].slowdown, core::kWhole);
  EXPECT_EQ(oracle.look(core::seconds(10)).targets[0].slowdown, core::Ppm{1'530'000});
  EXPECT_EQ(oracle.look(core::seconds(2)).targets[0].health, core::Health::alive);
  EXPECT_EQ(oracle.look(core::seconds(10)).targets[0].health, core::Health::dead);
}

TEST(Clairvoyant, LeavesANodeBeforeItDies) {
  Truth truth;
  truth.story = {{core::seconds(20), AliveChange{core::TargetName{"tx2"}, false}, ""}};
  Bench bench("clairvoyant", truth.model, {{"window", "2s"}}, truth.foresight());
  for (int second = 0; second < 20; ++second) {
    truth.world.advance_to(bench.now() - core::seconds(1));
    bench.run(1);
    for (const core::Workload& w : truth.model.policy.workloads) {
      const std::string place = bench.place(w.name.text);
      const auto moves = bench.moves(w.name.text);
      if (!place.empty()) truth.world.place(w.name, core::TargetName{place}, moves.back().rung);
    }
  }
  EXPECT_EQ(bench.place("collision-avoidance"), "cloud");
  EXPECT_EQ(bench.place("licence-plates"), "tx2");  // it may not leave, even if nothing runs there
  const auto moves = bench.moves("collision-avoidance");
  ASSERT_FALSE(moves.empty());
  EXPECT_LT(moves.back().at_s, 20);
  EXPECT_GE(moves.back().at_s, 18);  // no earlier than it sees
}

TEST(Clairvoyant, ShapesToTheTrueRate) {
  Truth truth;
  truth.world.set_uplink_factor(core::LinkName{"lte"}, core::Ppm{250'000});
  truth.story = {{core::Micros{0}, UplinkChange{core::LinkName{"lte"}, core::Ppm{250'000}}, ""}};
  Bench bench("clairvoyant", truth.model, {}, truth.foresight());
  bench.run(3);
  ASSERT_TRUE(bench.on_router().has_value());
  EXPECT_NEAR(static_cast<double>(bench.on_router()->wans[0].shaper.count), 0.95 * 3e6, 0.05e6);
}

}  // namespace
}  // namespace wanwise::sim::test
