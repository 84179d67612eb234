// Scenario steps of the network: links that are shut, and what concerns the ports and not the site.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/world/scenario.hpp"
#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using ::testing::HasSubstr;

core::Expected<std::vector<TimedDisturbance>> timed(const std::string& steps) {
  const auto scenario = parse_scenario("scenario: test\nsteps:\n" + steps, "s.yaml");
  if (!scenario) return core::Unexpected<core::Error>{scenario.error()};
  return schedule(*scenario, core::seconds(100), config().model);
}

TEST(ScenarioNetwork, ReadsLinksApisAndTelemetry) {
  const auto steps = timed(
      "  - {at: 1s, link: {name: lte, up: false}}\n"
      "  - {at: 2s, router-api: {router: edge, reachable: false}}\n"
      "  - {at: 3s, cluster-api: {reachable: true}}\n"
      "  - {at: 4s, telemetry: {router: edge, delay: 2.5s}}\n");
  ASSERT_TRUE(steps) << steps.error().message;
  ASSERT_EQ(steps->size(), 4u);
  std::vector<std::pair<std::string, bool>> told;
  for (const auto& step : *steps) told.emplace_back(step.say, concerns_ports(step.what));
  EXPECT_EQ(told,
            (std::vector<std::pair<std::string, bool>>{{"link lte is shut down", false},
                                                       {"API of edge is unreachable", true},
                                                       {"API of the cluster answers again", true},
                                                       {"telemetry of edge is 2.5 s late", true}}));
  EXPECT_EQ(std::get<TelemetryChange>((*steps)[3].what).delay, core::milliseconds(2'500));
}

TEST(ScenarioNetwork, TellsTheAllowedKeysAndValues) {
  const auto steps = timed(
      "  - {at: 1s, link: {name: lte, alive: false}}\n"
      "  - {at: 1s, router-api: {router: edge, reachable: no}}\n"
      "  - {at: 1s, cluster-api: {router: edge}}\n"
      "  - {at: 1s, telemetry: {router: edge, delay: long}}\n"
      "  - {at: 1s, telemetry: {router: edge, delay: 61min}}\n"
      "  - {at: 1s, telemetri: {router: edge, delay: 1s}}\n");
  ASSERT_FALSE(steps);
  const auto& told = steps.error().message;
  EXPECT_THAT(told, HasSubstr("s.yaml:3:32: unknown key 'alive' (allowed: name, up)"));
  EXPECT_THAT(told, HasSubstr("'up' of 'link' is missing"));
  EXPECT_THAT(told, HasSubstr("'no' (allowed: true, false)"));
  EXPECT_THAT(told, HasSubstr("unknown key 'router' (allowed: reachable)"));
  EXPECT_THAT(told, HasSubstr("'long' is no delay (allowed: 0s to 60min, such as 30s, 500ms)"));
  EXPECT_THAT(told, HasSubstr("'61min' is no delay"));
  EXPECT_THAT(told, HasSubstr("a step has exactly one of: demand, uplink, power-mode, throttle, "
                              "target, link, router-api, cluster-api, telemetry"));
  EXPECT_THAT(told, HasSubstr("unknown key 'telemetri' (allowed: at, cluster-api, demand, link, "
                              "power-mode, router-api, say, target, telemetry, throttle, uplink)"));
}

TEST(ScenarioNetwork, RefusesRoutersAndLinksTheSiteDoesNotHave) {
  const auto steps = timed(
      "  - {at: 1s, link: {name: z, up: false}}\n"
      "  - {at: 1s, router-api: {router: z, reachable: false}}\n"
      "  - {at: 1s, telemetry: {router: z, delay: 1s}}\n");
  ASSERT_FALSE(steps);
  const auto& told = steps.error().message;
  EXPECT_THAT(told, HasSubstr("s.yaml:3:5: link 'z' is not of this site (allowed: lte, wired)"));
  EXPECT_THAT(told, HasSubstr("s.yaml:4:5: router 'z' is not of this site (allowed: edge)"));
  EXPECT_THAT(told, HasSubstr("s.yaml:5:5: router 'z'"));
}

TEST(ScenarioNetwork, AppliesLinksAndLeavesTheWorldAloneOtherwise) {
  World world(config());
  apply(world, LinkChange{kLte, false});
  EXPECT_FALSE(world.interface(kCellular).up);
  apply(world, LinkChange{kLte, true});
  EXPECT_TRUE(world.interface(kCellular).up);
  World other(config());
  apply(world, RouterApiChange{core::RouterName{"edge"}, false});
  apply(world, ClusterApiChange{false});
  apply(world, TelemetryChange{core::RouterName{"edge"}, core::seconds(30)});
  for (World* w : {&world, &other}) w->place(kA, kCloud, 0);
  for (World* w : {&world, &other}) w->advance_to(at_ms(5'000));
  EXPECT_EQ(world.checksum(), other.checksum());
}

}  // namespace
}  // namespace wanwise::sim::testing
