#include "adapters/iosxe/mqc/qos_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/iosxe/mqc/mqc_edit.hpp"
#include "adapters/iosxe/mqc/qos_mqc.hpp"
#include "adapters/iosxe/xml/schema.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using samples::site_qos;
using testing::HasSubstr;
using testing::Not;

constexpr int kRandomCases = 300;

ObservedConfig observed_in(const std::string& native, const RouterConfig& config) {
  const auto document = XmlDocument::parse(
      "<data xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>" + native + "</data>");
  EXPECT_TRUE(document) << native;
  return observe(document->root(), config, name_table(config).value());
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string edit_between(const core::RouterQos& from, const core::RouterQos& to) {
  return edit_native(to_mqc(from).value(), to_mqc(to).value()).value_or("");
}

TEST(QosCodec, ReadsBackExactlyWhatItWrites) {
  const auto observed = observed_in(render_xml(site_qos()).value(), samples::config());
  ASSERT_TRUE(observed.qos);
  EXPECT_EQ(*observed.qos, site_qos());
  EXPECT_EQ(observed.own, to_mqc(site_qos()).value());
}

TEST(QosCodec, IsItsOwnInverseOnRandomSites) {
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    samples::Generator generator{seed};
    RouterConfig config;
    const core::RouterQos qos = generator.qos(config);
    const auto xml = render_xml(qos);
    ASSERT_TRUE(xml) << seed << ": " << xml.error().message;
    if (xml->empty()) continue;  // nothing wanted, nothing written
    const auto observed = observed_in(*xml, config);
    ASSERT_TRUE(observed.qos) << seed;
    EXPECT_EQ(*observed.qos, qos) << seed << *xml;
  }
}

TEST(QosCodec, WritesOnlyWhatOurSchemaTakes) {
  const auto schema = Schema::load(WANWISE_SOURCE_DIR "/yang");
  ASSERT_TRUE(schema) << schema.error().message;
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    samples::Generator generator{seed};
    RouterConfig config;
    const auto xml = render_xml(generator.qos(config));
    ASSERT_TRUE(xml);
    if (xml->empty()) continue;
    const auto checked = (*schema)->check_config(*xml);
    EXPECT_TRUE(checked) << checked.error().message << *xml;
  }
  EXPECT_FALSE((*schema)->check_config(
      "<native xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-native'><nonsense/></native>"));
}

TEST(QosCodec, TouchesOnlyWhatIsOurs) {
  for (std::uint32_t seed = 0; seed < kRandomCases; ++seed) {
    RouterConfig config;
    const auto mqc = to_mqc(samples::Generator{seed}.qos(config)).value();
    for (const auto& [name, acl] : mqc.acls) EXPECT_TRUE(is_own(name));
    for (const auto& [name, map] : mqc.class_maps) EXPECT_TRUE(is_own(name));
    for (const auto& [name, map] : mqc.policy_maps) EXPECT_TRUE(is_own(name));
    for (const auto& [place, policy] : mqc.attachments) EXPECT_TRUE(is_own(policy));
  }
}

TEST(QosCodec, SendsOneLeafWhenOnlyTheShaperMoves) {
  core::RouterQos slower = site_qos();
  slower.wans[0].shaper = core::Bps{3'000'000};
  EXPECT_EQ(edit_between(site_qos(), slower),
            "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\" "
            "xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><policy><policy-map "
            "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"><name>WANWISE-PM-LTE</name>"
            "<class><name>class-default</name><action-list><action-type>shape</action-type><shape>"
            "<average><bit-rate>3000000</bit-rate></average></shape></action-list></class>"
            "</policy-map></policy></native>");
}

