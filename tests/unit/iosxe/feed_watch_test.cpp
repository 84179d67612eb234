// The reading half on a session that answers from a list: what it asks, in which order, and what it
// does with refusals, late pushes and news. No time passes: everything is run until nothing is left
// to do but wait.
#include "adapters/iosxe/read/feed_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "adapters/iosxe/errors.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

namespace asio = boost::asio;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string reply(const std::string& content) {
  return "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'>" + content +
         "</rpc-reply>";
}
const std::string kRefused = reply(
    "<rpc-error><error-type>application</error-type><error-tag>operation-failed</error-tag>"
    "<error-severity>error</error-severity></rpc-error>");

/// For the answer that the stack itself gives.
const std::string kUnsendable = "unsendable";

std::string subscription(const std::string& result, int id = 0) {
  const std::string ns = " xmlns='urn:ietf:params:xml:ns:yang:ietf-event-notifications'>";
  return reply(
      "<subscription-result" + ns + result + "</subscription-result>" +
      (id == 0 ? "" : "<subscription-id" + ns + std::to_string(id) + "</subscription-id>"));
}

std::string module(const std::string& name, const std::string& revision) {
  return "<module><name>" + name + "</name><revision>" + revision +
         "</revision><conformance-type>implement</conformance-type></module>";
}

class Answering final : public Session {
 public:
  explicit Answering(std::function<std::string(const std::string&)> answer)
      : m_answer(std::move(answer)) {}
  asio::awaitable<core::Expected<Hello>> connect(Deadline) override { co_return Hello{}; }
  asio::awaitable<core::Expected<std::string>> rpc(std::string operation, Deadline) override {
    asked.push_back(operation);
    const std::string answer = m_answer(asked.back());
    if (answer == kUnsendable) co_return core::fail(errors::kOperationUnknown, "no such module");
    co_return answer;
  }
  void close() override {}

  std::vector<std::string> asked;

 private:
  std::function<std::string(const std::string&)> m_answer;
};

class Host final : public ReadHost {
 public:
  std::shared_ptr<Session> read_session() const override { return session; }
  const Hello& hello() const override { return m_hello; }
  const std::optional<core::Error>& ended() const override { return end; }
  asio::awaitable<core::Expected<void>> recover() override { co_return core::Expected<void>{}; }
  void open_writes() override { ++opened; }
  bool writing() const override { return false; }
  void post(core::EventBody body) override { events.push_back(std::move(body)); }
  void observed(const ObservedConfig&) override { ++configs; }
  void degrade(const char* name, std::string detail) override {
    note(degradations, name, std::move(detail));
  }
  void add(const Degradations& found) override {
    for (const auto& [name, one] : found) degradations[name] = one;
  }
  void learned(const RouterCapabilities& seen) override { known = seen; }

  std::shared_ptr<Session> session;
  std::optional<core::Error> end;
  std::vector<core::EventBody> events;
  Degradations degradations;
  RouterCapabilities known;
  int configs = 0;
  int opened = 0;
  Hello m_hello{.session_id = 42, .notification = true, .interleave = true};
};

