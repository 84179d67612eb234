// What `wanwise doctor` finds in a router's answers, and what `--bootstrap` tells to type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/iosxe/survey/bootstrap.hpp"
#include "adapters/iosxe/survey/examiner.hpp"

namespace wanwise::iosxe {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using testing::HasSubstr;
using testing::Not;

Reply reply(const std::string& content) {
  auto parsed =
      Reply::parse(R"(<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1">)" +
                   content + "</rpc-reply>");
  EXPECT_TRUE(parsed) << content;
  return std::move(*parsed);
}

Reply refusal(const std::string& tag, const std::string& message) {
  return reply("<rpc-error><error-type>protocol</error-type><error-tag>" + tag +
               "</error-tag><error-severity>error</error-severity><error-message>" + message +
               "</error-message></rpc-error>");
}

std::int64_t unix_seconds(const char* text) {
  const auto time = parse_date_and_time(text);
  return time ? std::chrono::duration_cast<seconds>(time->time_since_epoch()).count() : -1;
}

TEST(Survey, ReadsDatesOfEveryZone) {
  EXPECT_EQ(unix_seconds("1970-01-01T00:00:10Z"), 10);
  EXPECT_EQ(unix_seconds("1970-01-01T01:00:10+01:00"), 10);
  EXPECT_EQ(unix_seconds("1969-12-31T23:30:10.123456-00:30"), 10);
  for (const char* wrong : {"", "1970-01-01", "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z",
                            "1970-01-01T00:00:00", "1970-01-01T00:00:00.5", "yesterday, at noon.."})
    EXPECT_FALSE(parse_date_and_time(wrong)) << wrong;
}

TEST(Survey, TellsAClockThatIsWrongAndByHowMuch) {
  const Reply answer =
      reply(R"(<data><netconf-state xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">)"
            "<sessions><session><session-id>7</session-id><login-time>2026-11-23T10:00:00+00:00"
            "</login-time></session></sessions></netconf-state></data>");
  const auto login = *parse_date_and_time("2026-11-23T10:00:00Z");
  EXPECT_EQ(clock_finding(answer.data(), login + seconds{3}).health, Health::pass);
  const Finding behind = clock_finding(answer.data(), login + seconds{90});
  EXPECT_EQ(behind.health, Health::fail);
  EXPECT_EQ(behind.found, "90 s behind this machine's");
  EXPECT_THAT(behind.mend, HasSubstr("ntp server"));
  EXPECT_EQ(clock_finding(reply("<data/>").data(), login).health, Health::unknown);
}

TEST(Survey, TellsARightToWriteFromALockThatSomebodyHolds) {
  EXPECT_EQ(write_access_finding(reply("<ok/>")).health, Health::pass);
  EXPECT_EQ(write_access_finding(refusal("lock-denied", "locked by session 18")).health,
            Health::unknown);
  const Finding denied = write_access_finding(refusal("access-denied", "access denied"));
  EXPECT_EQ(denied.health, Health::fail);
  EXPECT_THAT(denied.mend, HasSubstr("privilege 15"));
}

TEST(Survey, TellsWhatARouterWithoutConfirmedCommitLacks) {
  Hello hello;
  EXPECT_EQ(datastore_finding(hello).health, Health::fail);
  hello.writable_running = true;
  EXPECT_EQ(datastore_finding(hello).health, Health::unknown);
  EXPECT_THAT(datastore_finding(hello).mend, HasSubstr("candidate-datastore"));
  hello.candidate = hello.confirmed_commit = true;
  EXPECT_EQ(datastore_finding(hello).health, Health::pass);
}

TEST(Survey, CountsTheSubscriptionsThatAreLeft) {
  const Reply answer =
      reply(R"(<data><mdt-oper-v2-data xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-mdt-oper-v2">)"
            "<mdt-system-status><subs-max-num>100</subs-max-num><subs-valid-num>97</subs-valid-num>"
            "</mdt-system-status></mdt-oper-v2-data></data>");
  EXPECT_EQ(subscription_finding({}, answer.data(), 3).health, Health::pass);
  const Finding few = subscription_finding({}, answer.data(), 5);
  EXPECT_EQ(few.health, Health::fail);
  EXPECT_EQ(few.found, "3 of 100 left, 5 wanted");
  EXPECT_EQ(subscription_finding({}, reply("<data/>").data(), 5).health, Health::unknown);
}

RouterConfig measured_by(std::uint32_t entry, bool sets_up_probes) {
  RouterConfig config;
  config.links.push_back({core::LinkName{"lte"}, "Cellular0/1/0", core::LinkKind::cellular, entry});
  config.links[0].class_probes = {{900'001, core::ClassName{"video"}}};
  config.links[0].sets_up_probes = sets_up_probes;
  return config;
}

TEST(Survey, TellsAResponderThatIsMissingFromATargetThatIsNot) {
  const Reply answer =
      reply(R"(<data><ip-sla-stats xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-oper">)"
            "<sla-oper-entry><oper-id>9101</oper-id><oper-type>oper-type-icmp-echo</oper-type>"
            "<latest-return-code>ret-code-timeout</latest-return-code></sla-oper-entry>"
            "<sla-oper-entry><oper-id>900001</oper-id><oper-type>oper-type-udp-jitter</oper-type>"
            "<latest-return-code>ret-code-no-connection</latest-return-code></sla-oper-entry>"
            "</ip-sla-stats></data>");
  const auto findings = probe_findings(answer.data(), measured_by(9101, false));
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].health, Health::fail);
  EXPECT_THAT(findings[0].mend, HasSubstr("reachable"));
  EXPECT_EQ(findings[1].topic, "IP SLA 900001 (lte, video)");
  EXPECT_THAT(findings[1].mend, HasSubstr("ip sla responder"));
}

TEST(Survey, AProbeThatWanwiseWillSetUpIsNoFault) {
  const Reply empty = reply("<data/>");
  for (const Finding& finding : probe_findings(empty.data(), measured_by(901, true)))
    EXPECT_EQ(finding.health, Health::unknown) << finding.topic;
  EXPECT_EQ(probe_findings(empty.data(), measured_by(901, false))[0].health, Health::fail);
}

TEST(Survey, NamesTheCommandsAndTheHolesThatAnOperatorFills) {
  RouterConfig config;
  config.router = core::RouterName{"ir1101"};
  config.access.host = "192.0.2.1";
  config.access.port = 8830;
  config.access.user = "wanwise";
  const std::string commands = bootstrap(config);
  EXPECT_THAT(commands, HasSubstr("username wanwise privilege 15 secret <password>\n"));
  EXPECT_THAT(commands, HasSubstr("\nnetconf-yang\nnetconf-yang ssh port 8830\n"));
  EXPECT_THAT(commands, HasSubstr("ssh-keyscan -p 8830 -t rsa 192.0.2.1"));
  EXPECT_THAT(commands, Not(HasSubstr("ip sla")));
  config.access.private_key_file = "wanwise.key";
  EXPECT_THAT(bootstrap(config), Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace wanwise::iosxe
