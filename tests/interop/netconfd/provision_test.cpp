// What wanwise sets up beside the queues, on a server that knows the vendor's own modules and
// checks types, mandatory nodes and references: probes with schedules and reactions, tracked
// objects, steering and load intervals are held as written, change, and go, and what an operator
// has of the same kinds stays as it is.
//
// Not to be seen here: the order of an edit (it is carried out as a whole; see iosxe_provision_test
// for what IOS wants), that a load interval is a multiple of 30 (netconfd.cpp takes the `must`
// out), what IOS refuses beyond its models (an operation that runs is not edited), cisco-ia's
// checkpoints, and anything operational: the server has no data for those modules.
#include <gmock/gmock.h>

#include <regex>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/provision/qos_provision.hpp"
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

/// What a router has by its hardware, and a virtual terminal does not.
constexpr const char* kInterfaces =
    "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><interface><Cellular>"
    "<name>0/1/0</name></Cellular><GigabitEthernet><name>0/0/0</name></GigabitEthernet><Vlan>"
    "<name>1</name></Vlan></interface></native>";

std::string sla_of_somebody_else(const std::string& edit) {
  return "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><ip><sla "
         "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-sla\">" +
         edit + "</sla></ip></native>";
}

std::string removed(const std::string& list, const std::string& key, const std::string& number) {
  return "<" + list +
         " xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" nc:operation=\"remove\"><" + key +
         ">" + number + "</" + key + "></" + list + ">";
}

class NetconfdProvision : public test::NetconfdFixture {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(test::NetconfdFixture::SetUp());
    if (!IsSkipped()) configure_by_hand(kInterfaces);
  }

  std::optional<core::RouterQosObserved> connected() {
    RouterConfig config = samples::provisioned_config();
    config.links[0].sets_up_probes = true;
    connect(config);
    return wanwise().sink().take<core::RouterQosObserved>();
  }

  void connect_to_a_router_without_anything_of_ours() {
    const auto seen = connected();
    ASSERT_TRUE(seen);
    EXPECT_FALSE(seen->qos);
    EXPECT_THAT(seen->foreign, testing::IsEmpty());
  }

  /// Where running is the target, this server looks only at what an edit names: it takes an
  /// operation away under its schedule.
  [[nodiscard]] std::vector<std::string> wrong_edits() const {
    std::vector<std::string> edits{
        sla_of_somebody_else("<schedule><entry-number>77</entry-number></schedule>"),
        sla_of_somebody_else("<entry><number>904</number><icmp-echo><frequency>0</frequency>"
                             "</icmp-echo></entry>"),
        sla_of_somebody_else("<entry><number>77</number><icmp-echo/></entry>")};
    if (candidate()) edits.push_back(sla_of_somebody_else(removed("entry", "number", "904")));
    return edits;
  }

  /// The configuration without containers that hold nothing: netconfd keeps what an edit went
  /// through, and such a container means nothing without a presence statement (RFC 7950 7.5.1).
  [[nodiscard]] std::string configuration() const {
    static const std::regex empty{
        R"(\s*<(access-list|enable|ip|policy|service-policy|sla|track)( xmlns="[^"]*")?)"
        R"((/>|>\s*</\1>))"};
    std::string text = running();
    text.erase(0, text.find("<native"));
    for (std::string before; before != text;) {
      before = text;
      text = std::regex_replace(before, empty, "");
    }
    return text;
  }
};

TEST_P(NetconfdProvision, AllOfItIsHeldAsWrittenAndLeavesNothingBehind) {
  const std::string before = configuration();
  ASSERT_NO_FATAL_FAILURE(connect_to_a_router_without_anything_of_ours());
  ASSERT_NO_FATAL_FAILURE(expect_written(provisioned()));
  const std::string now = running();
  for (const char* part :
       {"<source-interface>Cellular0/1/0</source-interface>", "<tag>wanwise-lte</tag>",
        "<portno>16384</portno>", "<tos>184</tos>", "<now-config/>",
        "<consecutive-val>3</consecutive-val>", "<reaction-alerts/>",
        "<object-number>904</object-number>", "<object-number>910</object-number>",
        "<access-list-ordered>WANWISE-PBR-1</access-list-ordered>",
        "<route-map>WANWISE-RM</route-map>", "<load-interval>30</load-interval>"})
    EXPECT_THAT(now, HasSubstr(part));
  ASSERT_NO_FATAL_FAILURE(expect_removed(provisioned()));
  EXPECT_EQ(configuration(), before);
}

