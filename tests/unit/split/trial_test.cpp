// The proof over whole runs: a workload that neither the TX2 nor the uplink carries alone keeps its
// objective on both, and comes back whole when its demand falls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "sim/trial/trial.hpp"
#include "tests/support/harbour.hpp"

namespace wanwise::sim {
namespace {

using testing::Contains;
using testing::HasSubstr;

const core::WorkloadName kName{"inspection"};

/// ResNet-50 takes 12.5 ms on the TX2, so that 80/s are all it can do; 80 pictures of 30 KB a
/// second are 20 Mbit/s, and the uplink carries 12.
core::Workload inspection(std::int64_t per_second, bool may_split) {
  core::Workload w;
  w.name = kName;
  w.deployment = "line/inspection";
  w.service_class = core::ClassName{"video"};
  w.priority = core::Priority::high;
  w.sources = {core::SourceName{"cameras"}};
  w.port = 8443;
  w.rate = core::MilliHz{per_second * 1'000};
  w.request = core::Bytes{30'000};
  w.response = core::Bytes{1'000};
  w.memory = core::Bytes{600'000'000};
  w.objective = {core::Ppm{990'000}, core::milliseconds(300)};
  w.targets = {core::TargetName{"tx2"}, core::TargetName{"cloud"}};
  w.ladder = {{w.rate, core::ModelName{"resnet-50-v1"}}};
  w.replicas = 4;
  w.may_split = may_split;
  return w;
}

TrialConfig line(std::int64_t per_second, bool may_split, const std::string& policy = "wanwise") {
  TrialConfig config;
  core::Model model = test::harbour();
  model.policy.workloads = {inspection(per_second, may_split)};
  model.policy.stability = {core::seconds(2), core::seconds(20), core::seconds(20),
                            core::Ppm{100'000}, 12};
  RadioReading reading;
  reading.access = core::RadioAccess::lte;
  reading.in_service = true;
  reading.rsrp_dbm = -85;
  reading.sinr = core::MilliDb{15'000};
  for (const core::Link& link : model.site.links) {
    config.world.links.push_back({link.name, constant_rate(link.uplink),
                                  constant_rate(link.downlink),
                                  RadioTrace{{{core::Micros{0}, reading}}, core::seconds(3'600)}});
  }
  config.world.model = model;
  config.world.seed = 11;
  config.believed = std::move(model);
  config.policy = {policy, policy, {}};
  config.horizon = core::seconds(150);
  config.warm_up = core::seconds(30);
  return config;
}

double miss_share(const TrialResult& result) {
  const WorkloadResult& it = result.workloads.at(0);
  return static_cast<double>(it.late + it.lost + it.skipped) / static_cast<double>(it.generated);
}

std::vector<std::string> news_of(const TrialResult& result) {
  std::vector<std::string> all;
  for (const TimelinePoint& point : result.timeline)
    all.insert(all.end(), point.events.begin(), point.events.end());
  return all;
}

TEST(SplitTrial, TheSplitHoldsWhatNeitherEdgeNorCloudNorTheBestWholePlaceHolds) {
  const TrialResult split = run_trial(line(78, true));
  const TrialResult whole = run_trial(line(78, true, "wanwise-no-split"));
  const TrialResult edge = run_trial(line(78, false, "always-edge"));
  const TrialResult cloud = run_trial(line(78, false, "always-cloud"));
  std::printf("missed: split %.4f, whole %.4f, edge %.4f, cloud %.4f\n", miss_share(split),
              miss_share(whole), miss_share(edge), miss_share(cloud));
  EXPECT_LE(miss_share(split), 0.01) << "the objective is p99";
  EXPECT_GE(miss_share(whole), 0.05);
  EXPECT_GE(miss_share(edge), 0.05);
  EXPECT_GE(miss_share(cloud), 0.5);
  EXPECT_EQ(split.arrival_hash, edge.arrival_hash);
  const WorkloadResult& it = split.workloads.at(0);
  EXPECT_NEAR(static_cast<double>(it.in_cloud) / static_cast<double>(it.completed), 0.25, 0.01);
  EXPECT_TRUE(split.conserved);
  EXPECT_EQ(split.moves, 0) << "once is enough";
  EXPECT_GT(split.cloud_cost, core::NanoUsd{0});
}

TEST(SplitTrial, ItSplitsWhenDemandRisesAndComesBackWholeWhenItFalls) {
  TrialConfig config = line(45, true);
  config.horizon = core::seconds(300);
  config.timeline = true;
  config.story = {{core::seconds(60), DemandChange{kName, core::Ppm{1'700'000}}, "rises"},
                  {core::seconds(160), DemandChange{kName, core::kWhole}, "falls"}};
  const TrialResult result = run_trial(config);
  const auto news = news_of(result);
  EXPECT_THAT(news, Contains(HasSubstr("tx2 and cloud (25 %)")));
  EXPECT_EQ(news.back(), "inspection → tx2");
  EXPECT_EQ(result.moves, 2) << "there and back";
  EXPECT_LE(miss_share(result), 0.01) << "with the seconds until the split in it";
  ASSERT_FALSE(result.returns.empty());
  EXPECT_GE(result.returns.front(), core::seconds(20)) << "return-after";
}

TEST(SplitTrial, EqualInputsGiveEqualResults) {
  TrialConfig config = line(78, true);
  config.horizon = core::seconds(60);
  const TrialResult one = run_trial(config);
  const TrialResult two = run_trial(config);
  EXPECT_EQ(one.checksum, two.checksum);
  EXPECT_EQ(one.workloads, two.workloads);
}

}  // namespace
}  // namespace wanwise::sim
