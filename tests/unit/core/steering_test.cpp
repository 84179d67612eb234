// Which rules the routers get for the ways that were chosen.
#include "engine/core/decide/path/steering.hpp"

#include <gtest/gtest.h>

#include "engine/core/decide/qos_plan.hpp"
#include "engine/core/model_index.hpp"
#include "tests/support/ascii_site.hpp"

namespace wanwise::core {
namespace {

constexpr char kYard[] = R"(
  cameras -- east
  sensors -- west
  east ~~bridge:50:2ms~~ west
  east ==fibre:5:20ms:20:0== net
  east ==lte-e:10:50ms:10:4== net
  west ==lte-w:10:80ms:30:2== net
  net ==0ms== aws
  net ==9ms== far
  east steers links
  west steers links
  detect:video cameras aws,far
  listen:sound sensors aws,far
)";
// Links fibre = 0, lte-e = 1, lte-w = 2; routers east = 0, west = 1; clouds aws = 0, far = 1.
constexpr Index kFibre = 0;
constexpr Index kLteE = 1;
constexpr Index kLteW = 2;
constexpr Index kEast = 0;
constexpr Index kWest = 1;
constexpr Index kDetect = 0;
constexpr Index kListen = 1;

class Steering : public testing::Test {
 protected:
  Steering() {
    for (Index w = 0; w < count(m_model.policy.workloads); ++w) {
      WorkloadInput input;
      Option option;
      option.target = 0;
      option.link = kFibre;
      option.rate = MilliHz{1'000};
      input.options = {option};
      m_situation.workloads.push_back(input);
      m_decision.chosen.push_back(0);
      WorkloadView view;
      view.place = spot_of(m_model, {TargetName{"aws"}, 0});
      m_views.workloads.push_back(view);
    }
  }

  Option& option(Index workload) { return at(at(m_situation.workloads, workload).options, 0); }
  void follow() { m_plan.follow(m_situation, m_decision, m_views, m_moving); }
  [[nodiscard]] FlowMatch flow(Index source, Index cloud) const {
    return {Transport::tcp, at(m_model.site.sources, source).prefix,
            at(m_model.site.clouds, cloud).address, 8000};
  }
  SteeringRule rule(Index source, const char* via, const char* trunk, const char* backup,
                    const char* backup_trunk) {
    SteeringRule rule;
    rule.via = LinkName{via};
    if (trunk != nullptr) rule.trunk = TrunkName{trunk};
    if (backup != nullptr) rule.backup = LinkName{backup};
    if (backup_trunk != nullptr) rule.backup_trunk = TrunkName{backup_trunk};
    rule.flows = {flow(source, 0)};
    return rule;
  }

  Model m_model = test::ascii_site(kYard);
  Topology m_topology{m_model};
  SteeringPlan m_plan{m_model, m_topology};
  Situation m_situation;
  Decision m_decision;
  Views m_views;
  std::vector<bool> m_moving = std::vector<bool>(2);
};

TEST_F(Steering, what_routing_does_by_itself_needs_no_rule) {
  option(kListen).link = kLteW;
  follow();
  EXPECT_TRUE(m_plan.rules(kEast).empty());
  EXPECT_EQ(m_plan.rules(kWest), (std::vector<SteeringRule>{}));
}

TEST_F(Steering, another_link_of_the_same_router_is_a_rule_with_the_best_other_as_backup) {
  option(kDetect).link = kLteE;
  option(kListen).link = kLteW;
  follow();
  EXPECT_EQ(m_plan.rules(kEast),
            (std::vector<SteeringRule>{rule(0, "lte-e", nullptr, "fibre", nullptr)}));
  EXPECT_TRUE(m_plan.rules(kWest).empty());
}

TEST_F(Steering, a_neighbours_link_is_a_rule_on_every_router_that_would_do_otherwise) {
  follow();  // listen by fibre: west must send it over the trunk, east takes fibre by itself
  EXPECT_EQ(m_plan.rules(kWest),
            (std::vector<SteeringRule>{rule(1, "fibre", "bridge", "lte-w", nullptr)}));
  EXPECT_TRUE(m_plan.rules(kEast).empty());
  option(kListen).link = kLteE;
  follow();
  EXPECT_EQ(m_plan.rules(kWest),
            (std::vector<SteeringRule>{rule(1, "lte-e", "bridge", "lte-w", nullptr)}));
  EXPECT_EQ(m_plan.rules(kEast),
            (std::vector<SteeringRule>{rule(1, "lte-e", nullptr, nullptr, nullptr)}));
}

TEST_F(Steering, flows_of_one_way_share_a_rule) {
  m_model.policy.workloads[1].sources = {SourceName{"cameras"}};
  m_model.policy.workloads[1].port = 9000;
  m_topology = Topology(m_model);
  option(kDetect).link = option(kListen).link = kLteE;
  follow();
  const auto rules = m_plan.rules(kEast);
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].flows.size(), 2U);
}

