#include "sim/world/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/world/site.hpp"

namespace wanwise::sim::testing {
namespace {

using ::testing::HasSubstr;

std::string problem(const std::string& text) {
  const auto scenario = parse_scenario(text, "s.yaml");
  return scenario ? "no error" : scenario.error().code + "\n" + scenario.error().message;
}

TEST(Scenario, ReadsEveryKindOfStepInOrderOfTime) {
  const auto scenario = parse_scenario(
      "scenario: test\n"
      "steps:\n"
      "  - {at: 50%, demand: {workload: a, factor: 1.8}}\n"
      "  - {at: 18s, uplink: {link: lte, factor: 8%}}\n"
      "  - {at: 500ms, power-mode: {target: tx2, mode: MAX-Q}}\n"
      "  - {at: 1min, throttle: {target: tx2, factor: 1.4}}\n"
      "  - {at: 84%, say: the end, target: {name: tx2, alive: false}}\n",
      "s.yaml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->name, "test");
  const auto timed = schedule(*scenario, core::seconds(100), config().model);
  ASSERT_TRUE(timed) << timed.error().message;
  std::vector<std::pair<std::int64_t, std::string>> told;
  for (const auto& t : *timed) told.emplace_back(t.at.count / 1000, t.say);
  EXPECT_EQ(told, (std::vector<std::pair<std::int64_t, std::string>>{
                      {500, "tx2 runs in power mode MAX-Q"},
                      {18'000, "uplink of lte x 0.08"},
                      {50'000, "demand of a x 1.8"},
                      {60'000, "service time of tx2 x 1.4 (heat)"},
                      {84'000, "the end"}}));
}

TEST(Scenario, TellsEveryMistakeAtOnceWithItsPlace) {
  const std::string told = problem(
      "scenario: test\n"
      "color: red\n"
      "steps:\n"
      "  - {at: soon, demand: {workload: a, factor: 1.8}}\n"
      "  - {at: 1s, demand: {workload: a, factor: -1}}\n"
      "  - {at: 1s, demand: {workload: a, faktor: 1}}\n"
      "  - {at: 1s}\n"
      "  - {at: 1s, uplink: {link: lte, factor: 1}, target: {name: tx2, alive: false}}\n"
      "  - {at: 1s, target: {name: tx2, alive: no}}\n"
      "  - {at: 120%, uplink: {link: lte, factor: 0x10}}\n");
  EXPECT_THAT(told, HasSubstr("s.yaml:2:1: unknown key 'color' (allowed: scenario, steps)"));
  EXPECT_THAT(told, HasSubstr("s.yaml:4:10: 'soon' is no moment"));
  EXPECT_THAT(told, HasSubstr("s.yaml:5:44: '-1' is no factor"));
  EXPECT_THAT(told, HasSubstr("s.yaml:6:36: unknown key 'faktor' (allowed: factor, workload)"));
  EXPECT_THAT(told, HasSubstr("s.yaml:7:5: a step has exactly one of: demand, uplink"));
  EXPECT_THAT(told, HasSubstr("s.yaml:8:5: a step has exactly one of"));
  EXPECT_THAT(told, HasSubstr("s.yaml:9:41: 'no' (allowed: true, false)"));
  EXPECT_THAT(told, HasSubstr("s.yaml:10:10: '120%' is no moment"));
  EXPECT_THAT(told, HasSubstr("'0x10' is no factor"));
}

TEST(Scenario, RefusesWhatIsNoScenario) {
  EXPECT_THAT(problem(""), HasSubstr("s.yaml"));
  EXPECT_THAT(problem("[1, 2]"), HasSubstr("s.yaml:1:1: the document is no mapping"));
  EXPECT_THAT(problem("scenario: x\n"), HasSubstr("'steps' is missing"));
  EXPECT_THAT(problem("scenario: x\nsteps: 7\n"), HasSubstr("s.yaml:2:8: 'steps' is no list"));
  EXPECT_THAT(problem("scenario: x\nscenario: y\nsteps: []\n"), HasSubstr("stands here twice"));
  EXPECT_THAT(problem("scenario: [\n"), HasSubstr("s.yaml:2:"));
  EXPECT_THAT(problem("a: 1\n---\nb: 2\n"), HasSubstr("holds 2 documents"));
  EXPECT_THAT(problem(std::string(2'000'000, 'x')), HasSubstr("longer than"));
}

TEST(Scenario, RefusesNamesTheSiteDoesNotHaveAndStepsBeyondTheEnd) {
  const auto scenario = parse_scenario(
      "scenario: test\n"
      "steps:\n"
      "  - {at: 1s, demand: {workload: z, factor: 1}}\n"
      "  - {at: 1s, uplink: {link: z, factor: 1}}\n"
      "  - {at: 1s, power-mode: {target: tx2, mode: TURBO}}\n"
      "  - {at: 1s, target: {name: z, alive: true}}\n"
      "  - {at: 11s, target: {name: cloud, alive: true}}\n",
      "s.yaml");
  ASSERT_TRUE(scenario);
  const auto timed = schedule(*scenario, core::seconds(10), config().model);
  ASSERT_FALSE(timed);
  const auto& told = timed.error().message;
  EXPECT_THAT(told, HasSubstr("s.yaml:3:5: workload 'z' is not of this site (allowed: a, b)"));
  EXPECT_THAT(told, HasSubstr("s.yaml:4:5: link 'z' is not of this site (allowed: lte, wired)"));
  EXPECT_THAT(told, HasSubstr("power mode 'TURBO' is not of this site (allowed: MAX-N, MAX-Q)"));
  EXPECT_THAT(told, HasSubstr("s.yaml:6:5: target 'z'"));
  EXPECT_THAT(told, HasSubstr("s.yaml:7:5: comes after the end of the run"));
}

TEST(Scenario, AppliesItsStepsToTheWorld) {
  World world(config());
  world.place(kA, kTx2, 0);
  apply(world, DemandChange{kA, core::Ppm{2'000'000}});
  apply(world, UplinkChange{kLte, core::Ppm{80'000}});
  apply(world, PowerModeChange{kTx2, core::PowerModeName{"MAX-Q"}});
  apply(world, ThrottleChange{kTx2, core::Ppm{1'400'000}});
  world.advance_to(at_ms(10'000));
  EXPECT_EQ(world.target(kTx2).power_mode, core::PowerModeName{"MAX-Q"});
  EXPECT_EQ(world.target(kTx2).throttle, core::Ppm{1'400'000});
  EXPECT_NEAR(static_cast<double>(world.totals(kA).generated), 200, 3);
  apply(world, AliveChange{kTx2, false});
  EXPECT_FALSE(world.target(kTx2).reachable);
}

TEST(Scenario, ShippedOnesAreRight) {
  for (const char* name : {"demo.yaml", "recorded.yaml"}) {
    const auto scenario = read_scenario(std::string(WANWISE_SOURCE_DIR) + "/sim/scenarios/" + name);
    ASSERT_TRUE(scenario) << scenario.error().message;
    EXPECT_GE(scenario->steps.size(), 3u);
  }
}

}  // namespace
}  // namespace wanwise::sim::testing
