// Writing to wanwise-router beside what the port test shows: the bound on changes in a minute, hand
// edits that are told, and a confirmed commit that an earlier wanwise left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/iosxe_port.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/support/router_process.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::test {
namespace {

using core::Outcome;
using core::RouterQosObserved;
using iosxe::samples::site_qos;
using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{15};

class WriteTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto ended = m_router.start({"--datastore", "candidate", "--confirmed-commit",
                                       "--fault-script", m_router.folder().write("faults", "")});
    ASSERT_FALSE(ended) << m_router.output();
  }
  /// From now on.
  void faults(const std::string& rules) {
    (void)m_router.folder().write("faults", rules + "at 0 subscriptions 100\n");
    m_router.signal(SIGHUP);
    ASSERT_TRUE(m_router.says("fault: at 0 subscriptions 100"));
  }
  iosxe::RouterConfig config() const {
    return loopback_config(
        {m_router.port(), RouterProcess::kUser, m_router.host_key(), RouterProcess::private_key()});
  }
  std::unique_ptr<NetconfPeer> peer() const {
    return std::get<0>(NetconfPeer::connect({.port = m_router.port(),
                                             .user = RouterProcess::kUser,
                                             .password = RouterProcess::kPassword,
                                             .private_key = ""}));
  }
  static std::string shaper_edit(const std::string& rate) {
    return "<edit-config><target><candidate/></target><config><native "
           "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><policy><policy-map "
           "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"><name>WANWISE-PM-LTE</name>"
           "<class><name>class-default</name><action-list><action-type>shape</action-type><shape>"
           "<average><bit-rate>" +
           rate +
           "</bit-rate></average></shape></action-list></class></policy-map></policy></native>"
           "</config></edit-config>";
  }

  RouterProcess m_router;
};

TEST_F(WriteTest, AWriteBeyondTheRateWaitsAndIsRefusedOnlyAtItsDeadline) {
  iosxe::RouterConfig limited = config();
  limited.limits.commits_per_minute = 1;
  IosxePort wanwise{limited};
  ASSERT_TRUE(wanwise.settles());
  ASSERT_EQ(wanwise.apply(site_qos(), kPatience)->outcome, Outcome::done);
  core::RouterQos slower = site_qos();
  slower.wans[0].shaper = core::Bps{2'000'000};
  const auto begin = std::chrono::steady_clock::now();
  const auto second = wanwise.apply(slower, std::chrono::milliseconds{400});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->outcome, Outcome::refused);
  EXPECT_EQ(second->reason, "commit-rate");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{300});
}

TEST_F(WriteTest, AHandEditOfWhatIsOursIsToldInWordsAndTheNextWriteEndsIt) {
  IosxePort wanwise{config()};
  ASSERT_TRUE(wanwise.settles());
  ASSERT_EQ(wanwise.apply(site_qos(), kPatience)->outcome, Outcome::done);
  auto other = peer();
  ASSERT_THAT(other->rpc(shaper_edit("1000000")), HasSubstr("<ok/>"));
  ASSERT_THAT(other->rpc("<commit/>"), HasSubstr("<ok/>"));
  const auto told = wanwise.sink().take<RouterQosObserved>(
      [](const RouterQosObserved& seen) { return !seen.altered.empty(); });
  ASSERT_TRUE(told) << "a netconf-config-change by another session makes wanwise read";
  EXPECT_THAT(told->altered,
              testing::ElementsAre("policy-map WANWISE-PM-LTE class class-default: shape average "
                                   "8000000 -> shape average 1000000"));
  wanwise.sink().clear();
  ASSERT_EQ(wanwise.apply(site_qos(), kPatience)->outcome, Outcome::done);
  const auto after = last_of<RouterQosObserved>(wanwise.sink().events());
  ASSERT_TRUE(after && after->qos);
  EXPECT_TRUE(after->altered.empty());
  EXPECT_EQ(*after->qos, site_qos());
}

/// Nothing tells of it while the change waits; the router's timer ends the wait, here somebody
/// else.
TEST_F(WriteTest, AConfirmationThatTheRouterIgnoredIsLearnedOfWhenTheChangeIsTakenBack) {
  IosxePort wanwise{config()};
  ASSERT_TRUE(wanwise.settles());
  ASSERT_EQ(wanwise.apply(site_qos(), kPatience)->outcome, Outcome::done);
  faults("on commit#2 ignore\n");
  core::RouterQos slower = site_qos();
  slower.wans[0].shaper = core::Bps{2'000'000};
  ASSERT_EQ(wanwise.apply(slower, kPatience)->outcome, Outcome::done);
  wanwise.sink().clear();
  ASSERT_THAT(peer()->rpc("<cancel-commit><persist-id>wanwise-edge-1</persist-id></cancel-commit>"),
              HasSubstr("<ok/>"));
  const auto told = wanwise.sink().take<RouterQosObserved>(
      [](const RouterQosObserved& seen) { return seen.qos == site_qos(); });
  ASSERT_TRUE(told) << "a netconf-config-change makes wanwise read";
  EXPECT_FALSE(told->altered.empty());
}

TEST_F(WriteTest, WhatAnEarlierWanwiseLeftUnconfirmedIsTakenBackAtTheStart) {
  {
    IosxePort first{config()};
    ASSERT_TRUE(first.settles());
    ASSERT_EQ(first.apply(site_qos(), kPatience)->outcome, Outcome::done);
  }
  auto dead = peer();
  ASSERT_THAT(dead->rpc(shaper_edit("1000000")), HasSubstr("<ok/>"));
  ASSERT_THAT(dead->rpc("<commit><confirmed/><persist>wanwise-edge-1</persist></commit>"),
              HasSubstr("<ok/>"));
  dead->drop();
  IosxePort next{config()};
  ASSERT_TRUE(next.settles());
  const auto seen = last_of<RouterQosObserved>(next.sink().events());
  ASSERT_TRUE(seen && seen->qos);
  EXPECT_EQ(*seen->qos, site_qos());
}

}  // namespace
}  // namespace wanwise::test