class HandClock final : public ports::Clock {
 public:
  core::Instant now() const override { return m_now; }
  core::Instant m_now{1'000'000'000};
};

class Watch : public testing::Test {
 protected:
  void SetUp() override {
    m_session = std::make_shared<Answering>([this](const std::string& ask) { return answer(ask); });
    m_host.session = m_session;
  }
  void TearDown() override {
    m_host.end = core::Error{errors::kClosed, "stopped"};
    m_watch.wake();
    m_io.run();
  }
  void run() {
    asio::co_spawn(
        m_io, [this]() -> asio::awaitable<void> { (void)co_await m_watch.serve(); },
        asio::detached);
    settle();
  }
  void settle() {
    m_io.restart();
    while (m_io.poll() > 0) {
    }
  }
  std::string answer(const std::string& ask) {
    for (const auto& [part, text] : m_answers) {
      if (ask.find(part) != std::string::npos) return text;
    }
    if (ask.find("<establish-subscription") != std::string::npos)
      return subscription("notif-bis:ok", ++m_last_subscription);
    if (ask.find("<create-subscription") != std::string::npos) return reply("<ok/>");
    return reply("<data/>");
  }
  std::vector<std::string> asked_with(const std::string& part) const {
    std::vector<std::string> found;
    for (const std::string& ask : m_session->asked) {
      if (ask.find(part) != std::string::npos) found.push_back(ask);
    }
    return found;
  }
  void library(const std::string& modules) {
    m_answers.emplace_back(
        "<modules-state",
        reply("<data><modules-state xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-library'>" +
              modules + "</modules-state></data>"));
  }
  /// A push of the wired interface's counters, which were true at `second` of the router's clock.
  void push(int subscription, int second) {
    m_watch.on_notification(
        "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'>"
        "<eventTime>2026-11-23T20:" +
        std::to_string(10 + second / 60) + ":" + std::to_string(10 + second % 60) +
        ".000Z</eventTime><push-update xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-push'>"
        "<subscription-id>" +
        std::to_string(subscription) +
        "</subscription-id><datastore-contents-xml>"
        "<interfaces xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper'><interface>"
        "<name>GigabitEthernet0/0/0</name><oper-status>if-oper-state-ready</oper-status>"
        "<statistics><in-octets>1</in-octets><out-octets-64>2</out-octets-64></statistics>"
        "</interface></interfaces></datastore-contents-xml></push-update></notification>");
  }
  void tell(const std::string& body) {
    m_watch.on_notification(
        "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'>"
        "<eventTime>2026-11-23T20:10:10.000Z</eventTime>" +
        body + "</notification>");
  }

