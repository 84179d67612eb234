// The whole adapter against wanwise-router as a process of its own: what it posts, what it writes,
// and what becomes of a write when the router says no, hangs or dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

#include "adapters/iosxe/router_port.hpp"
#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/event_recorder.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/support/netconf_peer.hpp"
#include "tests/support/router_process.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

namespace asio = boost::asio;
using samples::site_qos;
using std::chrono::milliseconds;
using test::RouterProcess;
using testing::HasSubstr;
using testing::IsEmpty;

/// A session that tells when the change itself is being asked for, the first time.
class Spy final : public Session {
 public:
  Spy(std::shared_ptr<Session> session, std::string change, std::promise<void>& begun)
      : m_session(std::move(session)), m_change(std::move(change)), m_begun(begun) {}
  asio::awaitable<core::Expected<Hello>> connect(Deadline deadline) override {
    return m_session->connect(deadline);
  }
  asio::awaitable<core::Expected<std::string>> rpc(std::string operation,
                                                   Deadline deadline) override {
    if (!m_change.empty() && operation.find(m_change) != std::string::npos) {
      m_change.clear();
      m_begun.set_value();
    }
    return m_session->rpc(std::move(operation), deadline);
  }
  void close() override { m_session->close(); }

 private:
  std::shared_ptr<Session> m_session;
  std::string m_change;
  std::promise<void>& m_begun;
};

class PortTest : public testing::Test {
 protected:
  void start(const std::vector<std::string>& options = {}, bool through_proxy = false) {
    start_router(options);
    if (through_proxy) m_proxy = std::make_unique<test::TcpProxy>(m_router.port());
    m_config = samples::config();
    m_config.access.host = "127.0.0.1";
    m_config.access.port = m_proxy ? m_proxy->port() : m_router.port();
    m_config.access.user = RouterProcess::kUser;
    m_config.access.host_key = m_router.host_key();
    m_config.access.private_key_file = RouterProcess::private_key();
    m_config.period = core::milliseconds(200);
    m_config.limits.first_backoff = core::milliseconds(20);
    m_config.limits.max_backoff = core::milliseconds(100);
    m_config.limits.lock_retry = core::milliseconds(10);
  }
  void start_router(const std::vector<std::string>& options) {
    const auto code = m_router.start(options);
    ASSERT_FALSE(code.has_value()) << m_router.output();
  }
  void open() {
    auto schema = Schema::load(WANWISE_SOURCE_DIR "/yang");
    ASSERT_TRUE(schema);
    const SessionFactory factory = [this](asio::any_io_executor executor, const SshAccess& access,
                                          Session::Handlers handlers) -> std::shared_ptr<Session> {
      auto ssh = make_ssh_session(std::move(executor), access, std::move(handlers));
      return std::make_shared<Spy>(std::move(ssh), m_change, m_change_begun);
    };
    auto port = RouterPort::create(m_io.get_executor(), m_clock, m_config, *schema, factory);
    ASSERT_TRUE(port);
    m_port = std::move(*port);
    m_thread = std::thread{[this] { m_io.run(); }};
    m_port->start(m_sink);
  }
  void open_connected() {
    open();
    const auto session = m_sink.take<core::RouterSession>();
    ASSERT_TRUE(session);
    ASSERT_EQ(session->state, core::SessionState::connected) << session->reason << session->detail;
  }
  void TearDown() override {
    if (m_port) m_port->stop();
    m_work.reset();
    if (m_thread.joinable()) m_thread.join();  // every coroutine came to its end by itself
  }

