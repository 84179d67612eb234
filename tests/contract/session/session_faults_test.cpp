// What every session does when the router or the network misbehaves: each step has its deadline,
// each breach of the protocol its name, and what comes late is never taken for an answer.
#include <boost/asio/ip/tcp.hpp>

#include "tests/contract/session/session_fixture.hpp"

namespace wanwise::iosxe {
namespace {

using test::CannedPeer;
using test::CannedScript;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SessionFaults : public SessionContract {
 protected:
  /// Connects to a peer that answers every request with these bytes.
  void connect_to_one_that_says(const std::string& bytes) {
    CannedScript script;
    script.on_message = [bytes](CannedPeer& peer, const std::string&) { peer.raw(bytes); };
    use(std::move(script));
    ASSERT_EQ(connect_error(), "connected");
  }
  /// The request ends as told, and so has the session, told once.
  void expect_end(const std::string& code, milliseconds patience = kPatience) {
    const auto begin = Steady::now();
    EXPECT_EQ(rpc_error(kGet, patience), code);
    EXPECT_LT(Steady::now() - begin, patience + kSlack);
    EXPECT_EQ(rpc_error(kGet), "not-connected");
    EXPECT_TRUE(run_until([&] { return !m_closed.empty(); }));
    EXPECT_THAT(m_closed, ElementsAre(code));
  }
  void expect_connect_timeout() {
    constexpr milliseconds kDeadline{300};
    const auto begin = Steady::now();
    EXPECT_EQ(connect_error(kDeadline), "connect-timeout");
    EXPECT_LT(Steady::now() - begin, kDeadline + kSlack);
    EXPECT_THAT(m_closed, IsEmpty());  // it was never open
  }
};
WANWISE_BOTH_STACKS(SessionFaults);

TEST_P(SessionFaults, KeepsItsDeadlineWhenNoBannerComes) {
  CannedScript script;
  script.mute = true;
  use(std::move(script));
  expect_connect_timeout();
}

TEST_P(SessionFaults, KeepsItsDeadlineWhenNoHelloComes) {
  CannedScript script;
  script.on_open = [](CannedPeer&) {};
  use(std::move(script));
  expect_connect_timeout();
}

TEST_P(SessionFaults, KeepsItsDeadlineInTheMiddleOfTheHello) {
  CannedScript script;
  script.on_open = [](CannedPeer& peer) { peer.raw(test::canned_hello(100).substr(0, 2000)); };
  use(std::move(script));
  expect_connect_timeout();
}

TEST_P(SessionFaults, NamesAHelloThatIsNone) {
  for (const char* hello : {"<rpc-reply/>]]>]]>", "no XML]]>]]>",
                            "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"/>]]>]]>"}) {
    CannedScript script;
    script.on_open = [hello](CannedPeer& peer) { peer.raw(hello); };
    use(std::move(script));
    EXPECT_EQ(connect_error(), "protocol-error") << hello;
  }
}

TEST_P(SessionFaults, CutsAReplyThatNeverBegins) {
  CannedScript script;
  script.on_message = [](CannedPeer&, const std::string&) {};
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  expect_end("reply-timeout", milliseconds{300});
}

TEST_P(SessionFaults, CutsAReplyThatNeverEnds) {
  connect_to_one_that_says("\n#1000\n<rpc-reply ");
  expect_end("reply-timeout", milliseconds{300});
}

