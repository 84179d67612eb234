// Where routers send a flow: by their rules, their backups, their routing tables, over trunks.
#include "sim/world/network/site_network.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/ascii_site.hpp"

namespace wanwise::sim {
namespace {

constexpr char kYard[] = R"(
  cameras -- east
  sensors -- west
  east ~~bridge:80:2ms~~ west
  east ==fibre:5:20ms== net
  west ==lte:10:80ms== net
  net ==0ms== aws
  detect cameras aws
)";
// Links fibre = 0, lte = 1; routers east = 0, west = 1; lines 0: east to west, 1: back.

class Owner final : public SiteNetworkOwner {
 public:
  void crossed(Nanos now, std::uint32_t line, const Packet&) override {
    at = now;
    last = line;
  }
  void lost_on_trunk(Nanos, const Packet&) override { ++lost; }
  Nanos at = 0;
  std::uint32_t last = 99;
  int lost = 0;
};

class TwoRouters : public testing::Test {
 protected:
  [[nodiscard]] std::optional<SiteRoute> route(std::size_t router) const {
    return m_network.route(router, m_flow,
                           [this](std::size_t link) { return m_down.count(link) == 0; });
  }
  SteerRule rule(const char* router, const char* via, const char* trunk) const {
    SteerRule rule;
    rule.router = core::RouterName{router};
    rule.flow = m_flow;
    rule.via = core::LinkName{via};
    if (trunk != nullptr) rule.trunk = core::TrunkName{trunk};
    return rule;
  }

  core::Model m_model = test::ascii_site(kYard);
  core::FlowMatch m_flow{core::Transport::tcp, m_model.site.sources[0].prefix,
                         m_model.site.clouds[0].address, 8000};
  EventQueue m_events;
  Owner m_owner;
  SiteNetwork m_network{m_events, m_model.site, m_owner};
  std::set<std::size_t> m_down;
};

TEST_F(TwoRouters, without_rules_each_takes_its_own_link_and_a_neighbours_when_it_is_down) {
  EXPECT_EQ(route(0), (SiteRoute{{}, 0}));
  EXPECT_EQ(route(1), (SiteRoute{{}, 1}));
  m_down = {0};
  EXPECT_EQ(route(0), (SiteRoute{{0}, 1}));
  m_down = {0, 1};
  EXPECT_FALSE(route(0).has_value());
}

TEST_F(TwoRouters, a_rule_leads_over_the_trunk_and_its_backup_when_the_link_is_down) {
  SteerRule steer = rule("west", "fibre", "bridge");
  steer.backup = core::LinkName{"lte"};
  m_network.steer({steer});
  EXPECT_EQ(route(1), (SiteRoute{{1}, 0}));
  m_down = {0};
  EXPECT_EQ(route(1), (SiteRoute{{}, 1}));
  m_flow.port = 9;  // another flow
  m_down = {};
  EXPECT_EQ(route(1), (SiteRoute{{}, 1}));
}

TEST_F(TwoRouters, rules_that_lead_in_circles_lead_nowhere) {
  m_network.steer({rule("east", "lte", "bridge"), rule("west", "fibre", "bridge")});
  EXPECT_FALSE(route(0).has_value());
}

TEST_F(TwoRouters, a_trunk_takes_the_time_of_its_rate_and_delay_and_drops_what_it_cannot_hold) {
  Packet packet;
  packet.bytes = 1'000;  // 100 us at 80 Mb/s
  m_network.send(0, 1, packet);
  m_events.run_until(10'000'000);
  EXPECT_EQ(m_owner.last, 1U);
  EXPECT_EQ(m_owner.at, 2'100'000);
  for (int i = 0; i < 1'100; ++i) m_network.send(10'000'000, 0, packet);
  EXPECT_GT(m_owner.lost, 50);  // the buffer holds a megabyte
}

}  // namespace
}  // namespace wanwise::sim
