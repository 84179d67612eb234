// The requests of the reading half, what comes back, and that none of it asks who or where the
// modem is.
#include "adapters/iosxe/read/subscribe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/iosxe/read/notification.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

using Kind = Notification::Kind;

FeatureSet newest() {
  ModuleRevisions modules;
  for (const FeatureRule& rule : feature_table()) modules[std::string{rule.module}] = "2099-01-01";
  return FeatureSet{modules};
}

bool well_formed(const std::string& request) {
  return static_cast<bool>(XmlDocument::parse("<rpc xmlns='urn:x'>" + request + "</rpc>"));
}

TEST(Requests, AskForKeyedEntriesAndNamedLeaves) {
  const auto feeds = feeds_of(samples::config(), newest());
  EXPECT_EQ(feeds.size(), 12U);  // 2 interfaces with BFD, 3 lists of a modem, 2 probes, 3 of health
  const std::string request = get_feeds(feeds, newest());
  EXPECT_TRUE(well_formed(request));
  EXPECT_THAT(request, HasSubstr("<cellwan-radio><cellular-interface>Cellular0/1/0<"));
  EXPECT_THAT(request, HasSubstr("<sla-oper-entry><oper-id>9101</oper-id><oper-type/>"));
  EXPECT_THAT(request, HasSubstr("<out-octets-64/>"));
  EXPECT_THAT(request, HasSubstr("<parent-path/>"));
  EXPECT_THAT(request, Not(HasSubstr("cpu-usage-processes")));
}

TEST(Requests, SubscribeInHundredthsOfASecondWithDeclaredPrefixes) {
  EXPECT_EQ(
      establish_subscription({FeedKind::radio, "Cellular0/1/0"}, core::milliseconds(500)),
      "<establish-subscription xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\" "
      "xmlns:yp=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\"><stream>yp:yang-push</stream>"
      "<yp:xpath-filter xmlns:cellwan-ios-xe-oper="
      "\"http://cisco.com/ns/yang/Cisco-IOS-XE-cellwan-oper\">"
      "/cellwan-ios-xe-oper:cellwan-oper-data/cellwan-ios-xe-oper:cellwan-radio"
      "[cellwan-ios-xe-oper:cellular-interface=&apos;Cellular0/1/0&apos;]</yp:xpath-filter>"
      "<yp:period>50</yp:period></establish-subscription>");
  EXPECT_THAT(establish_subscription({FeedKind::probe, "9101"}, core::Micros{1}),
              HasSubstr("<yp:period>1</yp:period>"));
  EXPECT_THAT(establish_subscription({FeedKind::bfd, "Vlan1"}, std::nullopt),
              HasSubstr("<yp:dampening-period>0</yp:dampening-period>"));
}

TEST(Requests, NeverAskWhoOrWhereTheModemIs) {
  const RouterConfig config = samples::config();
  std::vector<std::string> requests{get_on_change(), get_limits(), establish_reactions(),
                                    subscribe_config_changes(), delete_subscription(1)};
  for (const FeatureSet& features : {newest(), FeatureSet{}}) {
    const auto feeds = feeds_of(config, features);
    requests.push_back(get_feeds(feeds, features));
    for (const Feed& feed : feeds) {
      requests.push_back(get_feeds({feed}, features));
      requests.push_back(establish_subscription(feed, core::seconds(1)));
    }
  }
  for (const std::string& request : requests) {
    EXPECT_TRUE(well_formed(request)) << request;
    for (const char* identity :
         {"imei", "imsi", "iccid", "msisdn", "cellwan-hardware", "cellwan-gps", "cellwan-security",
          "latitude", "longitude", "cell-id", "tracking-area", "esn", "meid", "phone", "ipv4-addr",
          "cellwan-sms", "profile", "network-name"}) {
      EXPECT_THAT(request, Not(HasSubstr(identity)));
    }
  }
  // A subscription takes whole subtrees: the lists that say where the modem is are cut to leaves.
  for (const FeedKind kind : {FeedKind::network, FeedKind::connection}) {
    const std::string xpath = xpath_of({kind, "Cellular0/1/0"}).xpath;
    EXPECT_THAT(xpath, HasSubstr("']/cellwan-ios-xe-oper:"));
    EXPECT_THAT(xpath, Not(testing::EndsWith("]")));
  }
}

OnChangePaths on_change(const std::string& nodes) {
  const auto document = XmlDocument::parse(
      "<data xmlns='urn:x'><mdt-capabilities-oper-data xmlns='http://cisco.com/ns/yang/"
      "Cisco-IOS-XE-mdt-capabilities-oper'><mdt-system><mdt-datastore><datastore>d</datastore>" +
      nodes + "</mdt-datastore></mdt-system></mdt-capabilities-oper-data></data>");
  return OnChangePaths{document->root()};
}

std::string node(const char* index, const char* path, const char* bits) {
  return std::string{"<mdt-per-node><index>"} + index +
         "</index><sub-caps><on-change-is-valid/><on-change-supported>" + bits +
         "</on-change-supported></sub-caps><xpath>" + path + "</xpath></mdt-per-node>";
}

