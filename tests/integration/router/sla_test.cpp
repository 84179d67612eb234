// IP SLA as a client sets it up on a router in front of a site, and what the router tells when the
// path is lost.
#include "tests/integration/router/peer_fixture.hpp"

namespace wanwise::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string sla(const std::string& inside) {
  return "<ip><sla xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-sla\">" + inside + "</sla></ip>";
}

std::string schedule(const std::string& number) {
  return "<schedule><entry-number>" + number +
         "</entry-number><life>forever</life><start-time><now-config/></start-time></schedule>";
}

const std::string kEcho =
    "<entry><number>9201</number><icmp-echo><destination>203.0.113.10</destination>"
    "<source-interface>Cellular0/1/0</source-interface><frequency>1</frequency>"
    "<timeout>300</timeout></icmp-echo></entry>";

const std::string kJitter =
    "<entry><number>9202</number><udp-jitter><dest-addr>203.0.113.20</dest-addr>"
    "<portno>16384</portno><num-packets>10</num-packets><interval>10</interval>"
    "<frequency>1</frequency><timeout>500</timeout>"
    "<tos>184</tos></udp-jitter></entry>";

const std::string kReaction =
    "<enable><reaction-alerts/></enable><reaction-configuration><entry-number>9201</entry-number>"
    "<react><timeout><threshold-type><consecutive><consecutive-val>1</consecutive-val>"
    "</consecutive></threshold-type><action-type>trapOnly</action-type></timeout></react>"
    "</reaction-configuration>";

class SlaTest : public RouterTest {
 protected:
  void start_site(std::vector<std::string> options = {}) {
    options.insert(options.end(), {"-p", std::string(WANWISE_SOURCE_DIR) + "/policies", "--trace",
                                   "constant", "--datastore", "running"});
    start(options);
  }
  [[nodiscard]] static bool comes(NetconfPeer& client, const std::string& request,
                                  const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + NetconfPeer::kPatience;
    while (std::chrono::steady_clock::now() < until) {
      if (client.rpc(request).find(text) != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(SlaTest, WhatIsConfiguredAndScheduledMeasures) {
  start_site();
  auto client = peer();
  const std::string both = kEcho + kJitter;
  EXPECT_THAT(client->rpc(edit("running", sla(both + schedule("9201")))), IsOk());
  const std::string echo = get_xpath("/ip-sla-stats/sla-oper-entry[oper-id='9201']");
  EXPECT_TRUE(comes(*client, echo, "ret-code-ok"));
  EXPECT_THAT(client->rpc(get_xpath("/ip-sla-stats")),
              AllOf(HasSubstr("<oper-id>9101<"), testing::Not(HasSubstr("<oper-id>9202<"))))
      << "the site's own probe, and not what is not scheduled";
  EXPECT_THAT(client->rpc(edit("running", sla(schedule("9202")))), IsOk());
  const std::string jitter = get_xpath("/ip-sla-stats/sla-oper-entry[oper-id='9202']");
  EXPECT_TRUE(comes(*client, jitter, "<rtt-count>10</rtt-count>"));
  EXPECT_THAT(client->rpc(jitter),
              AllOf(HasSubstr("oper-type-udp-jitter"), HasSubstr("accuracy-milliseconds")));
}

TEST_F(SlaTest, CannotBeChangedWhileItRuns) {
  start_site();
  auto client = peer();
  EXPECT_THAT(client->rpc(edit("running", sla(kEcho + schedule("9201")))), IsOk());
  std::string other = kEcho;
  other.replace(other.find("<frequency>1<"), 13, "<frequency>7<");
  EXPECT_THAT(client->rpc(edit("running", sla(other))),
              AllOf(HasSubstr("Device refused one or more commands"),
                    HasSubstr("<bad-command>ip sla 9201<")));
}

TEST_F(SlaTest, TellsThatThePathIsLostAndThatItIsBack) {
  const std::string scenario = m_router.folder().write(
      "scenario.yaml",
      "scenario: outage\nsteps:\n"
      "  - {at: 1.5s, say: \"the link goes down\", link: {name: lte, up: false}}\n"
      "  - {at: 3.5s, say: \"the link comes up\", link: {name: lte, up: true}}\n");
  start_site({"--scenario", scenario});
  auto client = peer();
  EXPECT_THAT(client->rpc("<establish-subscription "
                          "xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\" "
                          "xmlns:yp=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\" "
                          "xmlns:cyp=\"urn:cisco:params:xml:ns:yang:cisco-xe-ietf-yang-push-ext\">"
                          "<stream>cyp:yang-notif-native</stream><yp:xpath-filter "
                          "xmlns:e=\"http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-events\">"
                          "/e:ipsla-reaction-update</yp:xpath-filter></establish-subscription>"),
              HasSubstr("notif-bis:ok<"));
  EXPECT_THAT(client->rpc(edit("running", sla(kEcho + schedule("9201") + kReaction))), IsOk());
  const auto lost = client->notification();
  ASSERT_TRUE(lost.has_value());
  EXPECT_THAT(*lost, AllOf(HasSubstr("<ipsla-reaction-update "
                                     "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-events"
                                     "\">"),
                           HasSubstr("<oper-id>9201<"), HasSubstr("<react-status>occurred<")));
  const auto back = client->notification();
  ASSERT_TRUE(back.has_value());
  EXPECT_THAT(*back, HasSubstr("<react-status>cleared<"));
}

// An interface alone is pushed on change: its whole state first, then a patch.
TEST_F(SlaTest, PushesAnInterfaceOnChange) {
  const std::string scenario = m_router.folder().write(
      "scenario.yaml",
      "scenario: outage\nsteps:\n"
      "  - {at: 1.5s, say: \"the link goes down\", link: {name: lte, up: false}}\n");
  start_site({"--scenario", scenario});
  auto client = peer();
  const auto subscribe = [&](const std::string& path) {
    return client->rpc(
        "<establish-subscription xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\" "
        "xmlns:yp=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\"><stream>yp:yang-push</stream>"
        "<yp:xpath-filter xmlns:i=\"http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper\" "
        "xmlns:s=\"http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-oper\">" +
        path +
        "</yp:xpath-filter><yp:dampening-period>0</yp:dampening-period>"
        "</establish-subscription>");
  };
  EXPECT_THAT(subscribe("/s:ip-sla-stats"), HasSubstr("error-no-such-option<"));
  EXPECT_THAT(subscribe("/i:interfaces/i:interface"), HasSubstr("notif-bis:ok<"));
  const auto whole = client->notification();
  ASSERT_TRUE(whole.has_value());
  EXPECT_THAT(*whole, AllOf(HasSubstr("<push-update"), HasSubstr("if-oper-state-ready")));
  const auto change = client->notification();
  ASSERT_TRUE(change.has_value());
  EXPECT_THAT(*change,
              AllOf(HasSubstr("<push-change-update"), HasSubstr("<operation>merge</operation>"),
                    HasSubstr("interface[name='Cellular0/1/0']/oper-status</target>"),
                    HasSubstr(">if-oper-state-no-pass</oper-status>")));
}

}  // namespace
}  // namespace wanwise::test
