#include "sim/trial/trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "engine/core/engine.hpp"
#include "sim/world/air/generate.hpp"
#include "tests/support/harbour.hpp"

namespace wanwise::sim {
namespace {

using testing::Each;
using testing::Field;
using testing::Ge;
using testing::SizeIs;

class EngineController final : public Controller {
 public:
  explicit EngineController(const core::Model& model) : m_engine(model) {}
  std::vector<core::Action> on_event(const core::Event& event) override {
    return m_engine.apply(event).actions;
  }
  [[nodiscard]] std::optional<core::Instant> next_wakeup() const override {
    return m_engine.next_wakeup();
  }

 private:
  core::Engine m_engine;
};

class Idle final : public Controller {
 public:
  std::vector<core::Action> on_event(const core::Event&) override { return {}; }
  [[nodiscard]] std::optional<core::Instant> next_wakeup() const override { return std::nullopt; }
};

TrialConfig lte_drive(std::uint64_t seed) {
  TrialConfig config;
  config.world.model = test::harbour();
  config.believed = config.world.model;
  const GeneratedLink link =
      generate(lte_driving(core::Bps{12'000'000}, core::Bps{40'000'000}), core::seconds(180), seed);
  config.world.links = {{core::LinkName{"lte"}, link.uplink, link.downlink, link.radio}};
  config.world.seed = seed;
  config.horizon = core::seconds(90);
  config.warm_up = core::seconds(10);
  config.story = {
      {core::seconds(20),
       DemandChange{core::WorkloadName{"traffic-counting"}, core::Ppm{2'600'000}}, "saturates"},
      {core::seconds(50), DemandChange{core::WorkloadName{"traffic-counting"}, core::kWhole},
       "normal again"}};
  return config;
}

TrialResult with_engine(const TrialConfig& config) {
  return run_trial(
      config, [&](const World&) { return std::make_unique<EngineController>(config.believed); });
}

TEST(Trial, the_engine_moves_work_out_of_a_saturated_accelerator_and_back) {
  TrialConfig config = lte_drive(1);
  config.timeline = true;
  const TrialResult result = with_engine(config);
  EXPECT_GE(result.moves, 2);
  EXPECT_GT(result.router_writes, 0);
  EXPECT_THAT(result.returns, SizeIs(Ge(1U)));
  EXPECT_THAT(result.returns, Each(Field(&core::Micros::count, Ge(10'000'000))));
  EXPECT_GT(result.link_cost, core::NanoUsd{0});
  EXPECT_GT(result.cloud_cost, core::NanoUsd{0});
  EXPECT_THAT(result.timeline, SizeIs(90));
  EXPECT_TRUE(result.conserved);
  EXPECT_LE(result.little_error, core::Ppm{1});
  EXPECT_EQ(result.stale_moves, 0);
}

// 89 % of the accelerator with arrivals as regular as cameras': a queue of Poisson arrivals would
// be three times as long.
TEST(Trial, the_engine_leaves_a_busy_accelerator_alone_that_keeps_its_objectives) {
  TrialConfig config = lte_drive(1);
  config.horizon = core::seconds(300);
  config.warm_up = core::seconds(100);
  config.story = {{core::seconds(60),
                   DemandChange{core::WorkloadName{"traffic-counting"}, core::Ppm{1'800'000}},
                   "busy"}};
  const TrialResult result = with_engine(config);
  EXPECT_LE(result.moves, 2);
  for (const WorkloadResult& it : result.workloads) {
    if (it.workload.text == "incident-archive") continue;
    const std::int64_t missed = it.late + it.lost + it.skipped;
    EXPECT_LE(missed * 100, it.generated) << it.workload.text;
  }
}

TEST(Trial, equal_inputs_give_equal_results_on_any_thread) {
  const TrialConfig config = lte_drive(3);
  TrialResult here = with_engine(config);
  TrialResult there;
  std::thread other([&] { there = with_engine(config); });
  other.join();
  EXPECT_EQ(here.checksum, there.checksum);
  EXPECT_EQ(here.world_events, there.world_events);
  EXPECT_EQ(here.workloads, there.workloads);
}

TEST(Trial, every_controller_meets_the_same_requests) {
  const TrialConfig config = lte_drive(5);
  const TrialResult engine = with_engine(config);
  const TrialResult idle = run_trial(config, [](const World&) { return std::make_unique<Idle>(); });
  EXPECT_EQ(engine.arrival_hash, idle.arrival_hash);
  EXPECT_NE(engine.checksum, idle.checksum);
}

TEST(Trial, with_nothing_placed_every_request_is_skipped) {
  const TrialResult idle =
      run_trial(lte_drive(5), [](const World&) { return std::make_unique<Idle>(); });
  for (const WorkloadResult& it : idle.workloads) {
    EXPECT_EQ(it.skipped, it.generated) << it.workload.text;
    EXPECT_EQ(it.open, 0);
  }
  EXPECT_EQ(idle.cloud_cost, core::NanoUsd{0});
}

TEST(Trial, while_the_management_planes_are_cut_off_nothing_is_moved_and_nothing_written) {
  TrialConfig config = lte_drive(9);
  config.warm_up = core::seconds(20);
  config.story = {{core::seconds(15), RouterApiChange{core::RouterName{"ir1101"}, false}, ""},
                  {core::seconds(15), ClusterApiChange{false}, ""},
                  {core::seconds(20),
                   DemandChange{core::WorkloadName{"traffic-counting"}, core::Ppm{2'200'000}}, ""}};
  const TrialResult cut_off = with_engine(config);
  EXPECT_EQ(cut_off.moves, 0);
  EXPECT_EQ(cut_off.router_writes, 0);
  config.story.erase(config.story.begin(), config.story.begin() + 2);
  EXPECT_GT(with_engine(config).moves, 0);
}

TEST(Trial, requests_of_the_warm_up_are_not_counted) {
  TrialConfig config = lte_drive(7);
  const TrialResult late = with_engine(config);
  config.warm_up = core::Micros{0};
  const TrialResult whole = with_engine(config);
  EXPECT_EQ(late.checksum, whole.checksum);
  for (std::size_t i = 0; i < whole.workloads.size(); ++i)
    EXPECT_LT(late.workloads[i].generated, whole.workloads[i].generated);
}

}  // namespace
}  // namespace wanwise::sim
