// The life of a session, on sessions that do as they are told: what is posted when one ends. No
// time passes: everything is run until nothing is left to do but wait.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/iosxe/errors.hpp"
#include "adapters/iosxe/router_port.hpp"
#include "tests/support/event_recorder.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise::iosxe {
namespace {

namespace asio = boost::asio;

/// Connects, answers with nothing, and dies at the request of that number. As the real ones do, it
/// tells its owner a turn after it has died, and refuses what is asked of it until then.
class Mortal final : public Session {
 public:
  Mortal(asio::any_io_executor executor, Handlers handlers, int dies_at)
      : m_executor(std::move(executor)), m_handlers(std::move(handlers)), m_dies_at(dies_at) {}

  asio::awaitable<core::Expected<Hello>> connect(Deadline) override { co_return Hello{}; }
  asio::awaitable<core::Expected<std::string>> rpc(std::string, Deadline) override {
    if (++m_asked < m_dies_at)
      co_return "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'>"
                "<data/></rpc-reply>";
    asio::post(m_executor, [this] {
      m_handlers.on_closed({errors::kConnectionLost, "the router ended the session"});
    });
    co_return core::fail(errors::kNotConnected, "the session is not open");
  }
  void close() override {}

 private:
  asio::any_io_executor m_executor;
  Handlers m_handlers;
  int m_asked = 0;
  int m_dies_at;
};

class Loop : public testing::Test {
 protected:
  void begin(int dies_at) {
    const SessionFactory factory = [this, dies_at](asio::any_io_executor executor, const SshAccess&,
                                                   Session::Handlers handlers) {
      auto session = std::make_shared<Mortal>(std::move(executor), std::move(handlers), dies_at);
      m_sessions.push_back(session);
      return session;
    };
    RouterConfig config = samples::config();
    config.limits.first_backoff = config.limits.max_backoff = core::seconds(3600);
    auto port = RouterPort::create(m_io.get_executor(), m_clock, config, nullptr, factory);
    ASSERT_TRUE(port);
    m_port = std::move(*port);
    m_port->start(m_sink);
    settle();
  }
  void settle() {
    m_io.restart();
    while (m_io.poll() > 0) {
    }
  }
  void TearDown() override {
    m_port->stop();
    m_io.restart();
    m_io.run();
  }

  asio::io_context m_io;
  test::MachineClock m_clock;
  test::EventRecorder m_sink;
  std::vector<std::shared_ptr<Session>> m_sessions;
  std::unique_ptr<RouterPort> m_port;
};

/// Whatever was being done when it died: the reading begins with some ten requests.
TEST_F(Loop, TheReasonOfALossIsTheSessionsAndNotWhatTheNextRequestMet) {
  begin(3);
  const auto lost = test::last_of<core::RouterSession>(m_sink.events());
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->state, core::SessionState::disconnected);
  EXPECT_EQ(lost->reason, errors::kConnectionLost);
  EXPECT_EQ(lost->detail, "the router ended the session");
}

}  // namespace
}  // namespace wanwise::iosxe
