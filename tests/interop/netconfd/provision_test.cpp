// What wanwise sets up beside the queues, on a server that knows the vendor's own modules and
// checks their types, `when` and `must`: probes with schedules and reactions, tracked objects,
// steering and load intervals are held as written, change, and go, and what an operator has of the
// same kinds stays as it is.
#include <gmock/gmock.h>

#include "tests/interop/netconfd/netconfd_fixture.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using samples::provisioned;
using test::NetconfdTarget;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// One of each kind, and where it might be in the way: an operation and a tracked object under
/// numbers of the link's ten (904 is the engine's), and the operation 9102 that the site names for
/// its wired link. Its reaction needs the switch that wanwise's reactions need.
constexpr const char* kOperator = R"(<native xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-native">
<ip><access-list><extended xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-acl"><name>OPERATOR</name>
<access-list-seq-rule><sequence>10</sequence><ace-rule><action>permit</action>
<protocol>ip</protocol><any/><dst-any/></ace-rule></access-list-seq-rule></extended></access-list>
<sla xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-sla">
<entry><number>905</number><icmp-echo><destination>192.0.2.9</destination></icmp-echo></entry>
<entry><number>9102</number><icmp-echo><destination>192.0.2.10</destination><tag>operator</tag>
<frequency>10</frequency></icmp-echo></entry>
<schedule><entry-number>9102</entry-number><life>forever</life><start-time><now-config/>
</start-time></schedule>
<reaction-configuration><entry-number>9102</entry-number><react><timeout><threshold-type>
<immediate/></threshold-type><action-type>trapOnly</action-type></timeout></react>
</reaction-configuration><enable><reaction-alerts/></enable></sla></ip>
<track><tracked-object-v2 xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-track">
<object-number>906</object-number><ip><sla><number>77</number><reachability/></sla></ip>
</tracked-object-v2></track>
<route-map><name>OPERATOR</name>
<route-map-without-order-seq xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-route-map">
<seq_no>10</seq_no><operation>permit</operation></route-map-without-order-seq></route-map>
<interface><GigabitEthernet><name>0/0/0</name><description>to the carrier</description>
</GigabitEthernet><GigabitEthernet><name>0/0/1</name><load-interval>30</load-interval>
<ip><policy><route-map>OPERATOR</route-map></policy></ip></GigabitEthernet>
<Vlan><name>1</name><description>LAN</description></Vlan></interface></native>)";

class NetconfdProvision : public test::NetconfdFixture {
 protected:
  void connect() {
    RouterConfig config = samples::provisioned_config();
    config.links[0].sets_up_probes = true;
    test::NetconfdFixture::connect(config);
    const auto empty = wanwise().sink().take<core::RouterQosObserved>();
    ASSERT_TRUE(empty);
    EXPECT_FALSE(empty->qos);
    EXPECT_THAT(empty->foreign, testing::IsEmpty());
  }
};

TEST_P(NetconfdProvision, ProbesPathsAndLoadIntervalsAreHeldAndLeaveNothingBehind) {
  const std::string before = running();
  ASSERT_NO_FATAL_FAILURE(connect());
  ASSERT_NO_FATAL_FAILURE(expect_written(provisioned()));
  const std::string now = running();
  std::cout << now << "\n";
  ASSERT_NO_FATAL_FAILURE(expect_removed(provisioned()));
  EXPECT_EQ(running(), before);
}

TEST_P(NetconfdProvision, WhatAnOperatorHasOfTheSameKindsStaysAsItIs) {
  ASSERT_NO_FATAL_FAILURE(configure_by_hand(kOperator));
  const std::string before = running();
  ASSERT_NO_FATAL_FAILURE(connect());
  ASSERT_NO_FATAL_FAILURE(expect_written(provisioned()));

  core::RouterQos slower = provisioned();
  slower.probes[0].period = core::seconds(10);
  ASSERT_NO_FATAL_FAILURE(expect_written(slower));
  EXPECT_THAT(running(), AllOf(HasSubstr("<number>907</number>"), Not(HasSubstr(">904<"))));

  ASSERT_NO_FATAL_FAILURE(expect_removed(slower));
  EXPECT_EQ(running(), before);
}

INSTANTIATE_TEST_SUITE_P(Interop, NetconfdProvision,
                         testing::Values(NetconfdTarget::candidate, NetconfdTarget::running),
                         test::name_of_target);

}  // namespace
}  // namespace wanwise::iosxe
