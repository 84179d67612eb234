// What the router and the cluster say of nodes and places, as the engine's decisions take it.
#include <gtest/gtest.h>

#include "engine/core/engine.hpp"
#include "tests/support/model_builder.hpp"
#include "tests/unit/engine/site_driver.hpp"

namespace wanwise {
namespace {

using core::TargetName;
using core::WorkloadName;
using test::ModelBuilder;
using test::SiteDriver;

const WorkloadName kSafety{"safety"};

core::Model one_workload() {
  ModelBuilder builder;
  builder.workload({.name = "safety", .priority = core::Priority::critical});
  return builder.build();
}

core::PlacementLimits closed(SiteDriver& site, std::optional<TargetName> target) {
  return {kSafety, site.now(), {{std::move(target), "pinned", "wanwise.io/pinned: cloud"}}, true};
}

TEST(ClusterLimits, a_closed_place_is_left_and_not_chosen) {
  SiteDriver site(one_workload());
  site.run(3);
  ASSERT_EQ(site.place("safety"), "tx2");
  site.apply(closed(site, TargetName{"tx2"}));
  site.run(5);
  EXPECT_EQ(site.place("safety"), "cloud");
  site.run(120);
  EXPECT_EQ(site.place("safety"), "cloud");
}

TEST(ClusterLimits, why_a_place_is_closed_is_explained) {
  SiteDriver site(one_workload());
  site.apply(closed(site, TargetName{"cloud"}));
  site.run(3);
  const auto why = site.engine().explain(kSafety);
  ASSERT_TRUE(why);
  bool found = false;
  for (const core::OptionReport& option : why->options) {
    for (const core::Finding& finding : option.findings) {
      found = found ||
              (finding.rule == "placement" && finding.got == "pinned: wanwise.io/pinned: cloud");
    }
  }
  EXPECT_TRUE(found);
}

TEST(ClusterLimits, a_place_that_opens_again_is_used_again) {
  SiteDriver site(one_workload());
  site.apply(closed(site, TargetName{"tx2"}));
  site.run(5);
  ASSERT_EQ(site.place("safety"), "cloud");
  site.apply(core::PlacementLimits{kSafety, site.now(), {}, true});
  site.run(180);
  EXPECT_EQ(site.place("safety"), "tx2");
}

TEST(ClusterLimits, a_node_whose_port_goes_down_is_left_within_a_second) {
  SiteDriver site(one_workload());
  site.run(3);
  ASSERT_EQ(site.place("safety"), "tx2");
  site.apply(core::NodePort{TargetName{"tx2"}, site.now(), false});
  site.run(2);
  EXPECT_EQ(site.place("safety"), "cloud");
  EXPECT_TRUE(site.degraded("target-dead"));
}

TEST(ClusterLimits, a_move_has_the_time_that_the_policy_gives) {
  core::Model model = one_workload();
  model.policy.stability.move_within = core::seconds(7);
  SiteDriver site(std::move(model));
  site.run(3);
  for (const core::Action& action : site.actions()) {
    if (!std::holds_alternative<core::PlaceWorkload>(action.body)) continue;
    EXPECT_LE(action.deadline - site.now(), core::seconds(7));
    return;
  }
  FAIL() << "it was never placed";
}

}  // namespace
}  // namespace wanwise
