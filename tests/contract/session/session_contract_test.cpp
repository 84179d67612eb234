// What every session does with a router in good health: the hello, requests one by one and many at
// once, notifications in between, large messages.
#include <atomic>
#include <fstream>
#include <sstream>

#include "adapters/iosxe/read/subscribe.hpp"
#include "tests/contract/session/session_fixture.hpp"

namespace wanwise::iosxe {
namespace {

using test::CannedPeer;
using test::CannedScript;
using testing::ElementsAre;
using testing::HasSubstr;

class SessionTalk : public SessionContract {};
WANWISE_BOTH_STACKS(SessionTalk);

std::string file_text(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void open_with(CannedPeer& peer, const std::string& hello) {
  peer.raw(hello + "]]>]]>");
}

TEST_P(SessionTalk, LogsInWithTheRightKeyAndTalks) {
  use_emulator();
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

TEST_P(SessionTalk, SaysTheSameOfARoutersHelloWhateverModulesItLists) {
  CannedScript script;
  script.on_open = [](CannedPeer& peer) { open_with(peer, test::canned_hello(360)); };
  use(std::move(script));
  const auto hello = connect();
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_EQ(hello->capabilities, 368u);
  EXPECT_EQ(hello->session_id, 4711u);
  EXPECT_TRUE(hello->base_1_1);
  EXPECT_TRUE(hello->candidate);
  EXPECT_TRUE(hello->validate);
  EXPECT_FALSE(hello->confirmed_commit);
  EXPECT_TRUE(rpc(kGet));
}

TEST_P(SessionTalk, TakesTheHelloOfARealIR1101) {
  const std::string text =
      file_text(WANWISE_SOURCE_DIR "/../shared/yang-xe/17151/capability-ir1101.xml");
  if (text.empty()) GTEST_SKIP() << "../shared/yang-xe/17151 is not there";
  CannedScript script;
  script.on_open = [text](CannedPeer& peer) { open_with(peer, test::hello_from(text)); };
  use(std::move(script));
  const auto hello = connect();
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_GT(hello->capabilities, 100u);
  EXPECT_TRUE(rpc(kGet));
}

TEST_P(SessionTalk, SpeaksTheOldFramingWithARouterThatHasNoOther) {
  CannedScript script;
  script.on_open = [](CannedPeer& peer) {
    open_with(peer, test::hello_from("<capability>urn:ietf:params:netconf:base:1.0</capability>"));
  };
  // The peer's own framing follows the client's hello; here it must not.
  script.on_message = nullptr;
  use(std::move(script));
  const auto hello = connect();
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_FALSE(hello->base_1_1);
}

TEST_P(SessionTalk, HandsOverTheRepliesTextAsItCame) {
  const std::string odd =
      "<data><x xmlns=\"urn:nobody-knows\" xmlns:q=\"urn:q\"> 1 <q:y q:z='&lt;'/></x></data>";
  CannedScript script;
  script.on_message = [odd](CannedPeer& peer, const std::string& request) {
    peer.reply(request, odd);
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  const auto reply = rpc(kGet);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_THAT(*reply, HasSubstr(odd));
}

TEST_P(SessionTalk, GivesAnRpcErrorAsAReply) {
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string& request) {
    peer.reply(request,
               "<rpc-error><error-type>application</error-type><error-tag>lock-denied</error-tag>"
               "<error-severity>error</error-severity></rpc-error>");
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  const auto reply = rpc("<lock><target><candidate/></target></lock>");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_THAT(*reply, HasSubstr("lock-denied"));
}

TEST_P(SessionTalk, KeepsAnswersApartWithManyRequestsUnderWay) {
  constexpr int kRequests = 50;
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string& request) {
    const std::size_t at = request.find("urn:n");
    peer.reply(request, "<data><n xmlns=\"" + request.substr(at, request.find('"', at) - at) +
                            "\"/></data>");
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  int right = 0;
  int ended = 0;
  for (int i = 0; i < kRequests; ++i) {
    asio::co_spawn(
        m_io,
        [&, i]() -> asio::awaitable<void> {
          const std::string mark = "urn:n" + std::to_string(i) + "x";
          const std::string request =
              "<get><filter type=\"subtree\"><n xmlns=\"" + mark + "\"/></filter></get>";
          const auto reply = co_await m_session->rpc(request, Steady::now() + kPatience);
          if (reply && reply->find(mark + "\"") != std::string::npos) ++right;
          ++ended;
        },
        [](const std::exception_ptr& thrown) { EXPECT_FALSE(thrown); });
  }
  ASSERT_TRUE(run_until([&] { return ended == kRequests; }));
  EXPECT_EQ(right, kRequests);
}

TEST_P(SessionTalk, HandsOverNotificationsBetweenRepliesInOrder) {
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string& request) {
    peer.message(test::canned_push(7, 1));
    peer.message(test::canned_notification());
    peer.reply(request, "<data/>");
    peer.message(test::canned_push(8, 2));
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  ASSERT_TRUE(rpc(kGet));
  ASSERT_TRUE(run_until([&] { return m_notifications.size() == 3; }));
  EXPECT_THAT(m_notifications,
              ElementsAre(HasSubstr(">7<"), HasSubstr("netconf-config-change"), HasSubstr(">8<")));
  EXPECT_TRUE(rpc(kGet));
}

TEST_P(SessionTalk, HandsOverANotificationThatNoModuleOfOursDescribes) {
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string& request) {
    peer.message(
        "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"><eventTime>"
        "2026-11-01T10:00:00Z</eventTime><strange xmlns=\"urn:strange\"/></notification>");
    peer.reply(request, "<data/>");
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  EXPECT_TRUE(rpc(kGet));
  ASSERT_TRUE(run_until([&] { return m_notifications.size() == 1; }));
  EXPECT_TRUE(rpc(kGet));
}

TEST_P(SessionTalk, CarriesAMessageOfMegabytesBothWays) {
  constexpr std::size_t kBytes = std::size_t{2} << 20;
  std::atomic<std::size_t> asked = 0;  // the canned router has its own thread
  CannedScript script;
  script.on_message = [&](CannedPeer& peer, const std::string& request) {
    asked = request.size();
    peer.reply(request, "<data><!--" + std::string(kBytes, 'y') + "--></data>");
  };
  use(std::move(script));
  ASSERT_EQ(connect_error(), "connected");
  const auto reply = rpc("<edit-config><target><candidate/></target><config><x xmlns=\"urn:x\">" +
                         std::string(kBytes, 'z') + "</x></config></edit-config>");
  ASSERT_TRUE(reply) << reply.error().message << ", asked " << asked;
  EXPECT_GT(reply->size(), kBytes);
  EXPECT_GT(asked, kBytes);
}

TEST_P(SessionTalk, SubscribesAndHearsTheEmulatorPush) {
  use_emulator();
  ASSERT_EQ(connect_error(), "connected");
  const auto reply =
      rpc(establish_subscription({FeedKind::interface, "Cellular0/1/0"}, core::milliseconds(100)));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_THAT(*reply, HasSubstr("subscription-id"));
  ASSERT_TRUE(run_until([&] { return m_notifications.size() >= 3; }));
  EXPECT_THAT(m_notifications.front(), HasSubstr("push-update"));
}

}  // namespace
}  // namespace wanwise::iosxe
