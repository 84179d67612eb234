// What `wanwise doctor` asks a router, on one that runs: the modem's packet session as its release
// tells it, and the operations that measure a link under the numbers they have there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "adapters/iosxe/session/sessions.hpp"
#include "adapters/iosxe/survey/survey.hpp"
#include "tests/support/iosxe_port.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/support/router_process.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::test {
namespace {

using iosxe::Finding;
using iosxe::Health;
using testing::HasSubstr;
using testing::Not;

class SurveyTest : public testing::Test {
 protected:
  void start_router(const std::string& release) {
    const auto ended = m_router.start({"--release", release, "--datastore", "running"});
    ASSERT_FALSE(ended) << m_router.output();
  }

  std::vector<Finding> findings(const iosxe::RouterConfig& config) {
    boost::asio::io_context io{1};
    return run_awaitable(io,
                         iosxe::survey(iosxe::sessions(WANWISE_SOURCE_DIR "/yang"), config,
                                       std::chrono::steady_clock::now() + NetconfPeer::kPatience,
                                       std::chrono::system_clock::now));
  }

  iosxe::RouterConfig config() const {
    return loopback_config(
        {m_router.port(), RouterProcess::kUser, m_router.host_key(), RouterProcess::private_key()});
  }

  void configure(const std::string& native) const {
    const auto client = std::get<0>(NetconfPeer::connect({.port = m_router.port(),
                                                          .user = RouterProcess::kUser,
                                                          .password = RouterProcess::kPassword,
                                                          .private_key = ""}));
    EXPECT_THAT(client->rpc("<edit-config><target><running/></target><config><native "
                            "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\">" +
                            native + "</native></config></edit-config>"),
                HasSubstr("<ok/>"));
  }

  RouterProcess m_router;
};

/// Empty where there is none.
Finding about(const std::vector<Finding>& findings, const std::string& topic) {
  const auto at = std::find_if(findings.begin(), findings.end(),
                               [&](const Finding& one) { return one.topic.starts_with(topic); });
  return at == findings.end() ? Finding{"", Health::fail, "no such finding", ""} : *at;
}

TEST_F(SurveyTest, TellsTheApnAndTheAgeOfAPacketSessionWhereTheReleaseHasThem) {
  start_router("17.18");
  const Finding later = about(findings(config()), "packet session (lte)");
  EXPECT_EQ(later.health, Health::pass) << later.found;
  EXPECT_THAT(later.found, HasSubstr("active, APN wanwise.example, since 20"));
  m_router.stop(SIGTERM);
  start_router("17.9");
  const Finding earlier = about(findings(config()), "packet session (lte)");
  EXPECT_EQ(earlier.health, Health::pass) << earlier.found;
  EXPECT_THAT(earlier.found, Not(HasSubstr("APN")));
}

TEST_F(SurveyTest, FindsAMeasurementUnderTheNumberThatItHasOnTheRouter) {
  start_router("17.9");
  configure(
      "<ip><sla xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-sla\"><entry><number>905</number>"
      "<icmp-echo><destination>198.51.100.1</destination><source-interface>Cellular0/1/0"
      "</source-interface><tag>wanwise-lte</tag></icmp-echo></entry><schedule><entry-number>905"
      "</entry-number><life>forever</life><start-time><now-config/></start-time></schedule></sla>"
      "</ip>");
  iosxe::RouterConfig measured = config();
  measured.links[0].probe = 901;
  measured.links[0].sets_up_probes = true;
  const Finding probe = about(findings(measured), "IP SLA 905 (lte)");
  EXPECT_THAT(probe.found, HasSubstr("icmp-echo")) << probe.topic;
  EXPECT_NE(probe.health, Health::fail) << probe.found;
}

}  // namespace
}  // namespace wanwise::test