  std::optional<core::ActionDone> apply(const core::RouterQos& qos,
                                        milliseconds patience = milliseconds{10'000}) {
    const core::ActionId id = ++m_last_id;
    m_port->submit(id, {qos}, m_clock.now() + core::milliseconds(patience.count()));
    return m_sink.take<core::ActionDone>([id](const auto& done) { return done.id == id; });
  }
  std::optional<core::RouterQosObserved> observed() {
    return m_sink.take<core::RouterQosObserved>();
  }
  std::unique_ptr<test::NetconfPeer> peer() {
    auto connected = test::NetconfPeer::connect({.port = m_router.port(),
                                                 .user = RouterProcess::kUser,
                                                 .password = RouterProcess::kPassword,
                                                 .private_key = ""});
    return std::get<0>(std::move(connected));
  }
  /// The whole running configuration, as another client sees it.
  std::string running() {
    return peer()->rpc("<get-config><source><running/></source></get-config>");
  }

  RouterProcess m_router;
  std::unique_ptr<test::TcpProxy> m_proxy;
  test::MachineClock m_clock;
  test::EventRecorder m_sink;
  RouterConfig m_config;
  asio::io_context m_io;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> m_work{
      m_io.get_executor()};
  std::unique_ptr<RouterPort> m_port;
  std::thread m_thread;
  core::ActionId m_last_id = 0;
  std::string m_change;  ///< the operation that sets m_change_begun
  std::promise<void> m_change_begun;
};

TEST_F(PortTest, PostsSessionConfigurationAndTelemetryAfterTheStart) {
  start();
  open_connected();
  const auto config = observed();
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->qos);
  for (const char* link : {"lte", "wired"}) {
    const auto counters = m_sink.take<core::LinkCounters>(
        [&](const auto& sample) { return sample.link.text == link; });
    ASSERT_TRUE(counters) << link;
    EXPECT_TRUE(counters->up);
  }
  const auto radio = m_sink.take<core::RadioSample>();
  ASSERT_TRUE(radio);
  EXPECT_EQ(radio->access, core::RadioAccess::lte);
  EXPECT_TRUE(radio->in_service);
  EXPECT_EQ(radio->rsrp, core::MilliDb{-95'000});
}

/// Telemetry goes on, by push and, where the router knows no subscriptions, by polling.
class BothWays : public PortTest, public testing::WithParamInterface<const char*> {};

TEST_P(BothWays, TelemetryKeepsComing) {
  const std::string option = GetParam();
  start(option.empty() ? std::vector<std::string>{} : std::vector<std::string>{option});
  open_connected();
  core::Instant last{0};
  for (int i = 0; i < 4; ++i) {
    const auto sample = m_sink.take<core::LinkCounters>([&](const auto& counters) {
      return counters.link.text == "lte" && counters.observed_at > last;
    });
    ASSERT_TRUE(sample) << i;
    last = sample->observed_at;
    ASSERT_TRUE(m_sink.take<core::RadioSample>()) << i;
  }
  EXPECT_EQ(m_port->degradations().contains(degraded::kPushRefused), !option.empty());
}
INSTANTIATE_TEST_SUITE_P(Port, BothWays, testing::Values("", "--no-push"));

/// A write, its reading back and the removal, with a candidate datastore and without.
class BothDatastores : public PortTest, public testing::WithParamInterface<const char*> {};

TEST_P(BothDatastores, WritesReadsBackAndChanges) {
  start({"--datastore", GetParam()});
  open_connected();
  ASSERT_TRUE(observed());
  auto done = apply(site_qos());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::done) << done->reason << ": " << done->detail;
  auto now = observed();
  ASSERT_TRUE(now && now->qos);
  EXPECT_EQ(*now->qos, site_qos());

  core::RouterQos slower = site_qos();
  slower.wans[0].shaper = core::Bps{2'500'000};
  slower.wans[1].queues.clear();
  slower.marking[0].flows.push_back(samples::tcp("192.168.60.0/24", "203.0.113.10", 8443));
  done = apply(slower);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::done) << done->reason << ": " << done->detail;
  now = observed();
  ASSERT_TRUE(now && now->qos);
  EXPECT_EQ(*now->qos, slower);

