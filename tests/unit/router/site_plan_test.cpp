// What the emulated router makes of a scenario that it can not play.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/router/plant/simulated_site.hpp"

namespace wanwise::router {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kSource = WANWISE_SOURCE_DIR;

core::Expected<SitePlan> plan_with(const std::string& steps) {
  const auto folder =
      std::filesystem::path(::testing::TempDir()) / ("site-plan-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto file = (folder / "s.yaml").string();
  std::ofstream(file) << "scenario: test\nsteps:\n" << steps;
  SiteRequest request;
  request.documents = {kSource + "/policies/smart-city.yaml", kSource + "/policies/sites",
                       kSource + "/policies/profiles"};
  request.schema_dir = kSource + "/yang";
  request.trace = TraceKind::constant;
  request.scenario_file = file;
  request.scenario_length = core::seconds(90);
  auto plan = plan_site(request);
  std::filesystem::remove_all(folder);
  return plan;
}

TEST(SitePlan, RefusesScenarioStepsThatConcernThePorts) {
  const auto plan = plan_with(
      "  - {at: 1s, cluster-api: {reachable: false}}\n"
      "  - {at: 2s, telemetry: {router: ir1101, delay: 30s}}\n");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "scenario-invalid");
  EXPECT_THAT(plan.error().message,
              HasSubstr("s.yaml:3:5: 'API of the cluster is unreachable' can not be played by the "
                        "emulated router (allowed: demand, uplink, power-mode, throttle, target, "
                        "link)"));
  EXPECT_THAT(plan.error().message, HasSubstr("s.yaml:4:5: 'telemetry of ir1101 is 30 s late'"));
}

TEST(SitePlan, TakesAScenarioOfTheSiteItself) {
  const auto any = plan_with("  - {at: 1s, say: nothing, link: {name: z, up: false}}\n");
  ASSERT_FALSE(any);
  EXPECT_THAT(any.error().message, Not(HasSubstr("can not be played")));
  EXPECT_THAT(any.error().message, HasSubstr("link 'z' is not of this site"));
  const auto plan = plan_with("  - {at: 1s, link: {name: lte, up: false}}\n");
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->scenario.size(), 1U);
}

}  // namespace
}  // namespace wanwise::router
