#include "sim/router/config/qos_extract.hpp"

#include <gtest/gtest.h>

#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

TEST(QosExtract, ReadsMarksShaperAndQueues) {
  const sim::QosConfig qos = extract_qos(test::parse_config(test::whole_qos()));
  ASSERT_EQ(qos.marks.size(), 1U);
  EXPECT_EQ(qos.marks[0].dscp, core::Dscp{46});
  EXPECT_EQ(qos.marks[0].flow,
            (core::FlowMatch{.transport = core::Transport::tcp,
                             .source = *core::parse_ipv4_prefix("192.168.50.0/24"),
                             .destination = *core::parse_ipv4_prefix("203.0.113.10"),
                             .port = 8443}));
  ASSERT_EQ(qos.interfaces.size(), 2U);
  EXPECT_EQ(qos.interfaces[0].interface, "Cellular0/1/0");
  EXPECT_FALSE(qos.interfaces[1].output.has_value());
  const sim::OutputPolicy& out = *qos.interfaces[0].output;
  EXPECT_EQ(out.parent, "WANWISE-PM-WAN");
  EXPECT_EQ(out.child, "WANWISE-PM-CHILD");
  EXPECT_EQ(out.shaper, core::Bps{20'000'000});
  EXPECT_EQ(out.default_percent, 80U);
  ASSERT_EQ(out.queues.size(), 2U);
  EXPECT_EQ(out.queues[0].name, "WANWISE-CM-RT");
  EXPECT_EQ(out.queues[0].kind, core::QueueKind::priority);
  EXPECT_EQ(out.queues[0].percent, 30U);
  EXPECT_EQ(out.queues[0].dscps, std::vector<core::Dscp>{core::Dscp{46}});
  EXPECT_EQ(out.queues[1].kind, core::QueueKind::remaining);
  EXPECT_EQ(out.queues[1].percent, 20U);
}

TEST(QosExtract, ReadsQueueLimitsInPacketsAndTheBurstOfAPriority) {
  const std::string priority =
      "<action-list><action-type>priority</action-type><priority><percent>20</percent>"
      "<burst>180000</burst></priority></action-list>";
  const auto limit = [](const std::string& unit) {
    return "<action-list><action-type>queue-limit</action-type><queue-limit>"
           "<queue-limit-value>160</queue-limit-value>" +
           unit + "</queue-limit></action-list>";
  };
  const std::string policies =
      test::dscp_class("A", "ef") + test::dscp_class("B", "cs1") +
      test::policy_map(
          "P", test::policy_class("A", priority + limit("")) +
                   test::policy_class("B", test::remaining_percent(20) +
                                               limit("<queue-limit-type>ms</queue-limit-type>")));
  const sim::QosConfig qos = extract_qos(
      test::parse_config(test::native("<policy>" + policies + "</policy>" +
                                      test::attach("GigabitEthernet", "0/0/0", "output", "P"))));
  const auto& queues = qos.interfaces.at(0).output->queues;
  ASSERT_EQ(queues.size(), 2U);
  EXPECT_EQ(queues[0].burst, 180'000);
  EXPECT_EQ(queues[0].queue_limit, 160U);
  EXPECT_EQ(queues[1].burst, 0);
  EXPECT_EQ(queues[1].queue_limit, 0U) << "milliseconds are not packets: the default";
}

TEST(QosExtract, AnEmptyConfigurationHasNoPolicies) {
  const sim::QosConfig qos = extract_qos(Tree());
  EXPECT_TRUE(qos.marks.empty());
  EXPECT_TRUE(qos.interfaces.empty());
}

TEST(QosExtract, AFlatPolicyHasQueuesWithoutShaper) {
  const std::string policies =
      test::dscp_class("A", "ef") +
      test::policy_map("P", test::policy_class("A", test::priority_percent(20)));
  const sim::QosConfig qos = extract_qos(
      test::parse_config(test::native("<policy>" + policies + "</policy>" +
                                      test::attach("GigabitEthernet", "0/0/0", "output", "P"))));
  ASSERT_TRUE(qos.interfaces[0].output.has_value());
  EXPECT_EQ(qos.interfaces[0].interface, "GigabitEthernet0/0/0");
  EXPECT_EQ(qos.interfaces[0].output->child, "");
  EXPECT_FALSE(qos.interfaces[0].output->shaper.has_value());
  EXPECT_EQ(qos.interfaces[0].output->queues.size(), 1U);
}

// One access-list entry, as a mark of policy P on Vlan1.
std::vector<sim::MarkRule> marks_of(const std::string& rule) {
  const std::string list =
      "<ip><access-list><extended xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-acl\">"
      "<name>L</name><access-list-seq-rule><sequence>10</sequence><ace-rule>" +
      rule + "</ace-rule></access-list-seq-rule></extended></access-list></ip>";
  const std::string policies =
      test::acl_class("C", "L") +
      test::policy_map("P", test::policy_class("C", test::set_dscp("cs1")));
  return extract_qos(test::parse_config(test::native(list + "<policy>" + policies + "</policy>" +
                                                     test::attach("Vlan", "1", "input", "P"))))
      .marks;
}

TEST(QosExtract, ReadsEveryFormOfAnAddress) {
  const auto any = marks_of(
      "<action>permit</action><protocol>udp</protocol><any/><dst-any/><dst-eq>53</dst-eq>");
  ASSERT_EQ(any.size(), 1U);
  EXPECT_EQ(any[0].flow.transport, core::Transport::udp);
  EXPECT_EQ(any[0].flow.source.length, 0);
  const auto networks = marks_of(
      "<action>permit</action><protocol>tcp</protocol><host-address>10.0.0.1</host-address>"
      "<dest-ipv4-address>10.1.0.0</dest-ipv4-address><dest-mask>0.0.255.255</dest-mask>"
      "<dst-eq>80</dst-eq>");
  ASSERT_EQ(networks.size(), 1U);
  EXPECT_EQ(core::to_string(networks[0].flow.source), "10.0.0.1");
  EXPECT_EQ(core::to_string(networks[0].flow.destination), "10.1.0.0/16");
}

TEST(QosExtract, LeavesOutWhatTheDataPlaneHasNoModelFor) {
  EXPECT_TRUE(marks_of("<action>deny</action><protocol>tcp</protocol><any/><dst-any/>"
                       "<dst-eq>80</dst-eq>")
                  .empty());
  EXPECT_TRUE(marks_of("<action>permit</action><protocol>icmp</protocol><any/><dst-any/>").empty());
  EXPECT_TRUE(marks_of("<action>permit</action><protocol>tcp</protocol>"
                       "<ipv4-address>10.0.0.0</ipv4-address><mask>0.255.0.255</mask><dst-any/>"
                       "<dst-eq>80</dst-eq>")
                  .empty());
}

}  // namespace
}  // namespace wanwise::router
