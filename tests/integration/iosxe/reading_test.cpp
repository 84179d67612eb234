// What the adapter hears of wanwise-router without asking: a line that goes down, a path that is
// lost, a hand at the command line; and what is left of it when NETCONF restarts. Everything
// periodic is an hour away unless a test says otherwise, so only what the router told by itself can
// be why something is known. Each on both NETCONF stacks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/support/iosxe_port.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/support/router_process.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::test {
namespace {

using core::PathAlarm;
using core::RouterQosObserved;
using core::RouterSession;
using core::SessionState;
using iosxe::NetconfStack;
using iosxe::samples::site_qos;
using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{15};
constexpr core::Micros kNever = core::seconds(3600);
const std::string kPolicies = WANWISE_SOURCE_DIR "/policies";

/// The value of the leaf in the first element that has it; -1: nowhere.
int number_in(const std::string& reply, const std::string& leaf) {
  const std::size_t at = reply.find("<" + leaf + ">");
  return at == std::string::npos ? -1 : std::stoi(reply.substr(at + leaf.size() + 2));
}

class ReadingTest : public testing::TestWithParam<NetconfStack> {
 protected:
  void start_router(std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--fault-script", m_router.folder().write("faults", "")});
    const auto ended = m_router.start(options);
    ASSERT_FALSE(ended) << m_router.output();
  }
  /// The shipped site with a wired link and its probe beside the modem.
  void start_router_with_site() {
    std::ostringstream text;
    text << std::ifstream(kPolicies + "/sites/harbour.yaml").rdbuf();
    std::string site = text.str();
    const std::size_t nodes = site.find("nodes:");
    ASSERT_NE(nodes, std::string::npos);
    site.insert(nodes,
                "  - {name: wired, router: ir1101, interface: GigabitEthernet0/0/0, kind: wired, "
                "metric: 20, uplink: {expect: 40Mbps, floor: 1Mbps, ceiling: 100Mbps}, downlink: "
                "100Mbps, rtt: 10ms, probe: 9102}\n");
    start_router({"-p", kPolicies + "/smart-city.yaml", kPolicies + "/profiles",
                  m_router.folder().write("site.yaml", site), "--trace", "constant"});
  }
  iosxe::RouterConfig config() const {
    iosxe::RouterConfig config = loopback_config(
        {m_router.port(), RouterProcess::kUser, m_router.host_key(), RouterProcess::private_key()});
    config.access.stack = GetParam();
    config.push = true;
    config.period = kNever;
    config.limits.reconcile = kNever;
    return config;
  }
  /// Everything has been read once and subscribed.
  void open(const iosxe::RouterConfig& config) {
    m_port.emplace(config);
    ASSERT_TRUE(m_port->settles());
    ASSERT_TRUE(subscribes());
  }
  [[nodiscard]] bool subscribes() {
    const auto client = peer();
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
      if (m_port->port().capabilities().feeds_pushed > 0) return true;
      (void)subscriptions(*client);  // a round trip, for something to do meanwhile
    }
    return false;
  }
  /// How many the router holds, of everybody.
  [[nodiscard]] static int subscriptions(NetconfPeer& client) {
    return number_in(client.rpc("<get><filter type=\"xpath\" select=\"/mdt-oper-v2-data/"
                                "mdt-system-status\"/></get>"),
                     "subs-valid-num");
  }
  /// How many operations of the entry found no way.
  [[nodiscard]] int lost_probes(const std::string& entry) const {
    return number_in(peer()->rpc("<get><filter type=\"xpath\" "
                                 "select=\"/ip-sla-stats/sla-oper-entry[oper-id='" +
                                 entry + "']\"/></get>"),
                     "failure-count");
  }
  /// Happens now.
  void fault(const std::string& what) {
    (void)m_router.folder().write("faults", "at 0 " + what);
    m_router.signal(SIGHUP);
    EXPECT_TRUE(m_router.says("fault: at 0 " + what));
  }
  std::unique_ptr<NetconfPeer> peer() const {
    return std::get<0>(NetconfPeer::connect({.port = m_router.port(),
                                             .user = RouterProcess::kUser,
                                             .password = RouterProcess::kPassword,
                                             .private_key = ""}));
  }
  EventRecorder& sink() { return m_port->sink(); }
  std::optional<core::LinkCounters> counters(const std::string& link, bool up) {
    return sink().take<core::LinkCounters>([&](const core::LinkCounters& sample) {
      return sample.link.text == link && sample.up == up;
    });
  }
  std::optional<PathAlarm> alarm(const std::string& link, PathAlarm::Source source, bool raised) {
    return sink().take<PathAlarm>([&](const PathAlarm& one) {
      return one.link.text == link && one.source == source && one.raised == raised;
    });
  }

