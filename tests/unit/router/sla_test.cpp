// IP SLA and policy-based routing in a configuration: what runs, what IOS refuses, what is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/router/config/ios_checks.hpp"
#include "sim/router/config/sla_extract.hpp"
#include "sim/router/netconf/reaction_update.hpp"
#include "sim/router/oper/oper_data.hpp"
#include "sim/router/plant/sla_watch.hpp"
#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string sla(const std::string& inside) {
  return "<ip><sla xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-sla\">" + inside + "</sla></ip>";
}

std::string echo(const std::string& number, const std::string& frequency) {
  return "<entry><number>" + number +
         "</number><icmp-echo><destination>203.0.113.10</destination><source-interface>"
         "Cellular0/1/0</source-interface><frequency>" +
         frequency + "</frequency><timeout>1000</timeout></icmp-echo></entry>";
}

std::string scheduled(const std::string& number) {
  return "<schedule><entry-number>" + number +
         "</entry-number><life>forever</life><start-time><now-config/></start-time></schedule>";
}

const std::string kJitter =
    "<entry><number>9102</number><udp-jitter><dest-addr>203.0.113.20</dest-addr>"
    "<portno>16384</portno><num-packets>20</num-packets><interval>20</interval>"
    "<frequency>10</frequency><tos>184</tos></udp-jitter></entry>";

const std::string kReaction =
    "<enable><reaction-alerts/></enable><reaction-configuration><entry-number>9101</entry-number>"
    "<react><timeout><threshold-type><consecutive><consecutive-val>3</consecutive-val>"
    "</consecutive></threshold-type><action-type>trapOnly</action-type></timeout></react>"
    "</reaction-configuration>";

Tree config(const std::string& inside) {
  return test::parse_config(test::native(inside));
}