TEST_P(NetconfdProvision, EachPartGoesAndComesByItself) {
  ASSERT_NO_FATAL_FAILURE(connect_to_a_router_without_anything_of_ours());
  ASSERT_NO_FATAL_FAILURE(expect_written(provisioned()));
  const std::string whole = configuration();

  // The control: this server looks at values and at what refers to what.
  for (const std::string& wrong : wrong_edits())
    EXPECT_THAT(edit_by_hand(wrong), HasSubstr("<rpc-error>")) << wrong;
  EXPECT_EQ(configuration(), whole);

  configure_by_hand(sla_of_somebody_else(removed("schedule", "entry-number", "904") +
                                         removed("reaction-configuration", "entry-number", "904")));
  const auto told = wanwise().sink().take<core::RouterQosObserved>(
      [](const auto& seen) { return !seen.altered.empty(); });
  ASSERT_TRUE(told) << "its netconf-config-change makes wanwise read";
  EXPECT_THAT(told->altered, testing::ElementsAre("ip sla 904: changed"));
  ASSERT_NO_FATAL_FAILURE(expect_written(provisioned()));
  EXPECT_EQ(configuration(), whole);

  core::RouterQos routed = provisioned();
  routed.steering.clear();
  for (core::WanQos& wan : routed.wans) wan.load_interval = 60;
  ASSERT_NO_FATAL_FAILURE(expect_written(routed));
  EXPECT_THAT(running(), AllOf(Not(HasSubstr("<route-map")), Not(HasSubstr("WANWISE-PBR")),
                               Not(HasSubstr("<load-interval>30<"))));

  core::RouterQos unmeasured = routed;
  unmeasured.probes.clear();
  for (core::WanQos& wan : unmeasured.wans) wan.load_interval = 0;
  ASSERT_NO_FATAL_FAILURE(expect_written(unmeasured));
  EXPECT_THAT(configuration(), AllOf(Not(HasSubstr("<sla")), Not(HasSubstr("<track")),
                                     Not(HasSubstr("<load-interval"))));

  ASSERT_NO_FATAL_FAILURE(expect_written(provisioned()));
  EXPECT_EQ(configuration(), whole);
}

/// IOS does not edit an operation that runs: it gets the next number that nobody uses.
TEST_P(NetconfdProvision, AChangedProbeMovesPastWhatAnOperatorHasAndThatStaysAsItIs) {
  ASSERT_NO_FATAL_FAILURE(configure_by_hand(kOperator));
  const std::string before = configuration();
  ASSERT_NO_FATAL_FAILURE(connect_to_a_router_without_anything_of_ours());
  ASSERT_NO_FATAL_FAILURE(expect_written(provisioned()));

  core::RouterQos slower = provisioned();
  slower.probes[0].period = core::seconds(10);
  ASSERT_NO_FATAL_FAILURE(expect_written(slower));
  EXPECT_THAT(running(),
              AllOf(HasSubstr("<number>907</number>"), HasSubstr("<track>907</track>"),
                    HasSubstr("<object-number>907</object-number>"), Not(HasSubstr(">904<"))));

  ASSERT_NO_FATAL_FAILURE(expect_removed(slower));
  EXPECT_EQ(configuration(), before);
}

/// 17.15.1 holds tracked objects and access lists of route maps in an older and a newer place.
TEST_P(NetconfdProvision, WhatStandsInThePlacesOfAnOlderReleaseIsReadChangedAndTakenOut) {
  const std::string before = configuration();
  const auto paths = paths_of(samples::provisioned_config());
  ASSERT_NO_FATAL_FAILURE(configure_by_hand(render_xml(provisioned(), paths).value()));
  const auto seen = connected();
  ASSERT_TRUE(seen && seen->qos);
  EXPECT_EQ(*seen->qos, provisioned());

  core::RouterQos slower = provisioned();
  slower.probes[0].period = core::seconds(10);
  slower.steering[0].backup.reset();
  // Yuma's commit behind <validate> carries out the removals alone, and its cancel-commit restores
  // nothing while running is locked. That is told as what it is, and the next write does the rest.
  if (candidate()) {
    EXPECT_EQ(apply(slower).outcome, core::Outcome::unknown);
  }
  ASSERT_NO_FATAL_FAILURE(expect_written(slower));
  EXPECT_THAT(running(), AllOf(HasSubstr("<access-list>WANWISE-PBR-1</access-list>"),
                               Not(HasSubstr("<access-list-ordered>"))));

  ASSERT_NO_FATAL_FAILURE(expect_removed(slower));
  EXPECT_EQ(configuration(), before);
}

INSTANTIATE_TEST_SUITE_P(Interop, NetconfdProvision,
                         testing::Values(NetconfdTarget::candidate, NetconfdTarget::running),
                         test::name_of_target);

}  // namespace
}  // namespace wanwise::iosxe
