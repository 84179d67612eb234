#include "engine/core/decide/explain/what_if.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/model_builder.hpp"
#include "tests/unit/engine/site_driver.hpp"

namespace wanwise {
namespace {

using core::milliseconds;
using core::Priority;
using core::WhatIf;
using test::ModelBuilder;
using test::SiteDriver;
using testing::HasSubstr;
using testing::StartsWith;

core::Explanation explained(SiteDriver& site, const std::string& workload) {
  const auto explanation = site.engine().explain(core::WorkloadName{workload});
  EXPECT_TRUE(explanation);
  return explanation.value_or(core::Explanation{});
}

/// The row about an input; one with an outcome where there is one.
WhatIf row(const core::Explanation& explanation, const std::string& input) {
  for (const WhatIf& row : explanation.what_if) {
    if (row.input == input && !row.outcome.empty()) return row;
  }
  for (const WhatIf& row : explanation.what_if) {
    if (row.input == input) return row;
  }
  ADD_FAILURE() << "nothing about " << input;
  return {};
}

/// "≥ 14/s" -> 14
double number(const std::string& bound) {
  return std::stod(bound.substr(bound.find_first_of("0123456789")));
}

ModelBuilder one_workload() {
  ModelBuilder builder;
  builder.workload({.name = "safety"});
  return builder;
}

TEST(WhatIf, says_who_takes_over_when_the_target_dies_and_with_what_latency) {
  SiteDriver site(one_workload().build());
  site.run(3);
  const WhatIf dead = row(explained(site, "safety"), "tx2");
  EXPECT_EQ(dead.bound, "dead");
  EXPECT_EQ(dead.now, "alive");
  EXPECT_THAT(dead.outcome, StartsWith("cloud over lte, "));
  EXPECT_THAT(dead.outcome, HasSubstr(" ms at p99"));
  site.node_reachable = false;
  site.run(3);
  EXPECT_EQ(site.place("safety"), "cloud") << "and so it is";
}

TEST(WhatIf, the_demand_it_names_does_change_the_decision_and_a_little_less_does_not) {
  for (const bool reach : {false, true}) {
    SiteDriver site(one_workload().build());
    site.run(15);
    ASSERT_EQ(site.place("safety"), "tx2");
    const WhatIf more = row(explained(site, "safety"), "demand");
    ASSERT_THAT(more.bound, StartsWith("≥ "));
    EXPECT_THAT(more.outcome, StartsWith("cloud over lte"));
    const auto bound = static_cast<std::int64_t>(number(more.bound));
    // Measured demand is seen rounded up to coarse steps: well on either side.
    site.demand_per_s["safety"] = reach ? bound * 5 / 4 : bound * 3 / 4;
    site.run(30);
    EXPECT_EQ(site.place("safety"), reach ? "cloud" : "tx2") << more.bound;
  }
}

TEST(WhatIf, tells_a_degraded_place_what_would_bring_it_back) {
  ModelBuilder builder = one_workload();
  builder.workload({.name = "people", .priority = Priority::low});
  SiteDriver site(builder.build());
  site.run(15);
  site.demand_per_s = {{"safety", 12}};
  site.run(20);
  ASSERT_EQ(site.place("people"), "cloud");
  const WhatIf less = row(explained(site, "people"), "demand of the others");
  EXPECT_THAT(less.bound, StartsWith("≤ "));
  EXPECT_EQ(less.now, "100 %");
  EXPECT_THAT(less.outcome, StartsWith("tx2, "));
}

TEST(WhatIf, names_what_is_lost_and_would_be_taken_back) {
  SiteDriver site(one_workload().build());
  site.run(2);
  site.node_reachable = false;
  site.run(10);
  ASSERT_EQ(site.place("safety"), "cloud");
  const WhatIf back = row(explained(site, "safety"), "tx2");
  EXPECT_EQ(back.bound, "back in use");
  EXPECT_EQ(back.now, "dead");
  EXPECT_THAT(back.outcome, StartsWith("tx2, "));
}

TEST(WhatIf, says_how_far_it_looked_where_nothing_changes) {
  ModelBuilder builder;
  builder.workload({.name = "faces", .targets = {"tx2"}, .residency = core::Residency::site});
  SiteDriver site(builder.build());
  site.run(3);
  const WhatIf demand = row(explained(site, "faces"), "demand");
  EXPECT_THAT(demand.bound, HasSubstr(" to "));
  EXPECT_TRUE(demand.outcome.empty());
}

TEST(WhatIf, changes_nothing_in_the_engine) {
  SiteDriver asked(one_workload().build());
  SiteDriver silent(one_workload().build());
  for (int i = 0; i < 20; ++i) {
    if (i == 12) asked.demand_per_s = silent.demand_per_s = {{"safety", 14}};
    asked.second();
    silent.second();
    (void)asked.engine().explain(core::WorkloadName{"safety"});
    ASSERT_EQ(asked.engine().digest(), silent.engine().digest());
    ASSERT_EQ(asked.engine().totals(), silent.engine().totals());
  }
}

TEST(WhatIf, answers_the_same_each_time_it_is_asked) {
  SiteDriver site(one_workload().build());
  site.run(5);
  EXPECT_EQ(explained(site, "safety"), explained(site, "safety"));
}

TEST(Explanation, its_parts_add_up_to_the_latency_and_its_forecast_holds_it) {
  ModelBuilder builder = one_workload();
  builder.workload({.name = "people", .rate_per_s = 7, .objective = milliseconds(900)});
  SiteDriver site(builder.build());
  site.run(5);
  int options = 0;
  for (const core::OptionReport& option : explained(site, "safety").options) {
    if (!option.parts) continue;
    ++options;
    const core::LatencyParts& p = *option.parts;
    EXPECT_EQ(p.path + p.uplink_wait + p.uplink_send + p.downlink + p.target_wait + p.service,
              option.predicted);
    EXPECT_EQ(option.forecast->p99, option.predicted);
    EXPECT_LE(option.forecast->p50, option.forecast->p95);
    EXPECT_GE(p.service, milliseconds(5));
    EXPECT_EQ(option.link.has_value(), p.uplink_send.count > 0);
    EXPECT_EQ(option.first_request.has_value(), option.verdict != core::Verdict::chosen);
  }
  EXPECT_EQ(options, 2);
}

TEST(Explanation, an_overloaded_place_says_what_is_overloaded) {
  ModelBuilder builder;
  builder.workload({.name = "safety", .rate_per_s = 40});
  SiteDriver site(builder.build());
  site.run(5);
  const auto options = explained(site, "safety").options;
  const auto tx2 = std::find_if(
      options.begin(), options.end(),
      [](const core::OptionReport& option) { return option.target == core::TargetName{"tx2"}; });
  ASSERT_NE(tx2, options.end());
  EXPECT_GT(tx2->parts->target_wait, core::seconds(1'000'000));
  EXPECT_EQ(tx2->parts->path, core::Micros{});
}

TEST(EngineHistory, keeps_what_was_predicted_and_what_was_seen_at_each_place) {
  ModelBuilder builder = one_workload();
  builder.workload({.name = "people", .priority = Priority::low});
  SiteDriver site(builder.build());
  site.run(15);
  site.demand_per_s = {{"safety", 12}};
  site.run(40);
  ASSERT_EQ(site.place("people"), "cloud");
  const auto places = site.engine().history(core::WorkloadName{"people"});
  ASSERT_TRUE(places);
  ASSERT_EQ(places->size(), 2u);
  EXPECT_EQ(places->front().place.target, core::TargetName{"tx2"});
  EXPECT_EQ(places->front().end, core::StayEnd::late);
  EXPECT_GT(places->front().requests, 0);
  EXPECT_EQ(places->front().typical, milliseconds(200)) << "half of the objective, as driven";
  EXPECT_EQ(places->back().end, core::StayEnd::none);
  EXPECT_TRUE(places->back().predicted);
  EXPECT_EQ(explained(site, "people").present, places->back());
  EXPECT_FALSE(site.engine().history(core::WorkloadName{"nobody"}));
}

TEST(EngineStatus, tells_how_far_reality_is_from_the_prediction) {
  SiteDriver site(one_workload().build());
  site.run(30);
  EXPECT_FALSE(site.engine().status().workloads.front().prediction_ratio) << "too few requests";
  site.run(90);
  const core::WorkloadStatus status = site.engine().status().workloads.front();
  ASSERT_TRUE(status.forecast);
  ASSERT_TRUE(status.prediction_ratio);
  EXPECT_GT(*status.prediction_ratio, core::kWhole) << "200 ms where some 90 ms are predicted";
  EXPECT_TRUE(site.degraded("prediction-off"));
}

}  // namespace
}  // namespace wanwise
