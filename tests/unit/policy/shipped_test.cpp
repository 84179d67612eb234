// The documents in policies/ are right, alone and as a whole.
#include <gtest/gtest.h>

#include <algorithm>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/policy/documents.hpp"

namespace wanwise::policy {
namespace {

const std::string kPolicies = std::string{WANWISE_SOURCE_DIR} + "/policies";

std::vector<SourceText> read(const std::vector<std::string>& paths) {
  return read_documents(paths).value();
}

class ShippedPolicy : public testing::TestWithParam<const char*> {};

TEST_P(ShippedPolicy, IsRightForAHarbourWithItsLabel) {
  const std::string name = GetParam();
  auto texts = read({kPolicies + '/' + name + ".yaml", kPolicies + "/profiles",
                     kPolicies + "/sites/harbour.yaml"});
  texts.back().text = with(texts.back().text, "use: smart-city", "use: " + name);
  const auto loaded = load(texts, kSchemas);
  ASSERT_TRUE(loaded.has_value()) << diagnose(texts);
  EXPECT_EQ(diagnose(texts), "") << "a warning";
  ASSERT_EQ(loaded->sites.size(), 1U);
  EXPECT_EQ(loaded->sites[0].model.policy.name.text, name);
  EXPECT_GE(loaded->sites[0].model.policy.workloads.size(), 3U);
}

std::string test_name(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(UseCases, ShippedPolicy,
                         testing::Values("smart-city", "video-surveillance",
                                         "predictive-maintenance", "collision-avoidance",
                                         "voice-recognition", "image-recognition"),
                         test_name);

TEST(ShippedPolicies, AreRightAsAWholeAndHoldNothingInvalid) {
  const auto texts = read({kPolicies});
  for (const SourceText& source : texts) {
    EXPECT_EQ(source.file.find("/invalid/"), std::string::npos) << source.file;
  }
  const auto loaded = load(texts, kSchemas);
  ASSERT_TRUE(loaded.has_value()) << diagnose(texts);
  EXPECT_EQ(diagnose(texts), "") << "a warning";
  ASSERT_EQ(loaded->sites.size(), 1U);
  EXPECT_EQ(loaded->sites[0].model.site.name.text, "harbour");
  EXPECT_TRUE(loaded->sites[0].simulated.has_value());
}

/// The story that policies/smart-city.yaml tells in its first lines.
TEST(SmartCity, KeepsTheTx2AboutSixtyPercentBusyAndNinetyInTheSurge) {
  const auto loaded = load(read({kPolicies}), kSchemas);
  ASSERT_TRUE(loaded.has_value());
  const core::Model& model = loaded->sites[0].model;
  const auto& tx2 = model.profiles.at(core::DeviceName{"jetson-tx2"});
  std::int64_t busy_ppm = 0;
  std::int64_t surge_ppm = 0;
  for (const core::Workload& workload : model.policy.workloads) {
    if (workload.targets[0].text != "tx2") continue;
    // mHz times µs is 1e-9 of the accelerator's time.
    const std::int64_t share =
        workload.rate.count * tx2.models.at(workload.ladder[0].model).mean.count / 1'000;
    busy_ppm += share;
    surge_ppm += workload.name.text == "traffic-counting" ? share * 18 / 10 : share;
  }
  EXPECT_NEAR(static_cast<double>(busy_ppm), 600'000, 50'000);
  EXPECT_NEAR(static_cast<double>(surge_ppm), 900'000, 50'000);
  EXPECT_EQ(model.policy.stability.fall_back_after, core::seconds(2));
  EXPECT_EQ(model.policy.stability.return_after, core::seconds(12));
  EXPECT_EQ(model.policy.stability.min_dwell, core::seconds(10));
}

TEST(Profiles, HaveThePublishedLatencies) {
  const auto loaded = load(read({kPolicies}), kSchemas);
  ASSERT_TRUE(loaded.has_value());
  const auto& profiles = loaded->sites[0].model.profiles;
  const auto& tx2 = profiles.at(core::DeviceName{"jetson-tx2"});
  EXPECT_EQ(tx2.models.at(core::ModelName{"resnet-50-v1"}).mean, core::Micros{12'500});
  EXPECT_EQ(tx2.models.at(core::ModelName{"ssd-mobilenet-v1"}).mean, core::Micros{50'500});
  EXPECT_EQ(tx2.power_modes[0].name.text, "MAX-N");
  const auto& t4 = profiles.at(core::DeviceName{"cloud-t4"});
  EXPECT_EQ(t4.models.at(core::ModelName{"resnet-50-v1"}).mean, core::Micros{3'000});
  EXPECT_EQ(t4.models.at(core::ModelName{"resnet-50-v1"}).p99, core::Micros{3'190});
  // Whatever runs on the TX2 may be offloaded.
  for (const auto& [name, time] : tx2.models) EXPECT_TRUE(t4.models.contains(name)) << name.text;
}

}  // namespace
}  // namespace wanwise::policy