  done = apply({slower.router, slower.lan_interface, {}, {}});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::done) << done->reason << ": " << done->detail;
  EXPECT_THAT(running(), testing::Not(HasSubstr("WANWISE")));
  EXPECT_THAT(peer()->rpc("<lock><target><running/></target></lock>"), HasSubstr("<ok/>"));
}

TEST_P(BothDatastores, ARefusedEditLeavesTheConfigurationAsItWas) {
  start({"--datastore", GetParam(), "--fault", "refuse-edit"});
  open_connected();
  const std::string before = running();
  const auto done = apply(site_qos());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::refused);
  EXPECT_EQ(done->reason, "rpc-error");
  EXPECT_THAT(done->detail, HasSubstr("Device refused one or more commands"));
  EXPECT_EQ(running().find("WANWISE"), std::string::npos);
  EXPECT_EQ(running(), before);
  EXPECT_THAT(peer()->rpc("<lock><target><running/></target></lock>"), HasSubstr("<ok/>"));
}

TEST_P(BothDatastores, ARouterThatDiesInTheMiddleLeavesAnUnknownOutcome) {
  const std::string datastore = GetParam();
  start({"--datastore", datastore, "--fault", "hang-commit"}, true);
  m_change = datastore == "candidate" ? "<commit>" : "<edit-config>";
  open_connected();
  ASSERT_TRUE(observed());
  m_port->submit(++m_last_id, {site_qos()}, m_clock.now() + core::seconds(20));
  ASSERT_EQ(m_change_begun.get_future().wait_for(std::chrono::seconds{20}),
            std::future_status::ready);
  m_router.kill();
  const auto done = m_sink.take<core::ActionDone>();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::unknown) << done->reason << done->detail;
  EXPECT_EQ(done->reason, "connection-lost");
  m_sink.clear();
  start_router({"--datastore", datastore});
  m_proxy->set_target(m_router.port());
  const auto after = observed();  // what is true now is told after the reconnection
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->qos);
}
INSTANTIATE_TEST_SUITE_P(Port, BothDatastores, testing::Values("candidate", "running"));

TEST_F(PortTest, NeverReplacesThePolicyOfSomebodyElse) {
  start();
  {
    const auto other = peer();
    const std::string policy = "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\"";
    other->rpc(
        "<edit-config><target><candidate/></target><config>"
        "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"><policy><policy-map " +
        policy +
        "><name>OPERATOR</name><class><name>class-default</name></class></policy-map></policy>"
        "<interface><Cellular><name>0/1/0</name><service-policy " +
        policy +
        "><output>OPERATOR</output></service-policy></Cellular></interface></native>"
        "</config></edit-config>");
    ASSERT_THAT(other->rpc("<commit/>"), HasSubstr("<ok/>"));
  }
  open_connected();
  const auto config = observed();
  ASSERT_TRUE(config);
  EXPECT_THAT(config->foreign, testing::ElementsAre("Cellular0/1/0 output OPERATOR"));
  const std::string before = running();
  const auto done = apply(site_qos());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::refused);
  EXPECT_EQ(done->reason, "foreign-policy");
  EXPECT_EQ(running(), before);
}

TEST_F(PortTest, WaitsForALockButNotBeyondItsDeadline) {
  start();
  open_connected();
  auto holder = peer();
  ASSERT_THAT(holder->rpc("<lock><target><running/></target></lock>"), HasSubstr("<ok/>"));
  const auto refused = apply(site_qos(), milliseconds{1500});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->outcome, core::Outcome::refused);
  EXPECT_EQ(refused->reason, "lock-denied");
  const core::ActionId id = ++m_last_id;
  m_port->submit(id, {site_qos()}, m_clock.now() + core::seconds(15));
  holder->rpc("<unlock><target><running/></target></unlock>");
  const auto done = m_sink.take<core::ActionDone>();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::done) << done->reason << done->detail;
}

