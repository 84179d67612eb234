#include "tests/integration/router/peer_fixture.hpp"

namespace wanwise::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class LoginTest : public RouterTest {
 protected:
  [[nodiscard]] static std::string outcome(const Login& login) {
    const auto connected = NetconfPeer::connect(login);
    const auto* why = std::get_if<std::string>(&connected);
    return why == nullptr ? "in" : *why;
  }
};

TEST_F(LoginTest, WorksByPasswordAndByKeyAndNotOtherwise) {
  start();
  EXPECT_EQ(outcome(login()), "in");
  Login by_key = login();
  by_key.password = "";
  by_key.private_key = RouterProcess::private_key();
  EXPECT_EQ(outcome(by_key), "in");
  by_key.private_key = RouterProcess::foreign_key();
  EXPECT_EQ(outcome(by_key), "login refused");
  Login wrong = login();
  wrong.password = "guess";
  EXPECT_EQ(outcome(wrong), "login refused");
  wrong = login();
  wrong.user = "root";
  EXPECT_EQ(outcome(wrong), "login refused");
}

TEST_F(LoginTest, ShowsTheHostKeyItAnnounced) {
  start();
  EXPECT_EQ(peer()->host_key(), m_router.host_key());
  EXPECT_THAT(m_router.host_key(), testing::StartsWith("SHA256:"));
  const std::string before = m_router.host_key();
  EXPECT_EQ(m_router.stop(SIGTERM), 0);
  start();
  EXPECT_EQ(m_router.host_key(), before) << "the key is kept";
}

TEST_F(LoginTest, SaysHelloAsACandidateRouter) {
  start();
  const std::string hello = peer()->hello();
  for (const char* capability :
       {"netconf:base:1.0<", "netconf:base:1.1<", "capability:candidate:1.0<",
        "capability:confirmed-commit:1.1<", "capability:rollback-on-error:1.0<",
        "capability:validate:1.1<", "capability:xpath:1.0<", "capability:notification:1.0<",
        "capability:interleave:1.0<", "with-defaults:1.0?basic-mode=explicit",
        "yang-library:1.1?"}) {
    EXPECT_THAT(hello, HasSubstr(capability));
  }
  EXPECT_THAT(hello, Not(HasSubstr("writable-running")));
}

TEST_F(LoginTest, SaysHelloAsARouterWithWritableRunning) {
  start({"--datastore", "running"});
  const std::string hello = peer()->hello();
  EXPECT_THAT(hello, HasSubstr("capability:writable-running:1.0<"));
  EXPECT_THAT(hello, Not(HasSubstr("capability:candidate")));
  EXPECT_THAT(hello, Not(HasSubstr("confirmed-commit")));
}

TEST_F(LoginTest, SaysHelloAsAnOldBox) {
  start({"--no-push", "--no-confirmed-commit"});
  auto client = peer();
  EXPECT_THAT(client->hello(), HasSubstr("capability:candidate:1.0<"));
  EXPECT_THAT(client->hello(), Not(HasSubstr("confirmed-commit")));
  EXPECT_THAT(client->hello(), Not(HasSubstr("yang-push")));
  EXPECT_THAT(client->rpc("<establish-subscription "
                          "xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\"/>"),
              HasSubstr("<rpc-error>"));
}

TEST_F(LoginTest, SpeaksBothFramings) {
  start();
  Login old = login();
  old.chunked = false;
  auto connected = NetconfPeer::connect(old);
  ASSERT_EQ(connected.index(), 0U);
  EXPECT_THAT(std::get<0>(connected)->rpc(get_config("running")), HasSubstr("<native"));
  EXPECT_THAT(peer()->rpc(get_config("running")), HasSubstr("<native"));
}

TEST_F(LoginTest, ServesThirtyTwoSessionsAndNoMore) {
  start();
  std::vector<std::unique_ptr<NetconfPeer>> peers;
  for (int i = 0; i < 32; ++i) {
    peers.push_back(peer());
    ASSERT_NE(peers.back(), nullptr);
  }
  for (auto& one : peers) {
    one->send(get_config("running"));
  }
  for (auto& one : peers) {
    EXPECT_THAT(one->reply(), HasSubstr("<native"));
  }
  EXPECT_EQ(peer()->rpc(get_config("running")), "");
  EXPECT_THAT(peers[0]->rpc("<close-session/>"), IsOk());
  const auto until = std::chrono::steady_clock::now() + NetconfPeer::kPatience;
  bool served = false;
  while (!served && std::chrono::steady_clock::now() < until) {
    served = !peer()->rpc(get_config("running")).empty();
  }
  EXPECT_TRUE(served) << "a session that ended makes room";
}

}  // namespace
}  // namespace wanwise::test