/// The site's QoS with room for pictures: a longer video queue, a deeper bucket for realtime.
core::RouterQos roomy() {
  core::RouterQos qos = site_qos();
  qos.wans[0].queues[0].burst = core::Bytes{180'000};
  qos.wans[0].queues[1].queue_limit = 160;
  return qos;
}

TEST(QosCodec, WritesAndReadsBackQueueLimitAndBurst) {
  const std::string xml = render_xml(roomy()).value();
  EXPECT_THAT(xml, HasSubstr("<priority><percent>30</percent><burst>180000</burst></priority>"));
  EXPECT_THAT(xml, HasSubstr("<action-type>queue-limit</action-type><queue-limit>"
                             "<queue-limit-value>160</queue-limit-value>"
                             "<queue-limit-type>packets</queue-limit-type></queue-limit>"));
  EXPECT_EQ(observed_in(xml, samples::config()).qos, roomy());
  const std::string unitless = replaced(xml, "<queue-limit-type>packets</queue-limit-type>", "");
  EXPECT_EQ(observed_in(unitless, samples::config()).qos, roomy());
  const std::string bytes = replaced(xml, "<queue-limit-type>packets</queue-limit-type>",
                                     "<queue-limit-type>bytes</queue-limit-type>");
  EXPECT_NE(observed_in(bytes, samples::config()).qos, roomy());
  const std::string cli = render_cli(roomy()).value();
  EXPECT_THAT(cli, HasSubstr("  priority percent 30 180000\n"));
  EXPECT_THAT(cli, HasSubstr("  queue-limit 160 packets\n"));
}

TEST(QosCodec, ABurstThatChangesIsOneLeafAndOneThatGoesReplacesTheMap) {
  core::RouterQos deeper = roomy();
  deeper.wans[0].queues[0].burst = core::Bytes{200'000};
  const std::string leaf = edit_between(roomy(), deeper);
  EXPECT_THAT(leaf, HasSubstr("<priority><percent>30</percent><burst>200000</burst></priority>"));
  EXPECT_THAT(leaf, Not(HasSubstr("nc:operation")));
  EXPECT_THAT(edit_between(roomy(), site_qos()), HasSubstr("nc:operation=\"replace\""));
}

TEST(QosCodec, SendsNothingWhenNothingChanges) {
  EXPECT_EQ(edit_between(site_qos(), site_qos()), "");
}

TEST(QosCodec, ReplacesAPolicyMapWhoseClassesChange) {
  core::RouterQos more = site_qos();
  more.wans[1].queues.push_back(
      {core::ClassName{"video"}, core::Dscp{34}, core::QueueKind::remaining, 10});
  more.wans[1].default_percent = 90;
  const std::string edit = edit_between(site_qos(), more);
  EXPECT_THAT(edit, HasSubstr("nc:operation=\"replace\"><name>WANWISE-PM-WIRED-CHILD</name>"));
  EXPECT_THAT(edit, Not(HasSubstr("WANWISE-PM-LTE")));
  EXPECT_THAT(edit, Not(HasSubstr("interface")));
}

TEST(QosCodec, AddsAFlowWithoutRewritingTheList) {
  core::RouterQos more = site_qos();
  more.marking[0].flows.insert(more.marking[0].flows.begin(),
                               samples::tcp("10.0.0.1", "203.0.113.10", 8443));
  const std::string edit = edit_between(site_qos(), more);
  EXPECT_THAT(edit, HasSubstr("<sequence>20</sequence>"));
  EXPECT_THAT(edit, Not(HasSubstr("<sequence>10</sequence>")));
  const std::string back = edit_between(more, site_qos());
  EXPECT_THAT(back, HasSubstr("nc:operation=\"remove\"><sequence>10</sequence>"));
}

TEST(QosCodec, TakesThingsAwayInTheOrderIosWants) {
  const std::string edit = edit_native(to_mqc(site_qos()).value(), {}).value();
  const auto at = [&](const char* text) { return edit.find(text); };
  EXPECT_LT(at("<output nc:operation=\"remove\">WANWISE-PM-LTE<"), at("<policy>"));
  EXPECT_LT(at("<name>WANWISE-PM-LTE</name>"), at("<name>WANWISE-PM-LTE-CHILD</name>"));
  EXPECT_LT(at("<name>WANWISE-PM-LTE-CHILD</name>"), at("<class-map"));
  EXPECT_LT(at("<class-map"), at("<access-list>"));
}

TEST(QosCodec, NormalisesCodePointsAndPorts) {
  std::string xml = render_xml(site_qos()).value();
  xml = replaced(xml, "<dscp>ef</dscp>", "<dscp>46</dscp>");
  xml = replaced(xml, "<dscp-val>af41</dscp-val>", "<dscp-val>34</dscp-val>");
  xml = replaced(xml, "<dst-eq>80</dst-eq>", "<dst-eq>www</dst-eq>");
  EXPECT_EQ(observed_in(xml, samples::config()).qos, site_qos());
}

TEST(QosCodec, NeverTakesAHandMadeChangeForOurs) {
  const std::string xml = render_xml(site_qos()).value();
  const auto changed = [&](const std::string& what, const std::string& with) {
    const auto observed = observed_in(replaced(xml, what, with), samples::config());
    EXPECT_NE(observed.own, to_mqc(site_qos()).value()) << with;
    return observed.qos.value();
  };
  const auto policed = changed("<shape>", "<shape><max-buffers>10</max-buffers>");
  EXPECT_EQ(policed.wans.size(), 1U);
  EXPECT_TRUE(changed("<action>permit</action>", "<action>deny</action>").marking.empty());
  EXPECT_TRUE(changed("<dscp-val>default</dscp-val>", "<dscp-val>cs1</dscp-val>").marking.empty());
  EXPECT_EQ(changed("<output>WANWISE-PM-LTE</output>", "").wans.size(), 1U);
  // The first class map is the realtime queue's, on both links.
  EXPECT_TRUE(changed("match-any", "match-all").wans.empty());
}

TEST(QosCodec, SeesNothingOnAFreshRouter) {
  EXPECT_FALSE(observed_in("", samples::config()).qos);
  EXPECT_FALSE(observed_in("<native xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-native'><policy>"
                           "<policy-map><name>OPERATOR</name></policy-map></policy></native>",
                           samples::config())
                   .qos);
}

TEST(QosCodec, CleansUpWhatAnEarlierPolicyLeft) {
  core::RouterQos old = site_qos();
  old.marking[0].service_class = core::ClassName{"gone"};
  const auto observed = observed_in(render_xml(old).value(), samples::config());
  ASSERT_TRUE(observed.qos);
  EXPECT_NE(*observed.qos, site_qos());
  const auto edit = edit_native(observed.own, to_mqc(site_qos()).value()).value_or("");
  EXPECT_THAT(edit, HasSubstr("nc:operation=\"remove\"><name>WANWISE-ACL-GONE</name>"));
  EXPECT_THAT(edit, HasSubstr("nc:operation=\"remove\"><name>WANWISE-CM-GONE-IN</name>"));
}

TEST(QosCodec, ReportsPoliciesOfOthersOnlyWhereTheyStandInTheWay) {
  const std::string native =
      "<native xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-native'><interface>"
      "<Cellular><name>0/1/0</name><service-policy><output>OPERATOR</output>"
      "<input>POLICE</input></service-policy></Cellular>"
      "<Vlan><name>7</name><service-policy><input>OTHER</input></service-policy></Vlan>"
      "</interface></native>";
  const auto observed = observed_in(native, samples::config());
  EXPECT_THAT(observed.foreign, testing::ElementsAre("Cellular0/1/0 output OPERATOR"));
  EXPECT_FALSE(observed.qos);
}

TEST(QosCodec, AClassWithoutFlowsMatchesNothing) {
  core::RouterQos qos = site_qos();
  qos.marking[0].flows.clear();
  const std::string xml = render_xml(qos).value();
  EXPECT_THAT(xml, HasSubstr("<action>deny</action><protocol>ip</protocol><any/><dst-any/>"));
  EXPECT_EQ(observed_in(xml, samples::config()).qos, qos);
}

std::string refusal(const core::RouterQos& qos) {
  const auto mqc = to_mqc(qos);
  return mqc ? "accepted" : mqc.error().code;
}

TEST(QosCodec, RefusesWhatARouterCouldNotHold) {
  const auto with = [](auto change) {
    core::RouterQos qos = site_qos();
    change(qos);
    return refusal(qos);
  };
  EXPECT_EQ(refusal(site_qos()), "accepted");
  EXPECT_EQ(with([](auto& q) { q.wans[0].interface = "Wlan0"; }), "unsupported-interface");
  EXPECT_EQ(with([](auto& q) { q.lan_interface = "Vlan1<x>"; }), "unsupported-interface");
  EXPECT_EQ(with([](auto& q) { q.wans[0].default_percent = 61; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.wans[0].queues[0].percent = 0; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.wans[0].shaper = core::Bps{0}; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.wans[0].queues[0].queue_limit = 8'192'001; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.wans[0].queues[0].burst = core::Bytes{31}; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.wans[0].queues[1].burst = core::Bytes{64}; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.wans[1].queues[0].dscp = core::Dscp{40}; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.wans[1].link = q.wans[0].link; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.marking[1].service_class = q.marking[0].service_class; }),
            "invalid-qos");
  EXPECT_EQ(with([](auto& q) { q.marking[0].flows[0].port = 0; }), "invalid-qos");
  EXPECT_EQ(with([](auto& q) {
              q.marking[0].flows.assign(kMaxFlowsPerClass + 1, q.marking[0].flows[0]);
            }),
            "invalid-qos");
}

TEST(QosCodec, ShowsPeopleTheCommandLine) {
  EXPECT_EQ(render_cli(site_qos()).value(),
            R"(ip access-list extended WANWISE-ACL-REALTIME
 10 permit tcp 192.168.50.0 0.0.0.255 host 203.0.113.10 eq 8443
ip access-list extended WANWISE-ACL-VIDEO
 10 permit tcp host 192.168.50.20 host 203.0.113.10 eq 80
class-map match-any WANWISE-CM-REALTIME
 match dscp ef
class-map match-any WANWISE-CM-REALTIME-IN
 match access-group name WANWISE-ACL-REALTIME
class-map match-any WANWISE-CM-VIDEO
 match dscp af41
class-map match-any WANWISE-CM-VIDEO-IN
 match access-group name WANWISE-ACL-VIDEO
policy-map WANWISE-PM-WIRED-CHILD
 class WANWISE-CM-REALTIME
  priority percent 20
 class class-default
  bandwidth remaining percent 100
  fair-queue
policy-map WANWISE-PM-WIRED
 class class-default
  shape average 50000000
  service-policy WANWISE-PM-WIRED-CHILD
policy-map WANWISE-PM-MARK-IN
 class WANWISE-CM-REALTIME-IN
  set dscp ef
 class WANWISE-CM-VIDEO-IN
  set dscp af41
 class class-default
  set dscp default
policy-map WANWISE-PM-LTE-CHILD
 class WANWISE-CM-REALTIME
  priority percent 30
 class WANWISE-CM-VIDEO
  bandwidth remaining percent 40
 class class-default
  bandwidth remaining percent 60
  fair-queue
policy-map WANWISE-PM-LTE
 class class-default
  shape average 8000000
  service-policy WANWISE-PM-LTE-CHILD
interface Cellular0/1/0
 service-policy output WANWISE-PM-LTE
interface GigabitEthernet0/0/0
 service-policy output WANWISE-PM-WIRED
interface Vlan1
 service-policy input WANWISE-PM-MARK-IN
)");
}

}  // namespace
}  // namespace wanwise::iosxe