TEST_F(PortTest, RefusesWritesWhileThereIsNoSession) {
  start();
  m_router.kill();
  open();
  const auto session = m_sink.take<core::RouterSession>();
  ASSERT_TRUE(session);
  EXPECT_EQ(session->state, core::SessionState::disconnected);
  EXPECT_EQ(session->reason, "connect-refused");
  const auto done = apply(site_qos());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::refused);
  EXPECT_EQ(done->reason, "not-connected");
}

TEST_F(PortTest, ComesBackWhenTheRouterDoes) {
  start({}, true);
  open_connected();
  ASSERT_EQ(apply(site_qos())->outcome, core::Outcome::done);
  m_sink.clear();
  m_router.kill();
  const auto lost = m_sink.take<core::RouterSession>();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->state, core::SessionState::disconnected);
  EXPECT_EQ(lost->reason, "connection-lost");
  start_router({});
  m_proxy->set_target(m_router.port());
  ASSERT_TRUE(m_sink.take<core::RouterSession>(
      [](const auto& session) { return session.state == core::SessionState::connected; }));
  const auto fresh = observed();
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(fresh->qos);  // it was not saved
  ASSERT_TRUE(m_sink.take<core::LinkCounters>());
}

TEST_F(PortTest, AReplyThatNeverEndsEndsTheSessionAndTheWriteByItsDeadline) {
  start({"--no-push"}, true);
  m_config.period = core::seconds(60);  // nobody but the write is asking
  m_config.limits.connect = core::seconds(1);
  open_connected();
  ASSERT_TRUE(m_sink.take<core::RadioSample>());
  m_proxy->freeze_after(0);
  const auto begin = std::chrono::steady_clock::now();
  const auto done = apply(site_qos(), milliseconds{500});
  ASSERT_TRUE(done);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds{1500});
  EXPECT_EQ(done->outcome, core::Outcome::failed) << done->reason;
  EXPECT_EQ(done->reason, "reply-timeout");
  m_proxy->cut();
  m_proxy->thaw();
  ASSERT_TRUE(m_sink.take<core::RouterSession>(
      [](const auto& session) { return session.state == core::SessionState::connected; }));
  EXPECT_EQ(running().find("WANWISE"), std::string::npos);
}

TEST_F(PortTest, LivesWithTheOdditiesOfRealDevices) {
  start({"--no-push", "--fault", "speed", "--fault", "opaque", "--fault", "no-radio"});
  open_connected();
  ASSERT_TRUE(m_sink.take<core::LinkCounters>());
  ASSERT_EQ(apply(site_qos())->outcome, core::Outcome::done);
  EXPECT_TRUE(m_port->degradations().contains(degraded::kRadioMissing));
}

TEST_F(PortTest, CountsNegativeCountersAndStillWrites) {
  start({"--no-push", "--fault", "negative-counters"});
  open_connected();
  ASSERT_TRUE(m_sink.take<core::RadioSample>());
  ASSERT_EQ(apply(site_qos())->outcome, core::Outcome::done);
  EXPECT_TRUE(m_port->degradations().contains(degraded::kInvalidValue));
  EXPECT_TRUE(m_port->degradations().contains(degraded::kCountersMissing));
}

TEST_F(PortTest, PostsNothingAfterStop) {
  start();
  open_connected();
  ASSERT_TRUE(m_sink.take<core::LinkCounters>());
  m_port->stop();
  m_sink.clear();
  m_port->submit(99, {site_qos()}, m_clock.now() + core::milliseconds(100));
  m_work.reset();
  m_thread.join();
  EXPECT_THAT(m_sink.events(), IsEmpty());
}

TEST_F(PortTest, RefusesWhatTheSchemaForbidsWithoutAskingTheRouter) {
  start();
  open_connected();
  core::RouterQos qos = site_qos();
  qos.wans[0].shaper = core::Bps{1};  // below the smallest rate IOS shapes to
  const auto done = apply(qos);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, core::Outcome::refused);
  EXPECT_EQ(done->reason, "invalid-qos");
}

}  // namespace
}  // namespace wanwise::iosxe