  RouterProcess m_router;
  std::optional<IosxePort> m_port;
};
INSTANTIATE_TEST_SUITE_P(Stacks, ReadingTest,
                         testing::Values(NetconfStack::libssh, NetconfStack::libnetconf2),
                         [](const auto& stack) {
                           return stack.param == NetconfStack::libssh ? "libssh" : "libnetconf2";
                         });

TEST_P(ReadingTest, ALineThatGoesDownAndComesBackIsPushedOnChange) {
  start_router();
  open(config());
  sink().clear_but_state();
  fault("interface Cellular0/1/0 down");
  EXPECT_TRUE(counters("lte", false));
  fault("interface Cellular0/1/0 up");
  EXPECT_TRUE(counters("lte", true));
}

TEST_P(ReadingTest, AHandAtTheCommandLineIsReadAtOnceAndToldAsDrift) {
  start_router({"--datastore", "candidate"});
  open(config());
  ASSERT_EQ(m_port->apply(site_qos(), kPatience)->outcome, core::Outcome::done);
  sink().clear_but_state();
  (void)m_router.folder().write(
      "hand.xml",
      "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><policy><policy-map "
      "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"><name>WANWISE-PM-LTE</name><class>"
      "<name>class-default</name><action-list><action-type>shape</action-type><shape><average>"
      "<bit-rate>1000000</bit-rate></average></shape></action-list></class></policy-map></policy>"
      "</native>");
  fault("cli hand.xml");
  const auto told = sink().take<RouterQosObserved>(
      [](const RouterQosObserved& seen) { return !seen.altered.empty(); });
  ASSERT_TRUE(told);
  EXPECT_THAT(told->altered,
              testing::ElementsAre("policy-map WANWISE-PM-LTE class class-default: shape average "
                                   "8000000 -> shape average 1000000"));
}

/// Three lost in a row are what makes a link count as down without an alarm.
TEST_P(ReadingTest, AReactionTellsOfALostPathBeforeAThirdProbeIsLost) {
  start_router_with_site();
  const std::string sla =
      "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><ip><sla "
      "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-sla\"><entry><number>9201</number><icmp-echo>"
      "<destination>203.0.113.10</destination><source-interface>Cellular0/1/0</source-interface>"
      "<frequency>2</frequency><timeout>300</timeout></icmp-echo></entry><schedule><entry-number>"
      "9201</entry-number><life>forever</life><start-time><now-config/></start-time></schedule>"
      "<enable><reaction-alerts/></enable><reaction-configuration><entry-number>9201</entry-number>"
      "<react><timeout><threshold-type><immediate/></threshold-type><action-type>trapOnly"
      "</action-type></timeout></react></reaction-configuration></sla></ip></native>";
  const auto client = peer();
  ASSERT_THAT(client->rpc("<edit-config><target><candidate/></target><config>" + sla +
                          "</config></edit-config>"),
              HasSubstr("<ok/>"));
  ASSERT_THAT(client->rpc("<commit/>"), HasSubstr("<ok/>"));
  iosxe::RouterConfig measured = config();
  measured.links[0].probe = 9201;
  open(measured);
  ASSERT_TRUE(m_port->port().capabilities().reaction_events);
  fault("interface Cellular0/1/0 down");
  const auto lost = alarm("lte", PathAlarm::Source::probe_reaction, true);
  const int probes = lost_probes("9201");
  ASSERT_TRUE(lost);
  EXPECT_GE(probes, 1);
  EXPECT_LT(probes, 3);
  fault("interface Cellular0/1/0 up");
  EXPECT_TRUE(alarm("lte", PathAlarm::Source::probe_reaction, false));
}

