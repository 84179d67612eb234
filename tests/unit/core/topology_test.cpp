#include "engine/core/decide/path/topology.hpp"

#include <gtest/gtest.h>

#include "tests/support/ascii_site.hpp"

namespace wanwise::core {
namespace {

constexpr char kOneSite[] = R"(
  cameras -- ir1101
  ir1101 --1ms-- tx2
  ir1101 ==lte:20:50ms== net
  ir1101 ==wired:10:30ms== net
  net ==0ms== near
  net ==40ms== far
  detect cameras tx2,near,far
)";
// Sorted by name: links lte = 0, wired = 1; targets tx2 = 0, far = 1, near = 2.
constexpr Index kLte = 0;
constexpr Index kWired = 1;
constexpr Index kTx2 = 0;
constexpr Index kFar = 1;
constexpr Index kNear = 2;

class OneSite : public testing::Test {
 protected:
  Model m_model = test::ascii_site(kOneSite);
  Topology m_topology{m_model};
};

TEST_F(OneSite, a_node_is_reached_on_the_lan_and_both_directions_count) {
  EXPECT_EQ(m_topology.paths(0, kTx2), (std::vector<Path>{{kNone, milliseconds(2)}}));
}

TEST_F(OneSite, a_cloud_is_reached_by_the_link_with_the_lowest_metric) {
  EXPECT_EQ(m_topology.paths(0, kNear), (std::vector<Path>{{kWired, milliseconds(30)}}));
  EXPECT_EQ(m_topology.paths(0, kFar), (std::vector<Path>{{kWired, milliseconds(70)}}));
}

TEST_F(OneSite, when_that_link_falls_the_other_carries_and_then_none) {
  m_topology.set_link_up(kWired, false);
  EXPECT_EQ(m_topology.paths(0, kNear), (std::vector<Path>{{kLte, milliseconds(50)}}));
  m_topology.set_link_up(kLte, false);
  EXPECT_TRUE(m_topology.paths(0, kNear).empty());
  EXPECT_EQ(m_topology.preferred_link(0), kNone);
  EXPECT_EQ(m_topology.paths(0, kTx2).size(), 1U);
  m_topology.set_link_up(kWired, true);
  EXPECT_EQ(m_topology.preferred_link(0), kWired);
}

TEST_F(OneSite, all_links_are_listed_shortest_first) {
  const std::vector<Path> both{{kWired, milliseconds(70)}, {kLte, milliseconds(90)}};
  EXPECT_EQ(m_topology.paths(0, kFar, LinkChoice::all), both);
  m_topology.set_link_rtt(kLte, milliseconds(10));
  const std::vector<Path> swapped{{kLte, milliseconds(50)}, {kWired, milliseconds(70)}};
  EXPECT_EQ(m_topology.paths(0, kFar, LinkChoice::all), swapped);
}

TEST_F(OneSite, equal_delays_are_listed_by_link) {
  m_topology.set_link_rtt(kLte, milliseconds(30));
  const std::vector<Path> paths = m_topology.paths(0, kNear, LinkChoice::all);
  ASSERT_EQ(paths.size(), 2U);
  EXPECT_EQ(paths[0].link, kLte);
}

TEST_F(OneSite, a_drained_target_is_not_reached_until_it_is_given_back) {
  m_topology.set_drained(kTx2, true);
  EXPECT_TRUE(m_topology.paths(0, kTx2).empty());
  EXPECT_TRUE(m_topology.drained(kTx2));
  m_topology.set_drained(kTx2, false);
  EXPECT_EQ(m_topology.paths(0, kTx2).size(), 1U);
}

TEST_F(OneSite, paths_are_computed_once_until_a_delay_changes) {
  for (int i = 0; i < 10; ++i) {
    for (const Index target : {kTx2, kNear, kFar}) {
      (void)m_topology.paths(0, target, LinkChoice::all);
    }
  }
  EXPECT_EQ(m_topology.paths_computed(), 3U);  // the LAN and two links
  m_topology.set_link_up(kLte, false);
  m_topology.set_link_up(kLte, true);
  m_topology.set_link_rtt(kWired, milliseconds(30));  // no change
  (void)m_topology.paths(0, kNear, LinkChoice::all);
  EXPECT_EQ(m_topology.paths_computed(), 3U);
  m_topology.set_link_rtt(kWired, milliseconds(31));
  (void)m_topology.paths(0, kNear, LinkChoice::all);
  EXPECT_EQ(m_topology.paths_computed(), 4U);
}

constexpr char kTwoRouters[] = R"(
  cameras -- east
  sensors -- west
  east --1ms-- tx2
  east ==lte-e:10:50ms== net
  west ==lte-w:10:80ms== net
  net ==0ms== aws
  a-detect cameras tx2,aws
  b-listen sensors tx2,aws
  c-both cameras,sensors aws
)";

TEST(TwoRouters, a_node_on_another_routers_lan_is_out_of_reach) {
  const Model model = test::ascii_site(kTwoRouters);
  Topology topology(model);
  EXPECT_EQ(topology.paths(0, 0).size(), 1U);
  EXPECT_TRUE(topology.paths(1, 0).empty());
}

TEST(TwoRouters, each_router_takes_its_own_link) {
  const Model model = test::ascii_site(kTwoRouters);
  Topology topology(model);
  EXPECT_EQ(topology.paths(0, 1), (std::vector<Path>{{0, milliseconds(50)}}));
  EXPECT_EQ(topology.paths(1, 1), (std::vector<Path>{{1, milliseconds(80)}}));
}

TEST(TwoRouters, sources_on_both_count_the_longer_way_and_need_both) {
  const Model model = test::ascii_site(kTwoRouters);
  Topology topology(model);
  EXPECT_EQ(topology.paths(2, 1), (std::vector<Path>{{0, milliseconds(80)}}));
  topology.set_link_up(1, false);
  EXPECT_TRUE(topology.paths(2, 1).empty());
}

}  // namespace
}  // namespace wanwise::core
