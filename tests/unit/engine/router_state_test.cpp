// What the engine does about a router whose configuration is not, or no longer, as it wants it.
#include "engine/core/observe/router_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace wanwise::core {
namespace {

const RouterName kRouter{"ir1101"};

RouterQos qos(std::int64_t shaper) {
  RouterQos qos{kRouter, "Vlan1", {}, {}};
  qos.wans.push_back({LinkName{"lte"}, "Cellular0/1/0", Bps{shaper}, {}, 100});
  return qos;
}

RouterQosObserved found(std::optional<RouterQos> qos, std::vector<std::string> altered = {}) {
  return {kRouter, Instant{1}, std::move(qos), {}, std::move(altered)};
}

/// Connected, and wanwise wrote qos(1) in this life.
RouterState written(OnDrift on_drift) {
  RouterState router{kRouter, on_drift};
  router.observe(RouterSession{kRouter, SessionState::connected, {}, {}});
  router.observe(found(std::nullopt));
  router.want(qos(1));
  router.submitted(7);
  router.finished(ActionDone{7, Outcome::done, {}, {}}, Instant{1});
  return router;
}

std::vector<std::string> codes(const RouterState& router) {
  std::vector<Degradation> all;
  router.append_degradations(all);
  std::vector<std::string> codes;
  for (const Degradation& one : all) codes.push_back(one.code);
  return codes;
}

TEST(RouterState, writes_a_hand_edit_over_where_the_policy_says_repair) {
  RouterState router = written(OnDrift::repair);
  EXPECT_FALSE(router.should_write(Instant{2}));
  router.observe(found(qos(5)));
  EXPECT_TRUE(router.should_write(Instant{2}));
  EXPECT_THAT(codes(router), testing::ElementsAre("changed-by-hand"));
}

TEST(RouterState, leaves_a_hand_edit_where_the_policy_says_report) {
  RouterState router = written(OnDrift::report);
  router.observe(found(qos(5)));
  router.want(qos(2));
  EXPECT_FALSE(router.should_write(Instant{2})) << "not even for a change of its own";
  EXPECT_THAT(codes(router), testing::ElementsAre("changed-by-hand"));
  router.observe(found(qos(1)));
  EXPECT_TRUE(router.should_write(Instant{2})) << "it is as written again, and 2 is wanted now";
  EXPECT_THAT(codes(router), testing::IsEmpty());
}

TEST(RouterState, what_is_altered_beyond_reading_is_drift_after_a_start_too) {
  RouterState router{kRouter, OnDrift::report};
  router.observe(RouterSession{kRouter, SessionState::connected, {}, {}});
  router.observe(found(qos(1), {"policy-map WANWISE-PM-LTE: a police action"}));
  router.want(qos(1));
  EXPECT_FALSE(router.should_write(Instant{2}));
  EXPECT_THAT(codes(router), testing::ElementsAre("changed-by-hand"));
}

TEST(RouterState, a_reload_without_our_configuration_is_no_hand_edit) {
  RouterState router = written(OnDrift::report);
  router.observe(found(std::nullopt));
  EXPECT_TRUE(router.should_write(Instant{2}));
}

TEST(RouterState, a_write_whose_answer_was_lost_is_no_hand_edit) {
  RouterState router = written(OnDrift::report);
  router.want(qos(2));
  router.submitted(8);
  router.finished(ActionDone{8, Outcome::unknown, "connection-lost", {}}, Instant{2});
  router.observe(found(qos(2)));
  EXPECT_THAT(codes(router), testing::Not(testing::Contains("changed-by-hand")));
  router.want(qos(3));
  EXPECT_TRUE(router.should_write(Instant{2} + Backoff::kLongest));
}

}  // namespace
}  // namespace wanwise::core
