#include "sim/router/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wanwise::router {
namespace {

core::Model model() {
  core::Model out;
  core::Link link;
  link.name = core::LinkName("lte");
  out.site.links = {link};
  core::Node node;
  node.name = core::TargetName("tx2");
  node.device = core::DeviceName("jetson-tx2");
  out.site.nodes = {node};
  core::DeviceProfile profile;
  profile.power_modes = {{core::PowerModeName("MAX-N")}, {core::PowerModeName("MAX-Q")}};
  out.profiles[node.device] = profile;
  core::Workload workload;
  workload.name = core::WorkloadName("cameras");
  out.policy.workloads = {workload};
  return out;
}

std::string error_of(const std::string& text) {
  const auto parsed = parse_scenario("s", text, model());
  return parsed ? "" : parsed.error().message;
}

TEST(Scenario, ReadsEveryStepInOrderOfTime) {
  const auto parsed = parse_scenario("s",
                                     "# a story\n"
                                     "\n"
                                     "2m   alive cameras-are-not-here-but-in-comments # no\n",
                                     model());
  EXPECT_FALSE(parsed.has_value());
  const auto steps = parse_scenario("s",
                                    "# a story\n"
                                    "40s alive tx2 no\n"
                                    "1500ms demand cameras 250%  # rush hour\n"
                                    "2s uplink lte 10%\n"
                                    "3s power tx2 MAX-Q\n"
                                    "1m throttle tx2 150%\n",
                                    model());
  ASSERT_TRUE(steps.has_value()) << steps.error().message;
  ASSERT_EQ(steps->size(), 5U);
  EXPECT_EQ((*steps)[0].at, core::Instant{1'500'000});
  EXPECT_EQ(std::get<DemandStep>((*steps)[0].what).of_declared, core::Ppm{2'500'000});
  EXPECT_EQ(std::get<UplinkStep>((*steps)[1].what).of_trace, core::Ppm{100'000});
  EXPECT_EQ(std::get<PowerStep>((*steps)[2].what).mode.text, "MAX-Q");
  EXPECT_FALSE(std::get<AliveStep>((*steps)[3].what).alive);
  EXPECT_EQ(std::get<ThrottleStep>((*steps)[4].what).slowdown, core::Ppm{1'500'000});
}

TEST(Scenario, NamesEveryBadLine) {
  const std::string errors = error_of(
      "1x demand cameras 100%\n"
      "1s demand nobody 100%\n"
      "1s demand cameras 100\n"
      "1s uplink wifi 10%\n"
      "1s power tx2 MAX-X\n"
      "1s throttle tx2 50%\n"
      "1s alive tx2 maybe\n"
      "1s explode tx2 now\n"
      "1s demand cameras\n"
      "-1s demand cameras 100%\n");
  for (int line = 1; line <= 10; ++line) {
    EXPECT_THAT(errors, testing::HasSubstr("s:" + std::to_string(line) + ": "));
  }
}

TEST(Scenario, MayBeEmpty) {
  EXPECT_EQ(error_of(""), "");
  EXPECT_EQ(error_of("# nothing\n"), "");
}

TEST(Scenario, IsBounded) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxScenarioSteps; ++i) {
    text += "1s alive tx2 yes\n";
  }
  EXPECT_THAT(error_of(text), testing::HasSubstr("more than 10000 steps"));
}

}  // namespace
}  // namespace wanwise::router