TEST_F(Steering, a_failure_leaves_flows_where_they_are_until_a_decision) {
  option(kDetect).link = kLteE;
  follow();
  const auto rules = m_plan.rules(kEast);
  const auto taken = [&] { return link_in_force(m_model, m_topology, kEast, rules, kDetect, 0); };
  EXPECT_EQ(taken(), kLteE);
  m_topology.set_link_up(kLteE, false);
  EXPECT_EQ(taken(), kFibre);  // the backup
  m_topology.set_link_up(kFibre, false);
  EXPECT_EQ(taken(), kLteW);  // what the routing table still has
  m_topology.set_link_up(kFibre, true);
  // fibre is chosen now. Routing would take it too, but not the backup that is up.
  option(kDetect).link = kFibre;
  follow();
  EXPECT_EQ(m_plan.rules(kEast),
            (std::vector<SteeringRule>{rule(0, "fibre", nullptr, "lte-w", "bridge")}));
}

TEST_F(Steering, while_the_usual_link_is_down_its_substitute_is_pinned) {
  m_topology.set_link_up(kFibre, false);
  option(kDetect).link = kLteE;
  follow();
  ASSERT_EQ(m_plan.rules(kEast).size(), 1U);
  EXPECT_EQ(m_plan.rules(kEast)[0].via.text, "lte-e");
}

TEST_F(Steering, the_old_place_keeps_its_way_until_the_move_is_over) {
  option(kDetect).link = kLteE;
  follow();
  option(kDetect).target = 1;  // far
  m_views.workloads[0].place = spot_of(m_model, {TargetName{"far"}, 0});
  m_moving[0] = true;
  follow();
  ASSERT_EQ(m_plan.rules(kEast).size(), 1U);
  EXPECT_EQ(m_plan.rules(kEast)[0].flows, (std::vector<FlowMatch>{flow(0, 0), flow(0, 1)}));
  m_moving[0] = false;
  follow();
  EXPECT_EQ(m_plan.rules(kEast)[0].flows, (std::vector<FlowMatch>{flow(0, 1)}));
}

TEST_F(Steering, a_backup_stays_while_it_is_up) {
  option(kListen).link = kFibre;
  follow();
  EXPECT_EQ(m_plan.rules(kWest)[0].backup, LinkName{"lte-w"});
  m_topology.set_link_rtt(kLteW, seconds(1));
  follow();
  EXPECT_EQ(m_plan.rules(kWest)[0].backup, LinkName{"lte-w"});
  m_topology.set_link_up(kLteW, false);
  follow();
  EXPECT_EQ(m_plan.rules(kWest)[0].backup, LinkName{"lte-e"});
}

TEST_F(Steering, routers_that_do_not_steer_are_told_nothing) {
  for (Router& router : m_model.site.routers) router.steers = false;
  m_topology = Topology(m_model);
  SteeringPlan plan(m_model, m_topology);
  EXPECT_FALSE(plan.enabled());
  plan.follow(m_situation, m_decision, m_views, m_moving);
  EXPECT_TRUE(plan.rules(kEast).empty());
}

TEST_F(Steering, classes_that_trunks_bring_have_queues_but_no_marks) {
  m_model.policy.classes = {{ClassName{"sound"}, Dscp{46}, QueueKind::priority, 20},
                            {ClassName{"video"}, Dscp{34}, QueueKind::remaining, 40}};
  const std::vector<LinkDemand> links(3, {Bps{1'000'000}, {Bps{}, Bps{}}});
  const RouterQos east = plan_qos(m_model, kEast, links, nullptr);
  ASSERT_EQ(east.marking.size(), 1U);
  EXPECT_EQ(east.marking[0].service_class.text, "video");
  ASSERT_EQ(east.wans.size(), 2U);
  ASSERT_EQ(east.wans[0].queues.size(), 2U);
  EXPECT_EQ(east.wans[0].queues[0].service_class.text, "sound");
}

}  // namespace
}  // namespace wanwise::core
