#include "engine/core/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/support/model_builder.hpp"
#include "tests/unit/engine/site_driver.hpp"

namespace wanwise {
namespace {

using core::milliseconds;
using core::Outcome;
using core::Priority;
using core::seconds;
using test::ModelBuilder;
using test::SiteDriver;
using testing::Contains;
using testing::Field;
using testing::Optional;

/// Two workloads that together keep the tx2 about half busy: 2 x 4/s x 50 ms.
ModelBuilder two_workloads() {
  ModelBuilder builder;
  builder.workload({.name = "safety", .priority = Priority::critical});
  builder.workload({.name = "people", .priority = Priority::low});
  return builder;
}

TEST(Engine, acts_only_after_every_source_has_reported) {
  SiteDriver site(two_workloads().build());
  site.counters_flow = false;
  site.run(3);
  EXPECT_TRUE(site.actions().empty());
  EXPECT_FALSE(site.engine().status().started);
  site.counters_flow = true;
  site.second();
  EXPECT_TRUE(site.engine().status().started);
  EXPECT_FALSE(site.actions().empty());
}

TEST(Engine, stops_waiting_for_a_silent_source_at_the_start_deadline) {
  SiteDriver site(two_workloads().build());
  site.counters_flow = false;
  site.run(7);
  EXPECT_TRUE(site.engine().status().started);
  EXPECT_EQ(site.place("safety"), "tx2");
  EXPECT_TRUE(site.degraded("link-blind"));
}

TEST(Engine, places_workloads_where_the_policy_prefers_them_and_sets_the_routers_qos) {
  SiteDriver site(two_workloads().build());
  site.run(2);
  EXPECT_EQ(site.place("safety"), "tx2");
  EXPECT_EQ(site.place("people"), "tx2");
  ASSERT_TRUE(site.on_router());
  EXPECT_EQ(site.on_router()->lan_interface, "Vlan1");
  ASSERT_EQ(site.on_router()->wans.size(), 1u);
  EXPECT_EQ(site.on_router()->wans.front().interface, "Cellular0/1/0");
  EXPECT_TRUE(site.engine().status().routers.front().qos_in_place);
}

TEST(Engine,
     a_saturated_node_sends_the_least_important_workload_to_the_cloud_after_fall_back_after) {
  SiteDriver site(two_workloads().build());
  site.run(15);
  site.demand_per_s = {{"safety", 12}};
  const core::Instant from = site.now();
  while (site.place("people") == "tx2" && site.now() < from + seconds(30)) site.second();
  EXPECT_EQ(site.place("people"), "cloud");
  EXPECT_EQ(site.place("safety"), "tx2");
  EXPECT_LE(site.now() - from, seconds(7)) << "demand is seen within seconds, then 2 s must pass";
}

TEST(Engine, returns_only_after_the_better_place_was_good_for_return_after) {
  SiteDriver site(two_workloads().build());
  site.run(15);
  site.demand_per_s = {{"safety", 12}};
  site.run(20);
  ASSERT_EQ(site.place("people"), "cloud");
  site.demand_per_s.clear();
  const core::Instant from = site.now();
  while (site.place("people") == "cloud" && site.now() < from + seconds(60)) site.second();
  EXPECT_EQ(site.place("people"), "tx2");
  EXPECT_GE(site.now() - from, seconds(10));
  EXPECT_EQ(site.moves("people"), 3);
}

TEST(Engine, a_dead_node_is_left_at_once_whatever_the_stability_rules_say) {
  SiteDriver site(two_workloads().build());
  site.run(2);
  site.node_reachable = false;
  site.run(2);
  EXPECT_EQ(site.place("safety"), "cloud");
  EXPECT_EQ(site.place("people"), "cloud");
  EXPECT_TRUE(site.degraded("target-dead"));
}

TEST(Engine, a_workload_that_must_stay_on_the_site_stays_when_its_node_dies) {
  ModelBuilder builder;
  builder.workload(
      {.name = "faces", .targets = {"tx2", "cloud"}, .residency = core::Residency::site});
  SiteDriver site(builder.build());
  site.run(2);
  site.node_reachable = false;
  site.run(10);
  EXPECT_EQ(site.place("faces"), "tx2");
  EXPECT_TRUE(site.degraded("nowhere-to-run"));
}

TEST(Engine, explains_the_others_while_one_has_nowhere_to_run) {
  ModelBuilder builder = two_workloads();
  builder.workload({.name = "faces", .targets = {"tx2"}, .residency = core::Residency::site});
  SiteDriver site(builder.build());
  site.run(2);
  site.node_reachable = false;
  site.run(3);
  EXPECT_EQ(site.place("faces"), "tx2");
  EXPECT_EQ(site.place("safety"), "cloud");
  EXPECT_TRUE(site.engine().explain(core::WorkloadName{"faces"}));
}

TEST(Engine, slow_power_mode_counts) {
  SiteDriver site(two_workloads().build());
  site.run(15);
  site.demand_per_s = {{"safety", 8}};  // 60 % busy in MAX-N, 92 % in MAX-Q
  site.run(15);
  ASSERT_EQ(site.place("people"), "tx2");
  site.power_mode = core::PowerModeName{"MAX-Q"};
  site.run(6);
  EXPECT_EQ(site.place("people"), "cloud");
}

TEST(Engine, measured_misses_make_a_workload_leave_even_where_the_prediction_is_good) {
  SiteDriver site(two_workloads().build());
  site.run(10);
  site.miss_share = {{"people", 1.0}};
  site.run(6);
  EXPECT_EQ(site.place("people"), "cloud");
  EXPECT_EQ(site.place("safety"), "tx2");
}

/// The link carries it with room to spare, and nothing but the cloud serves it.
ModelBuilder voice_in_the_cloud() {
  ModelBuilder builder;
  builder.workload({.name = "voice",
                    .rate_per_s = 8,
                    .objective = seconds(1),
                    .targets = {"cloud"},
                    .request = core::Bytes{20'000},
                    .degraded_rates = {2, 0}});
  return builder;
}

TEST(Engine, what_is_missed_over_the_only_way_is_no_reason_to_ask_for_less) {
  SiteDriver site(voice_in_the_cloud().build());
  site.run(10);
  site.miss_share = {{"voice", 0.3}};
  site.run(40);
  EXPECT_EQ(site.rung("voice"), 0) << "30 % are missed, and 75 % would be on the next rung";
}

TEST(Engine, what_is_missed_over_the_only_way_for_longer_than_any_fade_is_believed) {
  SiteDriver site(voice_in_the_cloud().build());
  site.run(10);
  site.miss_share = {{"voice", 0.3}};
  for (int second = 0; second < 140 && site.rung("voice") == 0; ++second) site.run(1);
  EXPECT_EQ(site.rung("voice"), 1);
}

TEST(Engine, a_blind_link_holds_what_runs_and_starts_nothing_new) {
  SiteDriver site(two_workloads().when_blind({seconds(5), core::BlindAction::hold}).build());
  site.run(15);
  site.demand_per_s = {{"safety", 12}};
  site.run(20);
  ASSERT_EQ(site.place("people"), "cloud");
  site.counters_flow = false;
  site.run(30);
  EXPECT_EQ(site.place("people"), "cloud");
  EXPECT_TRUE(site.degraded("link-blind"));
}

TEST(Engine, a_blind_link_brings_workloads_home_where_the_policy_says_local) {
  SiteDriver site(two_workloads().when_blind({seconds(5), core::BlindAction::local}).build());
  site.run(15);
  site.demand_per_s = {{"safety", 12}};
  site.run(20);
  ASSERT_EQ(site.place("people"), "cloud");
  site.demand_per_s.clear();
  site.counters_flow = false;
  site.run(8);
  EXPECT_EQ(site.place("people"), "tx2") << "sooner than return-after: the link counts as down";
}

TEST(Engine, a_cloud_only_workload_walks_down_its_ladder_when_the_link_cannot_carry_it) {
  core::Link thin = test::lte_link();
  thin.uplink = core::Bps{1'000'000};
  thin.uplink_ceiling = core::Bps{1'000'000};
  ModelBuilder builder;
  builder.link(thin);
  builder.workload({.name = "voice",
                    .rate_per_s = 8,
                    .objective = seconds(1),
                    .targets = {"cloud"},
                    .request = core::Bytes{20'000},
                    .degraded_rates = {2, 0}});
  SiteDriver site(builder.build());
  site.run(10);
  EXPECT_EQ(site.place("voice"), "cloud");
  EXPECT_EQ(site.rung("voice"), 1);
}

TEST(Engine, news_without_consequence_decides_nothing) {
  SiteDriver site(two_workloads().build());
  site.run(20);
  const std::uint64_t decisions = site.engine().totals().decisions;
  const std::size_t actions = site.actions().size();
  site.run(20);
  EXPECT_EQ(site.engine().totals().decisions, decisions);
  EXPECT_EQ(site.actions().size(), actions);
}

TEST(Engine, a_refused_move_is_not_repeated_at_once_and_the_workload_stays) {
  SiteDriver site(two_workloads().build());
  site.run(15);
  site.move_outcome = Outcome::refused;
  site.demand_per_s = {{"safety", 12}};
  const std::size_t before = site.actions().size();
  site.run(20);
  EXPECT_EQ(site.place("people"), "tx2");
  EXPECT_TRUE(site.degraded("move-failed"));
  int tries = 0;
  for (std::size_t a = before; a < site.actions().size(); ++a) {
    const auto* move = std::get_if<core::PlaceWorkload>(&site.actions()[a].body);
    tries += move != nullptr && move->workload.text == "people" ? 1 : 0;
  }
  EXPECT_GE(tries, 1);
  EXPECT_LE(tries, 6) << "back-off 1, 2, 4, 8 s";
}

TEST(Engine, a_cluster_that_refuses_everything_is_asked_ever_more_rarely) {
  ModelBuilder builder = two_workloads();
  builder.workload({.name = "voice", .targets = {"cloud"}, .degraded_rates = {0}});
  SiteDriver site(builder.build());
  site.move_outcome = Outcome::refused;
  site.run(60);
  EXPECT_LE(site.actions().size(), 3u * 8 + 2) << "per workload at most 1, 2, 4 … s apart";
}

TEST(Engine, nothing_is_moved_while_the_cluster_has_not_said_where_it_runs) {
  SiteDriver site(two_workloads().build());
  site.cluster_reports = false;
  site.run(30);
  EXPECT_EQ(site.moves("safety"), 0);
  EXPECT_TRUE(site.degraded("placement-unknown"));
  EXPECT_TRUE(site.on_router()) << "the router's QoS does not wait for the cluster";
}

TEST(Engine, a_refused_write_backs_off_and_is_visible) {
  SiteDriver site(two_workloads().build());
  site.write_outcome = Outcome::refused;
  site.run(16);
  int writes = 0;
  for (const core::Action& action : site.actions()) {
    writes += std::holds_alternative<core::ApplyQos>(action.body) ? 1 : 0;
  }
  EXPECT_GE(writes, 2);
  EXPECT_LE(writes, 6);
  EXPECT_TRUE(site.degraded("qos-not-written"));
  EXPECT_FALSE(site.on_router());
}

TEST(Engine, an_interface_with_somebody_elses_policy_is_never_written) {
  SiteDriver site(two_workloads().build());
  site.foreign = {"Cellular0/1/0 output OPERATOR"};
  site.run(10);
  EXPECT_FALSE(site.on_router());
  EXPECT_TRUE(site.degraded("foreign-policy"));
  EXPECT_EQ(site.place("safety"), "tx2") << "placement goes on without QoS";
}

TEST(Engine, a_lost_router_keeps_what_runs_and_is_visible) {
  SiteDriver site(two_workloads().build());
  site.run(5);
  site.router_connected = false;
  site.run(30);
  EXPECT_EQ(site.place("safety"), "tx2");
  EXPECT_TRUE(site.degraded("router-disconnected"));
  EXPECT_TRUE(site.degraded("link-blind"));
}

TEST(Engine, a_drained_target_is_emptied_and_comes_back) {
  SiteDriver site(two_workloads().build());
  site.run(5);
  site.apply(core::DrainRequested{core::TargetName{"tx2"}, true});
  site.run(2);
  EXPECT_EQ(site.place("safety"), "cloud");
  site.apply(core::DrainRequested{core::TargetName{"tx2"}, false});
  site.run(15);
  EXPECT_EQ(site.place("safety"), "tx2");
}

TEST(Engine, time_never_runs_backwards_inside) {
  SiteDriver site(two_workloads().build());
  site.run(5);
  const core::Instant before = site.engine().status().at;
  (void)site.engine().apply({core::Instant{5}, core::Tick{}});
  EXPECT_EQ(site.engine().status().at, before);
  EXPECT_TRUE(site.degraded("time-ran-backwards"));
}

TEST(Engine, a_sample_from_the_future_counts_as_of_now) {
  SiteDriver site(two_workloads().when_blind({seconds(5), core::BlindAction::hold}).build());
  site.run(3);
  site.apply(core::LinkCounters{core::LinkName{"lte"}, site.now() + seconds(3600), true, 1, 1, 0});
  site.counters_flow = false;
  site.run(8);
  EXPECT_TRUE(site.degraded("link-blind"));
}

TEST(Engine, equal_histories_have_equal_digests_and_different_ones_differ) {
  SiteDriver a(two_workloads().build());
  SiteDriver b(two_workloads().build());
  a.run(20);
  b.run(20);
  EXPECT_EQ(a.engine().digest(), b.engine().digest());
  b.demand_per_s = {{"safety", 5}};
  a.second();
  b.second();
  EXPECT_NE(a.engine().digest(), b.engine().digest());
}

TEST(Engine, explains_every_option_with_wanted_and_got) {
  SiteDriver site(two_workloads().build());
  site.run(15);
  site.demand_per_s = {{"safety", 12}};
  site.run(10);
  const auto explanation = site.engine().explain(core::WorkloadName{"people"});
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->options.front().verdict, core::Verdict::chosen);
  EXPECT_THAT(explanation->options.front().target, Optional(core::TargetName{"cloud"}));
  EXPECT_THAT(explanation->options,
              Contains(Field(&core::OptionReport::target, Optional(core::TargetName{"tx2"}))));
  EXPECT_NE(explanation->summary.find("cloud over lte"), std::string::npos) << explanation->summary;
  EXPECT_FALSE(explanation->would_change.empty());
}

TEST(Engine, samples_of_strangers_change_nothing) {
  SiteDriver site(two_workloads().build());
  site.run(5);
  const std::size_t actions = site.actions().size();
  site.apply(core::ProbeSample{core::LinkName{"nobody"}, site.now(), {}});
  site.apply(core::PlacementObserved{core::WorkloadName{"nobody"}, site.now(), {}, 0, false});
  site.apply(core::ActionDone{999, Outcome::done, {}, {}});
  EXPECT_EQ(site.actions().size(), actions);
}

}  // namespace
}  // namespace wanwise