TEST_P(ReadingTest, TheReactionThatWanwiseSetsUpTellsOfTheLostPath) {
  start_router_with_site();
  iosxe::RouterConfig measured = config();
  core::ProbeRule rule;
  rule.link = measured.links[0].name;
  rule.entry = core::kFirstLinkProbe;
  rule.target = iosxe::samples::prefix("203.0.113.10").address;
  rule.source_interface = measured.links[0].interface;
  rule.period = core::seconds(1);
  rule.timeout = core::milliseconds(300);
  measured.links[0].probe = rule.entry;
  measured.links[0].sets_up_probes = true;
  open(measured);
  core::RouterQos qos = site_qos();
  qos.probes = {rule};
  const auto done = m_port->apply(qos, kPatience);
  ASSERT_TRUE(done);
  ASSERT_EQ(done->outcome, core::Outcome::done) << done->reason << ": " << done->detail;
  fault("interface Cellular0/1/0 down");
  EXPECT_TRUE(alarm("lte", PathAlarm::Source::probe_reaction, true));
}

/// BFD is periodic on devices: at the feeds' period, while its probe runs once a second.
TEST_P(ReadingTest, BfdTellsOfALostPathBeforeAThirdProbeIsLost) {
  start_router_with_site();
  iosxe::RouterConfig watched = config();
  watched.period = core::milliseconds(200);
  open(watched);
  ASSERT_TRUE(alarm("wired", PathAlarm::Source::bfd, false)) << "its first word: it is up";
  fault("interface GigabitEthernet0/0/0 down");
  const auto lost = alarm("wired", PathAlarm::Source::bfd, true);
  const int probes = lost_probes("9102");
  ASSERT_TRUE(lost);
  EXPECT_THAT(lost->detail, HasSubstr("BFD with "));
  EXPECT_GE(probes, 0);
  EXPECT_LT(probes, 3);
}

/// How long a restart may take is shown on a clock of its own (tests/unit/iosxe/backoff_test.cpp);
/// here a short one with the waits that real routers get.
TEST_P(ReadingTest, AfterARestartOfNetconfEverythingIsThereAgain) {
  start_router({"--datastore", "candidate"});
  iosxe::RouterConfig real = config();
  const iosxe::Limits usual;
  real.limits.first_backoff = usual.first_backoff;
  real.limits.max_backoff = usual.max_backoff;
  real.period = core::milliseconds(200);
  open(real);
  const std::uint32_t pushed = m_port->port().capabilities().feeds_pushed;
  const int held = subscriptions(*peer());
  sink().clear();
  fault("restart 1");
  const auto lost = sink().take<RouterSession>();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->state, SessionState::disconnected);
  EXPECT_EQ(lost->reason, "connection-lost");
  const auto refused = m_port->apply(site_qos(), kPatience);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->outcome, core::Outcome::refused) << refused->reason;
  EXPECT_EQ(refused->reason, "not-connected");
  ASSERT_TRUE(sink().take<RouterSession>(
      [](const RouterSession& session) { return session.state == SessionState::connected; }));
  // Not everything is read yet: this one waits for it.
  const auto done = m_port->apply(site_qos(), kPatience);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::done) << done->reason << ": " << done->detail;
  ASSERT_TRUE(subscribes());
  EXPECT_EQ(m_port->port().capabilities().feeds_pushed, pushed);
  EXPECT_EQ(subscriptions(*peer()), held) << "those of the lost session died with it";
  sink().clear();
  fault("interface Cellular0/1/0 down");
  EXPECT_TRUE(counters("lte", false));
}

}  // namespace
}  // namespace wanwise::test