TEST(Sla, RunsWhatIsScheduledWithItsNumbers) {
  const auto all =
      extract_sla(config(sla(echo("9101", "5") + kJitter + scheduled("9102") + kReaction)));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_FALSE(all[0].scheduled);
  EXPECT_FALSE(all[0].jitter);
  EXPECT_EQ(all[0].give_up, 3U);
  EXPECT_EQ(all[0].run.interface, "Cellular0/1/0");
  EXPECT_EQ(all[0].run.period, core::seconds(5));
  EXPECT_EQ(all[0].run.timeout, core::seconds(1));
  EXPECT_EQ(all[0].run.packets, 1U);
  EXPECT_TRUE(all[1].scheduled);
  EXPECT_TRUE(all[1].jitter);
  EXPECT_TRUE(all[1].milliseconds) << "IOS measures jitter in milliseconds unless told otherwise";
  EXPECT_EQ(all[1].run.packets, 20U);
  EXPECT_EQ(all[1].run.interval, core::milliseconds(20));
  EXPECT_EQ(all[1].run.dscp, core::Dscp{46}) << "ToS 184";
  EXPECT_EQ(all[1].give_up, 0U);
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

TEST(Sla, FindsTheNextHopsOfAppliedRouteMaps) {
  const std::string route_map =
      "<route-map><name>WANWISE-RM</name><route-map-without-order-seq "
      "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-route-map\"><seq_no>10</seq_no>"
      "<operation>permit</operation><set><ip><next-hop><verify-availability>"
      "<ipv4><ipv4>192.0.2.9</ipv4><range>20</range></ipv4>"
      "<ipv4><ipv4>192.0.2.1</ipv4><range>10</range></ipv4></verify-availability></next-hop></ip>"
      "</set><match><ip><address><access-list>A</access-list></address></ip></match>"
      "</route-map-without-order-seq></route-map>";
  const std::string port =
      "<interface><Vlan><name>1</name><ip><policy><route-map>WANWISE-RM</route-map></policy></ip>"
      "</Vlan></interface>";
  EXPECT_TRUE(extract_routes(config(test::acl("A") + route_map)).empty()) << "not applied";
  const auto routes = extract_routes(config(test::acl("A") + route_map + port));
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_THAT(routes[0].next_hops, ElementsAre("192.0.2.1", "192.0.2.9"));
  const auto newer = extract_routes(
      config(test::acl("A") + replaced(route_map, "access-list>", "access-list-ordered>") + port));
  ASSERT_EQ(newer.size(), 1U);
}

std::string first_refusal(const std::string& before, const std::string& after) {
  const auto refused = check_ios(config(before), config(after));
  return refused.empty() ? "none" : refused[0].command + ": " + refused[0].response;
}

TEST(Sla, IosRefusesToChangeWhatRuns) {
  const std::string runs = sla(echo("9101", "5") + scheduled("9101"));
  EXPECT_EQ(first_refusal("", runs), "none");
  EXPECT_EQ(first_refusal(runs, runs), "none");
  EXPECT_THAT(first_refusal(runs, sla(echo("9101", "9") + scheduled("9101"))),
              HasSubstr("ip sla 9101: Entry already running"));
  EXPECT_EQ(first_refusal(runs, sla(echo("9101", "9"))), "none") << "stopped by the same edit";
  EXPECT_EQ(first_refusal(runs, ""), "none");
}

TEST(Sla, IosRefusesWhatNamesNothing) {
  const std::string track =
      "<track><tracked-object xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-track\">"
      "<object-number>91</object-number><ip><sla><number>9101</number><reachability-sla/></sla>"
      "</ip></tracked-object></track>";
  EXPECT_THAT(first_refusal("", track), HasSubstr("IP SLA 9101 not configured"));
  EXPECT_EQ(first_refusal("", sla(echo("9101", "5")) + track), "none");
  const std::string newer = replaced(replaced(track, "tracked-object", "tracked-object-v2"),
                                     "reachability-sla", "reachability");
  EXPECT_THAT(first_refusal("", newer), HasSubstr("IP SLA 9101 not configured"));
  const std::string port =
      "<interface><Vlan><name>1</name><ip><policy><route-map>RM</route-map></policy></ip></Vlan>"
      "</interface>";
  EXPECT_THAT(first_refusal("", port), HasSubstr("Route-map RM not configured"));
  const std::string route_map =
      "<route-map><name>RM</name><route-map-without-order-seq "
      "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-route-map\"><seq_no>10</seq_no>"
      "<operation>permit</operation><set><ip><next-hop><verify-availability><ipv4>"
      "<ipv4>192.0.2.1</ipv4><range>10</range><track>91</track></ipv4></verify-availability>"
      "</next-hop></ip></set></route-map-without-order-seq></route-map>";
  EXPECT_THAT(first_refusal("", route_map), HasSubstr("Track object 91 not configured"));
  const std::string operation = sla(echo("9101", "5"));
  EXPECT_EQ(first_refusal("", operation + track + route_map), "none");
  EXPECT_EQ(first_refusal("", operation + newer + route_map), "none");
}

sim::OperationReading reading(std::uint64_t successes, std::uint64_t failures) {
  sim::OperationReading out;
  out.entry = 9101;
  out.successes = successes;
  out.failures = failures;
  return out;
}

TEST(SlaWatch, TellsOnceWhenItOccursAndOnceWhenItIsOver) {
  const auto configured =
      extract_sla(config(sla(echo("9101", "5") + scheduled("9101") + kReaction)));
  SlaWatch watch;
  EXPECT_TRUE(watch.step(configured, {reading(5, 0)}).empty());
  EXPECT_TRUE(watch.step(configured, {reading(5, 2)}).empty());
  const auto raised = watch.step(configured, {reading(5, 3)});
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_TRUE(raised[0].occurred);
  EXPECT_EQ(raised[0].entry, 9101U);
  EXPECT_TRUE(watch.step(configured, {reading(5, 9)}).empty());
  const auto cleared = watch.step(configured, {reading(6, 9)});
  ASSERT_EQ(cleared.size(), 1U);
  EXPECT_FALSE(cleared[0].occurred);
  EXPECT_TRUE(watch.step(configured, {reading(6, 11)}).empty()) << "counted from the last success";
  EXPECT_TRUE(watch.step({}, {reading(6, 99)}).empty()) << "not configured any more";
}

TEST(SlaWatch, ItsNotificationIsValid) {
  Tree news = reaction_update(test::router_context(),
                              {.entry = 9101, .jitter = false, .give_up = 3, .occurred = true});
  EXPECT_THAT(test::print(news),
              AllOf(HasSubstr("<oper-id>9101</oper-id>"), HasSubstr("<react-type>timeout<"),
                    HasSubstr("<react-status>occurred<"), HasSubstr("<consecutive>3<")));
}

TEST(Sla, ShowsAnOperationInItsOwnUnit) {
  OperInput input;
  input.sla = extract_sla(config(sla(kJitter + scheduled("9102"))));
  sim::OperationReading own;
  own.entry = 9102;
  own.min = core::Micros{40'400};
  own.avg = core::Micros{42'600};
  own.max = core::Micros{50'000};
  own.jitter = core::Micros{1'700};
  own.packets = 20;
  own.lost = 1;
  own.successes = 4;
  input.reading.operations = {own};
  EXPECT_THAT(test::print(oper_data(test::router_context(), input)),
              AllOf(HasSubstr("<oper-type>oper-type-udp-jitter<"), HasSubstr("<rtt-count>19<"),
                    HasSubstr("<min>40</min><avg>43</avg><max>50</max><accuracy>"
                              "accuracy-milliseconds</accuracy>")));
  input.reading.operations.clear();
  EXPECT_THAT(test::print(oper_data(test::router_context(), input)),
              HasSubstr("<latest-return-code>ret-code-unknown<"));
}

}  // namespace
}  // namespace wanwise::router
