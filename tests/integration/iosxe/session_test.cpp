// The SSH session against wanwise-router as a process of its own, and against networks that
// misbehave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>

#include "adapters/iosxe/read/telemetry.hpp"
#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/router_process.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace wanwise::iosxe {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using test::RouterProcess;
using Steady = std::chrono::steady_clock;
using testing::HasSubstr;

/// How late a deadline may be kept on a busy machine; far below the seconds other stacks take.
constexpr milliseconds kSlack{500};
const std::string kGet =
    "<get-config><source><running/></source><filter type=\"subtree\">"
    "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"/></filter></get-config>";

class SessionTest : public testing::Test {
 protected:
  void start(const std::vector<std::string>& options = {}) {
    const auto code = m_router.start(options);
    ASSERT_FALSE(code.has_value()) << m_router.output();
    m_access.host = "127.0.0.1";
    m_access.port = m_router.port();
    m_access.user = RouterProcess::kUser;
    m_access.host_key = m_router.host_key();
    m_access.private_key_file = RouterProcess::private_key();
  }
  void TearDown() override {
    if (m_session) m_session->close();
    m_io.restart();
    m_io.run();  // every coroutine must come to its end by itself
  }

  template <class T>
  T run(asio::awaitable<T> what) {
    std::optional<T> result;
    m_io.restart();
    asio::co_spawn(
        m_io,
        [&]() -> asio::awaitable<void> {
          auto value = co_await std::move(what);
          result.emplace(std::move(value));
        },
        [&](const std::exception_ptr& thrown) {
          EXPECT_FALSE(thrown);
          m_io.stop();
        });
    m_io.run();
    return std::move(*result);
  }
  core::Expected<Hello> connect(milliseconds patience = milliseconds{10'000}) {
    Session::Handlers handlers;
    handlers.on_closed = [this](const core::Error& why) { m_closed = why.code; };
    m_session = make_ssh_session(m_io.get_executor(), m_access, std::move(handlers));
    return run(m_session->connect(Steady::now() + patience));
  }
  core::Expected<std::string> rpc(const std::string& operation,
                                  milliseconds patience = milliseconds{10'000}) {
    return run(m_session->rpc(operation, Steady::now() + patience));
  }
  std::string connect_error(milliseconds patience = milliseconds{10'000}) {
    const auto hello = connect(patience);
    return hello ? "connected" : hello.error().code;
  }

  RouterProcess m_router;
  asio::io_context m_io;
  SshAccess m_access;
  std::shared_ptr<Session> m_session;
  std::string m_closed;
};

TEST_F(SessionTest, LogsInWithTheRightKeyAndTalks) {
  start();
  const auto hello = connect();
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_TRUE(hello->base_1_1);
  EXPECT_TRUE(hello->candidate);
  EXPECT_FALSE(hello->writable_running);
  for (int i = 0; i < 20; ++i) {
    const auto reply = rpc(kGet);
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_THAT(*reply, HasSubstr("rpc-reply"));
  }
}

TEST_F(SessionTest, LogsInWithAPasswordFromAFile) {
  start();
  m_access.private_key_file.reset();
  m_access.password =
      Secret{Secret::From::file,
             m_router.folder().write("secret", std::string{RouterProcess::kPassword} + "\n")};
  EXPECT_EQ(connect_error(), "connected");
}

TEST_F(SessionTest, RefusesAHostKeyThatIsNotPinned) {
  start();
  m_access.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto hello = connect();
  ASSERT_FALSE(hello);
  EXPECT_EQ(hello.error().code, "unknown-host-key");
  EXPECT_THAT(hello.error().message, HasSubstr(m_router.host_key()));  // to compare and to pin
  m_access.host_key.clear();
  EXPECT_EQ(connect_error(), "unknown-host-key");
}

TEST_F(SessionTest, NamesARefusedLogin) {
  start();
  m_access.private_key_file = RouterProcess::foreign_key();
  EXPECT_EQ(connect_error(), "login-refused");
  m_access.private_key_file.reset();
  m_access.password = Secret{Secret::From::file, m_router.folder().write("wrong", "wrong")};
  EXPECT_EQ(connect_error(), "login-refused");
}

TEST_F(SessionTest, NamesAMissingCredential) {
  start();
  m_access.private_key_file = m_router.folder().file("no-such-key");
  EXPECT_EQ(connect_error(), "credential-missing");
  m_access.private_key_file.reset();
  EXPECT_EQ(connect_error(), "credential-missing");
}

TEST_F(SessionTest, NamesAClosedPortAndANameNobodyHas) {
  start();
  m_router.kill();
  EXPECT_EQ(connect_error(), "connect-refused");
  m_access.host = "no-such-host.invalid";
  EXPECT_EQ(connect_error(), "resolve-failed");
}

TEST_F(SessionTest, KeepsItsDeadlineWhenThePeerSaysNothing) {
  asio::ip::tcp::acceptor mute{m_io, {asio::ip::address_v4::loopback(), 0}};
  m_access.host = "127.0.0.1";
  m_access.port = mute.local_endpoint().port();
  m_access.user = RouterProcess::kUser;
  m_access.host_key = "SHA256:x";
  m_access.private_key_file = RouterProcess::private_key();
  const auto begin = Steady::now();
  EXPECT_EQ(connect_error(milliseconds{300}), "connect-timeout");
  EXPECT_LT(Steady::now() - begin, milliseconds{300} + kSlack);
}

TEST_F(SessionTest, CutsAReplyThatNeverEndsAtItsDeadline) {
  start();
  test::TcpProxy proxy{m_router.port()};
  m_access.port = proxy.port();
  ASSERT_EQ(connect_error(), "connected");
  ASSERT_TRUE(rpc(kGet));
  proxy.freeze_after(100);  // in the middle of an SSH packet
  const auto begin = Steady::now();
  const auto reply = rpc(kGet, milliseconds{300});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "reply-timeout");
  EXPECT_LT(Steady::now() - begin, milliseconds{300} + kSlack);
  const auto later = rpc(kGet);  // late bytes must never be taken for the next answer
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, "not-connected");
  EXPECT_EQ(m_closed, "reply-timeout");
}

TEST_F(SessionTest, NoticesADeathAtOnce) {
  start({"--fault", "slow-reply=60000"});
  ASSERT_EQ(connect_error(), "connected");
  asio::steady_timer soon{m_io, milliseconds{100}};
  soon.async_wait([this](const auto&) { m_router.kill(); });
  const auto begin = Steady::now();
  const auto reply = rpc(kGet, milliseconds{20'000});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "connection-lost");
  EXPECT_LT(Steady::now() - begin, milliseconds{10'000});
}

TEST_F(SessionTest, EndsWhatIsUnderWayWhenClosed) {
  start({"--fault", "slow-reply=60000"});
  ASSERT_EQ(connect_error(), "connected");
  asio::steady_timer soon{m_io, milliseconds{50}};
  soon.async_wait([this](const auto&) { m_session->close(); });
  const auto reply = rpc(kGet);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "closed");
  EXPECT_EQ(m_closed, "");  // its owner knows
}

}  // namespace
}  // namespace wanwise::iosxe
