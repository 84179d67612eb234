// The whole adapter against a NETCONF server that no one here wrote, Debian's netconfd behind
// OpenSSH with the vendor's own modules: it writes, reads back, changes, refuses what is somebody
// else's, and takes everything out again. A second session of another client looks on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <thread>

#include "adapters/iosxe/router_port.hpp"
#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/interop/netconfd/netconfd.hpp"
#include "tests/support/event_recorder.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

namespace asio = boost::asio;
using samples::site_qos;
using test::Netconfd;
using test::NetconfdTarget;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kOperatorPolicy =
    "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><policy>"
    "<policy-map xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"><name>OPERATOR</name>"
    "<class><name>class-default</name></class></policy-map></policy><interface><Cellular>"
    "<name>0/1/0</name><service-policy xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\">"
    "<output>OPERATOR</output></service-policy></Cellular></interface></native>";

class NetconfdTest : public testing::TestWithParam<NetconfdTarget> {
 protected:
  void SetUp() override {
    if (const auto missing = Netconfd::missing()) GTEST_SKIP() << *missing;
    const auto failed = m_server.start(GetParam());
    ASSERT_FALSE(failed) << *failed;
  }

  void TearDown() override {
    if (m_port) m_port->stop();
    m_work.reset();
    if (m_thread.joinable()) m_thread.join();
    if (HasFailure()) std::cout << m_server.log() << "\n";
  }

  void connect() {
    RouterConfig config = samples::config();
    config.access.host = "127.0.0.1";
    config.access.port = m_server.port();
    config.access.user = Netconfd::user();
    config.access.host_key = m_server.host_key();
    config.access.private_key_file = m_server.private_key();
    config.limits.lock_retry = core::milliseconds(10);
    auto schema = Schema::load(WANWISE_SOURCE_DIR "/yang");
    ASSERT_TRUE(schema);
    auto port = RouterPort::create(m_io.get_executor(), m_clock, config, *schema, make_ssh_session);
    ASSERT_TRUE(port);
    m_port = std::move(*port);
    m_thread = std::thread{[this] { m_io.run(); }};
    m_port->start(m_sink);
    const auto session = m_sink.take<core::RouterSession>();
    ASSERT_TRUE(session);
    ASSERT_EQ(session->state, core::SessionState::connected) << session->reason << session->detail;
  }

  core::ActionDone apply(const core::RouterQos& qos) {
    const core::ActionId id = ++m_last_id;
    m_port->submit(id, {qos}, m_clock.now() + core::seconds(15));
    const auto done =
        m_sink.take<core::ActionDone>([id](const auto& ended) { return ended.id == id; });
    EXPECT_TRUE(done);
    return done.value_or(core::ActionDone{});
  }

  void expect_written(const core::RouterQos& qos) {
    m_sink.clear();
    const core::ActionDone done = apply(qos);
    ASSERT_EQ(done.outcome, core::Outcome::done) << done.reason << ": " << done.detail;
    const auto observed = m_sink.take<core::RouterQosObserved>();
    ASSERT_TRUE(observed && observed->qos);
    EXPECT_EQ(*observed->qos, qos);
  }

  /// What another client's session reads.
  std::string running() {
    return peer()->rpc("<get-config><source><running/></source></get-config>");
  }

  std::unique_ptr<test::NetconfPeer> peer() {
    auto connected = test::NetconfPeer::connect({.port = m_server.port(),
                                                 .user = Netconfd::user(),
                                                 .password = "",
                                                 .private_key = m_server.private_key()});
    return std::get<0>(std::move(connected));
  }

  void configure_by_hand(const std::string& native) {
    const auto other = peer();
    const bool candidate = GetParam() == NetconfdTarget::candidate;
    const std::string target = candidate ? "<candidate/>" : "<running/>";
    ASSERT_THAT(other->rpc("<edit-config><target>" + target + "</target><config>" + native +
                           "</config></edit-config>"),
                HasSubstr("<ok/>"));
    if (!candidate) return;
    ASSERT_THAT(other->rpc("<commit/>"), HasSubstr("<ok/>"));
  }

  Netconfd m_server;
  test::MachineClock m_clock;
  test::EventRecorder m_sink;
  asio::io_context m_io;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> m_work{
      m_io.get_executor()};
  std::unique_ptr<RouterPort> m_port;
  std::thread m_thread;
  core::ActionId m_last_id = 0;
};

TEST_P(NetconfdTest, HoldsWhatWanwiseWritesUntilItIsTakenOut) {
  ASSERT_NO_FATAL_FAILURE(connect());
  const auto empty = m_sink.take<core::RouterQosObserved>();
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->qos);

  ASSERT_NO_FATAL_FAILURE(expect_written(site_qos()));
  EXPECT_THAT(running(), HasSubstr("<bit-rate>8000000</bit-rate>"));

  // Its commit after <validate> is answered ok and does nothing: the reading back saw that.
  const bool candidate = GetParam() == NetconfdTarget::candidate;
  EXPECT_EQ(m_port->degradations().contains(degraded::kValidateUnsafe), candidate);

  core::RouterQos slower = site_qos();
  slower.wans[0].shaper = core::Bps{2'500'000};
  ASSERT_NO_FATAL_FAILURE(expect_written(slower));
  EXPECT_THAT(running(), HasSubstr("<bit-rate>2500000</bit-rate>"));
  EXPECT_THAT(running(), Not(HasSubstr("<bit-rate>8000000</bit-rate>")));

  const core::ActionDone removed = apply({slower.router, slower.lan_interface, {}, {}});
  EXPECT_EQ(removed.outcome, core::Outcome::done) << removed.reason << ": " << removed.detail;
  EXPECT_THAT(running(), Not(HasSubstr("WANWISE")));
  EXPECT_THAT(peer()->rpc("<lock><target><running/></target></lock>"), HasSubstr("<ok/>"));
}

TEST_P(NetconfdTest, KeepsThePolicyOfSomebodyElse) {
  ASSERT_NO_FATAL_FAILURE(configure_by_hand(kOperatorPolicy));
  ASSERT_NO_FATAL_FAILURE(connect());
  const auto observed = m_sink.take<core::RouterQosObserved>();
  ASSERT_TRUE(observed);
  EXPECT_THAT(observed->foreign, testing::ElementsAre("Cellular0/1/0 output OPERATOR"));
  const core::ActionDone done = apply(site_qos());
  EXPECT_EQ(done.outcome, core::Outcome::refused);
  EXPECT_EQ(done.reason, "foreign-policy");
  EXPECT_THAT(running(), HasSubstr("OPERATOR"));
  EXPECT_THAT(running(), Not(HasSubstr("WANWISE")));
}

INSTANTIATE_TEST_SUITE_P(Interop, NetconfdTest,
                         testing::Values(NetconfdTarget::candidate, NetconfdTarget::running),
                         [](const auto& instance) {
                           const bool candidate = instance.param == NetconfdTarget::candidate;
                           return candidate ? "Candidate" : "Running";
                         });

}  // namespace
}  // namespace wanwise::iosxe
