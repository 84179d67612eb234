// What only a router has, end to end against the emulator: numbers of IP SLA operations that are
// taken or kept, and the words of its release.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/decide/probe_plan.hpp"
#include "tests/support/iosxe_port.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/support/router_process.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::testing {
namespace {

using core::Outcome;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::chrono::seconds kPatience{15};
constexpr std::uint32_t kNumber = 904;

/// Numbers 905 and 906 are an operator's.
const char* const kStartup = R"(<native xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-native">
  <ip><sla xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-sla">
    <entry><number>905</number><icmp-echo><destination>192.0.2.9</destination></icmp-echo></entry>
    <entry><number>906</number><icmp-echo><destination>192.0.2.9</destination></icmp-echo></entry>
  </sla></ip></native>)";

core::RouterQos measured(std::int64_t period) {
  core::RouterQos qos = iosxe::samples::site_qos();
  core::ProbeRule echo;
  echo.link = core::LinkName{"lte"};
  echo.entry = kNumber;
  echo.target = iosxe::samples::prefix("198.51.100.1").address;
  echo.source_interface = "Cellular0/1/0";
  echo.period = core::seconds(period);
  echo.timeout = core::seconds(1);
  echo.tracked = true;
  qos.probes = {echo};
  return qos;
}

class EmulatedOperations : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto ended =
        m_router.start({"--release", GetParam(), "--datastore", "candidate", "--confirmed-commit",
                        "--startup-config", m_router.folder().write("startup.xml", kStartup)});
    ASSERT_FALSE(ended) << m_router.output();
    iosxe::RouterConfig config =
        test::loopback_config({m_router.port(), test::RouterProcess::kUser, m_router.host_key(),
                               test::RouterProcess::private_key()});
    config.links[0].probe = kNumber;
    config.links[0].sets_up_probes = true;
    config.period = core::milliseconds(200);
    config.limits.commits_per_minute = 0;
    m_wanwise = std::make_unique<test::IosxePort>(std::move(config));
    ASSERT_TRUE(m_wanwise->settles());
  }

  void write(const core::RouterQos& qos) {
    const auto done = m_wanwise->apply(qos, kPatience);
    ASSERT_TRUE(done);
    ASSERT_EQ(done->outcome, Outcome::done) << done->reason << ": " << done->detail;
    const auto seen = test::last_of<core::RouterQosObserved>(m_wanwise->sink().events());
    ASSERT_TRUE(seen && seen->qos);
    EXPECT_EQ(*seen->qos, qos);
    EXPECT_TRUE(seen->foreign.empty());
    EXPECT_TRUE(seen->altered.empty());
  }

  std::string running() {
    auto made = test::NetconfPeer::connect({.port = m_router.port(),
                                            .user = test::RouterProcess::kUser,
                                            .password = test::RouterProcess::kPassword,
                                            .private_key = ""});
    if (made.index() != 0) return std::get<1>(made);
    return std::get<0>(made)->rpc("<get-config><source><running/></source></get-config>");
  }

  test::RouterProcess m_router;
  std::unique_ptr<test::IosxePort> m_wanwise;
};

/// The engine gives both the same number, and IOS does not edit an operation that runs.
TEST_P(EmulatedOperations, AChangedOperationMovesPastThoseOfOthers) {
  ASSERT_NO_FATAL_FAILURE(write(measured(1)));
  EXPECT_THAT(running(), HasSubstr("<number>904</number>"));
  ASSERT_NO_FATAL_FAILURE(write(measured(2)));
  const std::string now = running();
  EXPECT_THAT(now, Not(HasSubstr("<number>904</number>")));
  EXPECT_THAT(now, HasSubstr("<number>905</number>"));
  EXPECT_THAT(now, HasSubstr("<number>907</number>"));
  ASSERT_NO_FATAL_FAILURE(write(measured(3)));
  EXPECT_THAT(running(), HasSubstr("<number>904</number>")) << "free again, and the engine's own";
}

TEST_P(EmulatedOperations, TrackedObjectsAreWrittenInTheWordsOfTheRelease) {
  const bool newer = std::string{GetParam()} >= "17.15";
  ASSERT_NO_FATAL_FAILURE(write(measured(1)));
  EXPECT_EQ(running().find("<tracked-object-v2") != std::string::npos, newer);
  EXPECT_EQ(running().find("<tracked-object ") != std::string::npos, !newer);
  core::RouterQos unmeasured = measured(1);
  unmeasured.probes.clear();
  ASSERT_NO_FATAL_FAILURE(write(unmeasured));
  EXPECT_THAT(running(), Not(HasSubstr("<tracked-object")));
  EXPECT_THAT(running(), Not(HasSubstr("reaction-alerts")));
}

INSTANTIATE_TEST_SUITE_P(Releases, EmulatedOperations, ::testing::Values("17.12", "17.18"),
                         [](const auto& release) {
                           return std::string{release.param} == "17.12" ? "r17_12" : "r17_18";
                         });

}  // namespace
}  // namespace wanwise::testing