TEST(OnChange, OnlyWhereTheRouterSaysSo) {
  const Feed state{FeedKind::interface_state, "Cellular0/1/0"};
  const Feed radio{FeedKind::radio, "Cellular0/1/0"};
  const Feed network{FeedKind::network, "Cellular0/1/0"};
  EXPECT_FALSE(OnChangePaths{}.covers(state));
  const auto some = on_change(node("2", "/", "") +
                              node("1",
                                   "/interfaces-ios-xe-oper:interfaces/interfaces-ios-xe-oper:"
                                   "interface[name='x']",
                                   "mdt-cap-notif-state"));
  EXPECT_TRUE(some.covers(state));
  EXPECT_FALSE(some.covers(radio));
  // Lower index first, and only state counts here.
  const auto mixed =
      on_change(node("7", "/cellwan-oper-data", "mdt-cap-notif-state") +
                node("3", "/cellwan-oper-data/cellwan-radio", "mdt-cap-notif-config"));
  EXPECT_FALSE(mixed.covers(radio));
  EXPECT_TRUE(mixed.covers(network));
  EXPECT_FALSE(
      on_change(node("1", "/cellwan-oper-data/cellwan-rad", "mdt-cap-notif-state")).covers(radio));
}

TEST(OnChange, StatesOfInterfacesAreSubscribedBesideTheirCounters) {
  const auto all = on_change(node("1", "/interfaces", "mdt-cap-notif-state"));
  const auto feeds = feeds_to_push(samples::config(), newest(), all);
  EXPECT_THAT(feeds, Contains(Feed{FeedKind::interface_state, "Cellular0/1/0"}));
  EXPECT_THAT(feeds, Contains(Feed{FeedKind::interface, "Cellular0/1/0"}));
  EXPECT_THAT(feeds, Not(Contains(Feed{FeedKind::process_cpu})));
  EXPECT_FALSE(may_push_on_change(FeedKind::interface));
}

TEST(OnChange, ReadsTheLimitsOfThePublisher) {
  const auto document = XmlDocument::parse(
      "<data xmlns='urn:x'><mdt-oper-v2-data xmlns='urn:y'><mdt-system-status><subs-max-num>100"
      "</subs-max-num><subs-valid-num>-1</subs-valid-num></mdt-system-status></mdt-oper-v2-data>"
      "</data>");
  const SubscriptionLimits limits = read_limits(document->root());
  EXPECT_EQ(limits.max, 100U);
  EXPECT_FALSE(limits.used);
}

core::Expected<Notification> notification(const std::string& body,
                                          const std::string& time = "2026-11-23T20:25:14.5Z") {
  return parse_notification(
      "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'><eventTime>" + time +
      "</eventTime>" + body + "</notification>");
}

TEST(Notifications, GiveTheDataOfAPushWithItsTime) {
  const auto push = notification(
      "<push-update xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-push'><subscription-id>7"
      "</subscription-id><datastore-contents-xml><interfaces xmlns='urn:i'/>"
      "</datastore-contents-xml></push-update>");
  ASSERT_TRUE(push);
  EXPECT_EQ(push->kind, Kind::push_update);
  EXPECT_EQ(push->subscription, 7U);
  EXPECT_EQ(push->data().child("interfaces").ns(), "urn:i");
  ASSERT_TRUE(push->time);
  EXPECT_EQ(push->time->micros % 1'000'000, 500'000);
  EXPECT_FALSE(notification("<x xmlns='urn:x'/>", "yesterday")->time);
}

TEST(Notifications, AreToldApart) {
  const std::string push = " xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-push'>";
  EXPECT_EQ(notification("<push-change-update" + push +
                         "<subscription-id>7</subscription-id></push-change-update>")
                ->kind,
            Kind::push_change);
  EXPECT_FALSE(notification("<push-update" + push + "</push-update>"));
  EXPECT_FALSE(parse_notification("<notification xmlns='urn:x'/>"));
  EXPECT_EQ(notification("<subscription-terminated xmlns='urn:ietf:params:xml:ns:yang:"
                         "ietf-event-notifications'><subscription-id>7</subscription-id>"
                         "</subscription-terminated>")
                ->kind,
            Kind::ended);
  const auto reaction = notification(
      "<ipsla-reaction-update xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-ip-sla-events'>"
      "<oper-id>9101</oper-id></ipsla-reaction-update>");
  EXPECT_EQ(reaction->kind, Kind::reaction);
  EXPECT_EQ(reaction->reaction().child("oper-id").text(), "9101");
  EXPECT_EQ(notification("")->kind, Kind::other);
}

TEST(Notifications, NameWhoChangedTheConfiguration) {
  const std::string open =
      "<netconf-config-change xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-notifications'>"
      "<changed-by>";
  const std::string close = "</changed-by></netconf-config-change>";
  const auto other =
      notification(open + "<username>x</username><session-id>12</session-id>" + close);
  EXPECT_EQ(other->kind, Kind::config_change);
  EXPECT_EQ(other->changed_by(), 12U);
  EXPECT_FALSE(notification(open + "<server/>" + close)->changed_by());
}

}  // namespace
}  // namespace wanwise::iosxe