  RouterConfig m_config = [] {
    RouterConfig config = samples::config();
    config.period = core::seconds(3600);  // nothing is due while a test runs
    return config;
  }();
  NameTable m_names = name_table(m_config).value();
  asio::io_context m_io;
  HandClock m_clock;
  Host m_host;
  std::shared_ptr<Answering> m_session;
  std::vector<std::pair<std::string, std::string>> m_answers;  ///< part of the request -> answer
  int m_last_subscription = 0;
  FeedWatch m_watch{m_io.get_executor(), m_host, m_clock, m_config, m_names};
};

TEST_F(Watch, ReadsLibraryConfigurationAndStateThenSubscribesEachFeed) {
  run();
  ASSERT_GE(m_session->asked.size(), 4U);
  // Nothing is written before it is known in which words.
  EXPECT_THAT(m_session->asked[0], HasSubstr("<modules-state"));
  EXPECT_THAT(m_session->asked[1], HasSubstr("<yang-library"));
  EXPECT_THAT(m_session->asked[2], HasSubstr("<get-config>"));
  EXPECT_EQ(m_host.opened, 1);
  // Two interfaces, BFD on both, three lists of a modem, two probes, and the reactions.
  EXPECT_THAT(asked_with("<establish-subscription"), SizeIs(10));
  EXPECT_THAT(asked_with("<create-subscription"), SizeIs(1));
  EXPECT_EQ(m_host.known.feeds_pushed, 9U);
  EXPECT_EQ(m_host.known.feeds, 12U);
  EXPECT_TRUE(m_host.known.config_events);
  EXPECT_TRUE(m_host.known.reaction_events);
}

/// Of its range the router's operation has another number than the site's.
TEST_F(Watch, ReadsAnOperationUnderTheNumberThatItHasOnTheRouter) {
  m_config.links[0].probe = 904;
  m_answers.emplace_back(
      "<get-config>",
      reply("<data><native xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-native'><ip>"
            "<sla xmlns='http://cisco.com/ns/yang/Cisco-IOS-XE-sla'><entry><number>907</number>"
            "<icmp-echo><destination>192.0.2.9</destination><tag>wanwise-lte</tag></icmp-echo>"
            "</entry></sla></ip></native></data>"));
  run();
  EXPECT_THAT(asked_with("904"), IsEmpty());
  EXPECT_THAT(asked_with("<oper-id>907</oper-id>"), Not(IsEmpty()));
  EXPECT_THAT(asked_with("oper-id=907"), SizeIs(1)) << "its subscription";
  // A write of ours moved it again.
  ObservedConfig moved;
  SlaEntry entry;
  entry.tag = "wanwise-lte";
  moved.own.probes.entries[908] = entry;
  m_watch.found(moved);
  EXPECT_EQ(m_host.known.feeds, 12U);
}

TEST_F(Watch, ALibraryThatCannotBeReadIsTheOldestRelease) {
  m_answers = {{"<modules-state", kRefused}, {"<yang-library", kRefused}};
  run();
  EXPECT_TRUE(m_host.degradations.contains(degraded::kLibraryUnreadable));
  EXPECT_EQ(m_host.known.modules_from, "");
  EXPECT_THAT(asked_with("nr5g"), IsEmpty());
  EXPECT_THAT(asked_with("<cellwan-radio>"), Not(IsEmpty()));
}

TEST_F(Watch, TakesTheTreeOfRfc8525WhereOnlyThatIsThere) {
  m_answers = {
      {"<yang-library",
       reply("<data><yang-library xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-library'>"
             "<module-set><name>x</name>" +
             module("Cisco-IOS-XE-cellwan-oper", "2024-03-01") +
             module("Cisco-IOS-XE-policy", "2024-07-01") + "</module-set></yang-library></data>")}};
  run();
  EXPECT_EQ(m_host.known.modules_from, "yang-library");
  EXPECT_EQ(m_host.known.release, "17.15.1 or later");
  EXPECT_THAT(asked_with("<nr5g-rsrp/>"), Not(IsEmpty()));
}

TEST_F(Watch, AMissingModuleTakesAwayItsFeedsOnly) {
  library(module("Cisco-IOS-XE-cellwan-oper", "2022-11-01") +
          module("ietf-yang-push", "2021-03-01"));
  run();
  EXPECT_THAT(asked_with("nr5g"), IsEmpty());
  EXPECT_THAT(asked_with("<interfaces"), IsEmpty());
  EXPECT_THAT(asked_with("<establish-subscription"), SizeIs(3));  // the modem's lists
  EXPECT_TRUE(m_host.degradations.contains(degraded::kFeatureMissing));
  EXPECT_FALSE(m_host.degradations.contains(degraded::kInterfaceMissing));
  EXPECT_TRUE(m_host.degradations.contains(degraded::kNoReactionEvents));
}

TEST_F(Watch, OneBadPathDoesNotTakeTheOthersWithIt) {
  m_answers = {{"<bfd-state", kRefused}};
  run();
  EXPECT_TRUE(m_host.degradations.contains(degraded::kReadFailed));
  int alone = 0;
  for (const std::string& ask : asked_with("<get><filter")) {
    const bool has_bfd = ask.find("<bfd-state") != std::string::npos;
    if (!has_bfd && ask.find("<sla-oper-entry>") != std::string::npos) ++alone;
  }
  EXPECT_EQ(alone, 2);  // each probe on its own
}

TEST_F(Watch, AsksForLongerPeriodsWhereTheRouterLacksRoomAndThenPolls) {
  m_answers = {
      {"cellwan-ios-xe-oper:cellwan-radio", subscription("notif-bis:error-insufficient-resources")},
      {"sla-oper-entry[", subscription("notif-bis:error-no-such-option")}};
  run();
  const auto tries = asked_with("cellwan-ios-xe-oper:cellwan-radio");
  ASSERT_THAT(tries, SizeIs(3));
  EXPECT_THAT(tries[0], HasSubstr("<yp:period>360000</yp:period>"));
  EXPECT_THAT(tries[1], HasSubstr("<yp:period>720000</yp:period>"));
  EXPECT_THAT(tries[2], HasSubstr("<yp:period>1440000</yp:period>"));
  EXPECT_EQ(m_host.degradations[degraded::kPushSlowed].count, 2U);
  EXPECT_EQ(m_host.degradations[degraded::kPushRefused].count, 3U);
  EXPECT_EQ(m_host.known.feeds_pushed, 6U);
}

TEST_F(Watch, WhatTheStackCannotSendCostsNothingElse) {
  m_answers = {{"bfd-ios-xe-oper:bfd-state", kUnsendable}, {"<create-subscription", kUnsendable}};
  run();
  EXPECT_EQ(m_host.known.feeds_pushed, 7U);
  EXPECT_FALSE(m_host.known.config_events);
  EXPECT_TRUE(m_host.known.reaction_events);
  EXPECT_THAT(m_host.degradations[degraded::kNoConfigEvents].detail, HasSubstr("no such module"));
  EXPECT_TRUE(m_host.degradations.contains(degraded::kPushRefused));
}

TEST_F(Watch, RefusedEventsAreADegradationAndNothingElse) {
  m_answers = {{"<create-subscription", kRefused},
               {"yang-notif-native", subscription("notif-bis:error-other")}};
  run();
  EXPECT_TRUE(m_host.degradations.contains(degraded::kNoConfigEvents));
  EXPECT_TRUE(m_host.degradations.contains(degraded::kNoReactionEvents));
  EXPECT_FALSE(m_host.known.config_events);
  EXPECT_EQ(m_host.known.feeds_pushed, 9U);
}

TEST_F(Watch, WithoutInterleaveItDoesNotAskForConfigurationEvents) {
  m_host.m_hello.interleave = false;
  run();
  EXPECT_THAT(asked_with("<create-subscription"), IsEmpty());
  EXPECT_THAT(m_host.degradations[degraded::kNoConfigEvents].detail, HasSubstr("interleave"));
}

TEST_F(Watch, SomebodyElsesChangeIsReadAtOnceAndOursIsNot) {
  run();
  const int before = m_host.configs;
  const auto change = [this](const std::string& by) {
    tell(
        "<netconf-config-change xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-notifications'>"
        "<changed-by>" +
        by + "</changed-by></netconf-config-change>");
    settle();
  };
  change("<username>x</username><session-id>42</session-id>");
  EXPECT_EQ(m_host.configs, before);
  m_watch.reconcile_now();
  settle();
  EXPECT_EQ(m_host.configs, before + 1);
}

TEST_F(Watch, DataAreAsOldAsTheirOwnTimeSays) {
  run();
  const std::string path = "interface[interfaces-ios-xe-oper:name=&apos;GigabitEthernet0/0/0";
  int id = 0;
  int count = 0;
  for (const std::string& ask : asked_with("<establish-subscription")) {
    ++count;
    if (ask.find(path) != std::string::npos) id = count;
  }
  ASSERT_NE(id, 0);
  m_clock.m_now = m_clock.m_now + core::seconds(1);
  const core::Instant first = m_clock.m_now;
  push(id, 0);
  m_clock.m_now = first + core::seconds(9);
  push(id, 1);  // eight seconds on its way
  std::vector<core::Instant> observed;
  for (const auto& event : m_host.events) {
    if (const auto* sample = std::get_if<core::LinkCounters>(&event))
      observed.push_back(sample->observed_at);
  }
  ASSERT_THAT(observed, SizeIs(2));
  EXPECT_EQ(observed[0], first);
  EXPECT_EQ(observed[1], first + core::seconds(1));
}

TEST_F(Watch, AReactionAsksForItsResultsAndRaisesAnAlarm) {
  run();
  const std::size_t before = m_session->asked.size();
  const auto react = [this](const char* type) {
    tell(std::string{"<ipsla-reaction-update xmlns='http://cisco.com/ns/yang/"
                     "Cisco-IOS-XE-ip-sla-events'><oper-id>9101</oper-id><react-type>"} +
         type + "</react-type><react-status>occurred</react-status></ipsla-reaction-update>");
    settle();
  };
  react("timeout");
  ASSERT_THAT(m_host.events, Not(IsEmpty()));
  EXPECT_TRUE(std::holds_alternative<core::PathAlarm>(m_host.events.back()));
  react("rtt");
  ASSERT_EQ(m_session->asked.size(), before + 1);
  EXPECT_THAT(m_session->asked.back(), HasSubstr("<oper-id>9101</oper-id>"));
}

TEST_F(Watch, AChangeReadsWhatItIsPartOf) {
  m_answers = {{"<mdt-capabilities-oper-data",
                reply("<data><mdt-capabilities-oper-data xmlns='http://cisco.com/ns/yang/"
                      "Cisco-IOS-XE-mdt-capabilities-oper'><mdt-system><mdt-datastore><datastore>"
                      "x</datastore><mdt-per-node><index>1</index><sub-caps><on-change-is-valid/>"
                      "<on-change-supported>mdt-cap-notif-state</on-change-supported></sub-caps>"
                      "<xpath>/interfaces</xpath></mdt-per-node></mdt-datastore></mdt-system>"
                      "</mdt-capabilities-oper-data></data>")}};
  run();
  const auto on_change = asked_with("<yp:dampening-period>0</yp:dampening-period>");
  EXPECT_THAT(on_change, SizeIs(3));  // two interfaces' states and the reactions
  int id = 0;
  int count = 0;
  for (const std::string& ask : asked_with("<establish-subscription")) {
    ++count;
    if (ask.find("Cellular0/1/0&apos;]/interfaces-ios-xe-oper:oper-status") != std::string::npos)
      id = count;
  }
  ASSERT_NE(id, 0);
  const std::size_t before = m_session->asked.size();
  for (int flap = 0; flap < 500; ++flap) {
    tell(
        "<push-change-update xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-push'>"
        "<subscription-id>" +
        std::to_string(id) +
        "</subscription-id><datastore-changes-xml><yang-patch xmlns='urn:ietf:params:xml:ns:yang:"
        "ietf-yang-patch'><edit><operation>replace</operation></edit></yang-patch>"
        "</datastore-changes-xml></push-change-update>");
  }
  settle();
  EXPECT_EQ(m_session->asked.size(), before + 1) << "a burst is one read";
  EXPECT_THAT(m_session->asked.back(), HasSubstr("<name>Cellular0/1/0</name><oper-status/>"));
}

TEST_F(Watch, NothingItAsksOrSaysTellsWhoOrWhereTheModemIs) {
  m_answers = {{"<get><filter type=\"subtree\"><interfaces",
                reply("<data><cellwan-oper-data xmlns='http://cisco.com/ns/yang/"
                      "Cisco-IOS-XE-cellwan-oper'><cellwan-radio><cellular-interface>Cellular0/1/0"
                      "</cellular-interface><radio-rsrp>x</radio-rsrp><imei>356938035643809</imei>"
                      "</cellwan-radio><cellwan-hardware><cellular-interface>Cellular0/1/0"
                      "</cellular-interface><imsi>310150123456789</imsi></cellwan-hardware>"
                      "</cellwan-oper-data></data>")}};
  run();
  for (const std::string& ask : m_session->asked) {
    for (const char* word : {"imei", "imsi", "iccid", "msisdn", "gps", "hardware", "cell-id"})
      EXPECT_THAT(ask, Not(HasSubstr(word)));
  }
  EXPECT_TRUE(m_host.degradations.contains(degraded::kInvalidValue));
  for (const auto& [name, degradation] : m_host.degradations) {
    EXPECT_THAT(degradation.detail, Not(HasSubstr("356938035643809")));
    EXPECT_THAT(degradation.detail, Not(HasSubstr("310150123456789")));
  }
}

}  // namespace
}  // namespace wanwise::iosxe
