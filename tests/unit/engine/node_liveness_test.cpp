#include "engine/core/observe/node_liveness.hpp"

#include <gtest/gtest.h>

namespace wanwise {
namespace {

using core::Health;
using core::Instant;
using core::Micros;
using core::milliseconds;
using core::NodeLiveness;
using core::seconds;

const core::TargetName kTx2{"tx2"};

Instant at(double second) {
  return Instant{static_cast<std::int64_t>(second * 1e6)};
}

class NodeLivenessTest : public testing::Test {
 protected:
  void scrape(double when, bool reachable) {
    core::TargetSample sample;
    sample.target = kTx2;
    sample.observed_at = at(when);
    sample.reachable = reachable;
    m_node.observe(sample);
  }
  void port(double when, bool up) { m_node.observe(core::NodePort{kTx2, at(when), up}); }
  void cluster(double when, bool ready, std::optional<Micros> age = {}) {
    m_node.observe(core::NodeObserved{kTx2, at(when), ready, age});
  }
  [[nodiscard]] Health health(double when) const { return m_node.health(at(when)); }

  NodeLiveness m_node{seconds(15)};
};

TEST_F(NodeLivenessTest, a_node_that_nobody_told_of_passes_for_alive) {
  EXPECT_EQ(health(100), Health::alive);
  EXPECT_FALSE(m_node.reported());
}

TEST_F(NodeLivenessTest, two_failed_scrapes_in_a_row_are_a_dead_node_and_one_is_not) {
  scrape(1, true);
  scrape(2, false);
  EXPECT_EQ(health(2), Health::alive);
  scrape(2.5, false);
  EXPECT_EQ(health(2.5), Health::dead);
  scrape(3, true);
  EXPECT_EQ(health(3), Health::alive);
}

TEST_F(NodeLivenessTest, a_port_that_goes_down_is_believed_with_the_first_failed_scrape) {
  scrape(1, true);
  port(1, true);
  port(1.2, false);
  EXPECT_EQ(health(1.2), Health::alive);
  scrape(1.5, false);
  EXPECT_EQ(health(1.5), Health::dead);
  EXPECT_EQ(m_node.reason(at(1.5)), "the router's port to it is down");
}

TEST_F(NodeLivenessTest, a_port_that_stays_down_is_believed_after_a_second) {
  cluster(1, true);
  port(1.2, false);
  EXPECT_EQ(m_node.next_expiry(at(1.2)), at(2.2));
  EXPECT_EQ(health(2.1), Health::alive);
  EXPECT_EQ(health(2.2), Health::dead);
  port(3, true);
  EXPECT_EQ(health(3), Health::alive);
}

TEST_F(NodeLivenessTest, a_router_out_of_reach_says_nothing_about_its_ports) {
  port(1, false);
  scrape(2, true);
  scrape(17, true);
  EXPECT_EQ(health(17), Health::alive);
}

TEST_F(NodeLivenessTest, heartbeats_that_go_on_tell_a_dead_exporter_from_a_dead_node) {
  scrape(1, true);
  cluster(1, true, seconds(5));
  scrape(2, false);
  scrape(3, false);
  EXPECT_EQ(health(3), Health::dead) << "no heartbeat since the scrapes fail";
  scrape(7, false);
  cluster(7, true, seconds(1));
  EXPECT_EQ(health(7), Health::alive);
  EXPECT_TRUE(m_node.exporter_dead(at(7)));
}

TEST_F(NodeLivenessTest, without_scrapes_two_missing_heartbeats_are_a_dead_node) {
  cluster(10, true, seconds(9));
  cluster(22, true, seconds(21));
  EXPECT_EQ(health(22), Health::alive);
  EXPECT_EQ(m_node.next_expiry(at(22)), at(23));
  EXPECT_EQ(health(23), Health::dead);
  cluster(24, true, milliseconds(200));
  EXPECT_EQ(health(24), Health::alive);
}

TEST_F(NodeLivenessTest, scrapes_outweigh_missing_heartbeats) {
  cluster(24, true, seconds(24));
  scrape(24, true);
  EXPECT_EQ(health(24), Health::alive);
}

TEST_F(NodeLivenessTest, a_node_that_is_not_ready_is_dead_to_its_workloads) {
  scrape(1, true);
  cluster(1, false);
  EXPECT_EQ(health(1), Health::dead);
}

TEST_F(NodeLivenessTest, a_cluster_out_of_reach_says_nothing) {
  cluster(1, false);
  scrape(16, true);
  EXPECT_EQ(health(16), Health::alive);
}

TEST_F(NodeLivenessTest, a_target_that_went_silent_is_unknown) {
  scrape(1, true);
  EXPECT_EQ(m_node.next_expiry(at(1)), at(16));
  EXPECT_EQ(health(16), Health::unknown);
}

}  // namespace
}  // namespace wanwise