TEST_P(SessionFaults, CutsAReplyThatDrips) {
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string& request) {
    peer.throttle(1);  // a byte a turn: 10 kB take ten seconds
    peer.reply(request, "<data>" + std::string(10'000, ' ') + "</data>");
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  expect_end("reply-timeout", milliseconds{400});
}

TEST_P(SessionFaults, CutsAReplyThatStopsInsideAnSshPacket) {
  use_emulator();
  test::TcpProxy proxy{m_router.port()};
  m_access.port = proxy.port();
  ASSERT_EQ(connect_error(), "connected");
  ASSERT_TRUE(rpc(kGet));
  proxy.freeze_after(100);
  expect_end("reply-timeout", milliseconds{300});
}

TEST_P(SessionFaults, EndsAtBadFraming) {
  for (const char* bytes :
       {"\n#0\n", "\n##\n", "\n#18446744073709551615\n", "\n#-1\n", "\n#x\n", "<rpc-reply/>"}) {
    m_closed.clear();
    connect_to_one_that_says(bytes);
    expect_end("protocol-error");
  }
}

TEST_P(SessionFaults, EndsAtAMessageThatIsTooBig) {
  connect_to_one_that_says("\n#4294967295\n");
  expect_end("message-too-big");
}

TEST_P(SessionFaults, EndsAtAReplyToNothing) {
  connect_to_one_that_says(
      "\n#77\n<rpc-reply xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" message-id=\"9\"/>  "
      "\n##\n");
  expect_end("protocol-error");
}

TEST_P(SessionFaults, EndsAtAMessageOfAnotherKind) {
  connect_to_one_that_says("\n#6\n<odd/>\n##\n");
  expect_end("protocol-error");
}

TEST_P(SessionFaults, RefusesARequestThatIsTooBigAndLivesOn) {
  use({});
  ASSERT_EQ(connect_error(), "connected");
  EXPECT_EQ(rpc_error("<get><!--" + std::string(kMaxUnsentBytes, 'x') + "--></get>"),
            "message-too-big");
  EXPECT_TRUE(rpc(kGet));
}

TEST_P(SessionFaults, NoticesThatTheRouterEndsTheSession) {
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string&) { peer.hang_up(); };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  expect_end("connection-lost");
}

TEST_P(SessionFaults, NoticesADeathAtOnce) {
  use_emulator({"--fault", "slow-reply=60000"});
  ASSERT_EQ(connect_error(), "connected");
  asio::steady_timer soon{m_io, milliseconds{100}};
  soon.async_wait([this](const auto&) { m_router.kill(); });
  const auto begin = Steady::now();
  EXPECT_EQ(rpc_error(kGet), "connection-lost");
  EXPECT_LT(Steady::now() - begin, milliseconds{10'000});
}

TEST_P(SessionFaults, EndsWhatIsUnderWayWhenClosed) {
  CannedScript script;
  script.on_message = [](CannedPeer&, const std::string&) {};
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  asio::steady_timer soon{m_io, milliseconds{50}};
  soon.async_wait([this](const auto&) { m_session->close(); });
  EXPECT_EQ(rpc_error(kGet), "closed");
  EXPECT_THAT(m_closed, IsEmpty());  // its owner knows
}

TEST_P(SessionFaults, CanBeClosedWhileItConnects) {
  CannedScript script;
  script.on_open = [](CannedPeer&) {};
  use(std::move(script));
  asio::steady_timer soon{m_io, milliseconds{200}};
  soon.async_wait([this](const auto&) { m_session->close(); });
  EXPECT_EQ(connect_error(), "closed");
}

TEST_P(SessionFaults, EndlessNotificationsDoNotStarveARequest) {
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string& request) {
    peer.every(milliseconds{1}, [&peer] {
      while (peer.unsent() < 65'536) peer.message(test::canned_push(1, 1));
    });
    peer.reply(request, "<data/>");
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  ASSERT_TRUE(rpc(kGet));
  ASSERT_TRUE(run_until([&] { return m_notifications.size() > 1000; }));
  // One of the same thread has its turns meanwhile.
  std::size_t turns = 0;
  asio::steady_timer tick{m_io};
  std::function<void()> again = [&] {
    tick.expires_after(milliseconds{1});
    tick.async_wait([&](const auto& failed) {
      if (!failed && ++turns < 20) again();
    });
  };
  again();
  EXPECT_TRUE(run_until([&] { return turns == 20; }));
}

}  // namespace
}  // namespace wanwise::iosxe
