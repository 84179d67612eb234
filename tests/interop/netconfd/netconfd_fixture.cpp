#include "tests/interop/netconfd/netconfd_fixture.hpp"

#include <gmock/gmock.h>

#include <array>
#include <iostream>
#include <utility>

namespace wanwise::test {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{15};
constexpr const char* kNothing =
    "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\" "
    "xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" nc:operation=\"remove\"/>";

/// They end with the program, the last one first.
std::unique_ptr<Netconfd>& server_of(NetconfdTarget target) {
  static std::array<std::unique_ptr<Netconfd>, 2> servers;
  return servers.at(static_cast<std::size_t>(target));
}

}  // namespace

void NetconfdFixture::SetUp() {
  if (const auto missing = Netconfd::missing()) GTEST_SKIP() << *missing;
  std::unique_ptr<Netconfd>& server = server_of(GetParam());
  const bool used = server != nullptr;
  if (!used) {
    server = std::make_unique<Netconfd>();
    m_server = server.get();
    const auto failed = m_server->start(GetParam());
    ASSERT_FALSE(failed) << *failed;
  }
  m_server = server.get();
  if (used) configure_by_hand(kNothing);
}

void NetconfdFixture::TearDown() {
  m_wanwise.reset();
  if (!HasFailure() || m_server == nullptr) return;
  std::cout << m_server->log() << "\n";
  server_of(GetParam()).reset();
}

void NetconfdFixture::connect(iosxe::RouterConfig config) {
  const iosxe::RouterConfig loopback = loopback_config(
      {m_server->port(), Netconfd::user(), m_server->host_key(), m_server->private_key()});
  config.access = loopback.access;
  config.limits = loopback.limits;
  m_wanwise = std::make_unique<IosxePort>(std::move(config));
  const auto session = m_wanwise->sink().take<core::RouterSession>();
  ASSERT_TRUE(session);
  ASSERT_EQ(session->state, core::SessionState::connected) << session->reason << session->detail;
}

core::ActionDone NetconfdFixture::apply(const core::RouterQos& qos) {
  const auto done = m_wanwise->apply(qos, kPatience);
  EXPECT_TRUE(done);
  return done.value_or(core::ActionDone{});
}

void NetconfdFixture::expect_written(const core::RouterQos& qos) {
  m_wanwise->sink().clear();
  const core::ActionDone done = apply(qos);
  ASSERT_EQ(done.outcome, core::Outcome::done) << done.reason << ": " << done.detail;
  const auto observed = last_of<core::RouterQosObserved>(m_wanwise->sink().events());
  ASSERT_TRUE(observed && observed->qos);
  EXPECT_EQ(*observed->qos, qos);
  EXPECT_THAT(observed->foreign, testing::IsEmpty());
  EXPECT_THAT(observed->altered, testing::IsEmpty());
}

void NetconfdFixture::expect_removed(const core::RouterQos& qos) {
  const core::ActionDone done = apply({qos.router, qos.lan_interface, {}, {}});
  ASSERT_EQ(done.outcome, core::Outcome::done) << done.reason << ": " << done.detail;
  const std::string now = running();
  EXPECT_THAT(now, testing::Not(HasSubstr("WANWISE")));
  EXPECT_THAT(now, testing::Not(HasSubstr("wanwise")));
}

std::unique_ptr<NetconfPeer> NetconfdFixture::peer() const {
  auto connected = NetconfPeer::connect({.port = m_server->port(),
                                         .user = Netconfd::user(),
                                         .password = "",
                                         .private_key = m_server->private_key()});
  return std::get<0>(std::move(connected));
}

std::string NetconfdFixture::running() const {
  // On a busy machine netconfd now and then leaves the first request of a session unanswered.
  constexpr int kTries = 4;
  std::string answer;
  for (int tries = 0; tries < kTries && answer.empty(); ++tries) {
    answer = peer()->rpc("<get-config><source><running/></source></get-config>",
                         std::chrono::seconds(5));
  }
  return answer;
}

std::string NetconfdFixture::edit_by_hand(const std::string& native) const {
  const auto other = peer();
  const std::string target = candidate() ? "<candidate/>" : "<running/>";
  std::string answer = other->rpc("<edit-config><target>" + target + "</target><config>" + native +
                                  "</config></edit-config>");
  if (!candidate() || answer.find("<ok/>") == std::string::npos) return answer;
  answer = other->rpc("<commit/>");
  if (answer.find("<ok/>") == std::string::npos) (void)other->rpc("<discard-changes/>");
  return answer;
}

void NetconfdFixture::configure_by_hand(const std::string& native) const {
  ASSERT_THAT(edit_by_hand(native), HasSubstr("<ok/>"));
}

std::string name_of_target(const testing::TestParamInfo<NetconfdTarget>& instance) {
  return instance.param == NetconfdTarget::candidate ? "Candidate" : "Running";
}

}  // namespace wanwise::test
