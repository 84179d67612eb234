#include "adapters/cli/plan_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/http/fixtures.hpp"

namespace wanwise::cli {
namespace {

using testing::ElementsAre;

core::PlacementObserved runs(const char* workload, const char* target) {
  core::PlacementObserved placement;
  placement.workload = core::WorkloadName{workload};
  if (target != nullptr) placement.target = core::TargetName{target};
  placement.ready = target != nullptr;
  return placement;
}

core::Action place(const char* workload, const char* from, const char* to, const char* why) {
  core::PlaceWorkload body;
  body.workload = core::WorkloadName{workload};
  if (from != nullptr) body.from = core::TargetName{from};
  if (to != nullptr) body.to = core::TargetName{to};
  return {1, {}, why, body};
}

TEST(RenderPlan, NothingToDoSaysSo) {
  PlanView view;
  view.placements = {runs("voice", "tx2")};
  EXPECT_EQ(render_plan(view), R"(No change: everything is as wanted.

Placements
  workload  now  then  ladder       why
  voice     tx2  same  full demand
)");
  EXPECT_EQ(render_plan({}), "No change: everything is as wanted.\n");
}

TEST(RenderPlan, ShowsEachPlacementAndEachChangedLine) {
  core::RouterQos now = http::example_qos();
  now.wans[0].shaper = core::Bps{12'000'000};
  now.wans[0].queues.pop_back();
  now.wans[0].default_percent = 100;
  PlanView view;
  view.placements = {runs("people-counting", "tx2"), runs("voice", "tx2")};
  view.routers = {now};
  view.actions = {place("people-counting", "tx2", "cloud", "tx2 too slow"),
                  place("new-one", nullptr, "tx2", "not running"),
                  {2, {}, "uplink fell", core::ApplyQos{http::example_qos()}}};
  EXPECT_EQ(render_plan(view), R"(Would change: 1 router, 2 placements.

Placements
  workload         now      then   ladder       why
  people-counting  tx2      cloud  full demand  tx2 too slow
  voice            tx2      same   full demand
  new-one          nowhere  tx2    full demand  not running

Router ir1101: uplink fell
    marks on Vlan1
      realtime ef: tcp 192.168.50.0/24 -> 203.0.113.10:8443
    queues on Cellular0/1/0 (lte)
  -   shaper 12 Mbps (12000000 bps)
  +   shaper 7.8 Mbps (7800000 bps)
      realtime ef: first, at most 30% of the shaper
  -   class-default: at least 100% of the rest
  +   video af41: at least 60% of the rest
  +   class-default: at least 40% of the rest
)");
}

TEST(RenderPlan, ARouterWithNothingOfOursGetsEverything) {
  PlanView view;
  view.actions = {{2, {}, "first time", core::ApplyQos{http::example_qos()}}};
  const std::string text = render_plan(view);
  EXPECT_THAT(text, testing::HasSubstr("\n  + marks on Vlan1\n"));
  EXPECT_EQ(text.find("\n  - "), std::string::npos);
}

TEST(RenderPlan, ASuspendedWorkloadHasNoRung) {
  PlanView view;
  view.placements = {runs("voice", "tx2")};
  view.actions = {place("voice", "tx2", nullptr, "no room")};
  EXPECT_THAT(render_plan(view),
              testing::HasSubstr("  voice     tx2  suspended  -       no room\n"));
}

TEST(DiffLines, IsTheShortestEdit) {
  const auto same = LineChange::same;
  const auto removed = LineChange::removed;
  const auto added = LineChange::added;
  EXPECT_THAT(diff_lines({"a", "b", "c"}, {"a", "x", "c"}),
              ElementsAre(DiffLine{same, "a"}, DiffLine{removed, "b"}, DiffLine{added, "x"},
                          DiffLine{same, "c"}));
  EXPECT_THAT(diff_lines({}, {"a"}), ElementsAre(DiffLine{added, "a"}));
  EXPECT_THAT(diff_lines({"a"}, {}), ElementsAre(DiffLine{removed, "a"}));
  EXPECT_TRUE(diff_lines({}, {}).empty());
}

TEST(DiffLines, BeyondTheLimitEverythingIsToldAnew) {
  const std::vector<std::string> many(kMaxDiffLines + 1, "x");
  const auto diff = diff_lines(many, {"x"});
  ASSERT_EQ(diff.size(), kMaxDiffLines + 2);
  EXPECT_EQ(diff.front().change, LineChange::removed);
  EXPECT_EQ(diff.back().change, LineChange::added);
}

}  // namespace
}  // namespace wanwise::cli
