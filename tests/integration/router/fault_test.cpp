// --fault-script against a real client: after each fault the router has executed the request or
// not, as the script says, and the client's connection ended, waits, or goes on.
#include <csignal>

#include "tests/integration/router/peer_fixture.hpp"

namespace wanwise::test {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kHost = "<hostname>changed</hostname>";
constexpr milliseconds kShort{300};

class FaultTest : public RouterTest {
 protected:
  void start_with(const std::string& script, std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--fault-script", m_router.folder().write("faults", script)});
    start(options);
  }
  [[nodiscard]] bool executed() const {
    return peer()->rpc(get_config("running")).find("changed") != std::string::npos;
  }
  // Asks until the answer holds the text: the router notices the end of a session a bit later.
  [[nodiscard]] static bool comes(NetconfPeer& client, const std::string& request,
                                  const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + NetconfPeer::kPatience;
    while (std::chrono::steady_clock::now() < until) {
      if (client.rpc(request).find(text) != std::string::npos) return true;
    }
    return false;
  }
  [[nodiscard]] bool gets_in() const {
    const auto until = std::chrono::steady_clock::now() + NetconfPeer::kPatience;
    while (std::chrono::steady_clock::now() < until) {
      if (NetconfPeer::connect(login()).index() == 0) return true;
    }
    return false;
  }
};

TEST_F(FaultTest, CutsBeforeDuringAndAfterTheRequest) {
  for (const std::string when : {"before", "during", "after"}) {
    start_with("on edit-config#1 cut " + when, {"--datastore", "running"});
    auto client = peer();
    EXPECT_THAT(client->rpc(get_config("running")), HasSubstr("<native")) << "only the named one";
    const std::string reply = client->rpc(edit("running", kHost));
    if (when == "after") {
      EXPECT_THAT(reply, IsOk());
    } else {
      EXPECT_EQ(reply, "") << when;
    }
    EXPECT_EQ(client->rpc(get_config("running")), "") << "the connection ended";
    EXPECT_TRUE(m_router.says("fault: on edit-config #1 cut " + when));
    EXPECT_EQ(executed(), when != "before") << when;
    EXPECT_THAT(peer()->rpc(edit("running", kHost)), IsOk()) << "the second passes";
    EXPECT_EQ(m_router.stop(SIGTERM), 0);
  }
}

TEST_F(FaultTest, HangsBeforeAndAfterTheRequestAndServesOthers) {
  for (const std::string when : {"before", "after"}) {
    start_with("on edit-config hang " + when, {"--datastore", "running"});
    auto client = peer();
    EXPECT_THAT(client->rpc(lock("running")), IsOk());
    client->send(edit("running", kHost));
    EXPECT_TRUE(m_router.says("fault: on edit-config #1 hang " + when));
    EXPECT_EQ(executed(), when == "after");
    EXPECT_EQ(client->reply(kShort), "");
    auto other = peer();
    EXPECT_THAT(other->rpc(lock("running")), HasSubstr("lock-denied"));
    client->drop();
    EXPECT_TRUE(comes(*other, lock("running"), "<ok/>")) << "the session ended with its client";
    EXPECT_EQ(m_router.stop(SIGTERM), 0);
  }
}

TEST_F(FaultTest, RefusesByTagAndByParserAndDelays) {
  start_with(
      "on lock#1 error lock-denied\n"
      "on lock#2 error resource-denied too many\n"
      "on edit-config bad-cli policy-map WANWISE\n"
      "on commit delay 50\n");
  auto client = peer();
  EXPECT_THAT(client->rpc(lock("running")),
              AllOf(HasSubstr("<error-tag>lock-denied<"), HasSubstr("<session-id>18<")));
  EXPECT_THAT(client->rpc(lock("running")),
              AllOf(HasSubstr("<error-tag>resource-denied<"), HasSubstr(">too many<")));
  EXPECT_THAT(
      client->rpc(edit("candidate", kHost)),
      AllOf(HasSubstr("Device refused one or more commands"),
            HasSubstr("<bad-command>policy-map WANWISE<"), HasSubstr("<error-location>11<")));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(client->rpc(kCommit), IsOk());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(50));
}

TEST_F(FaultTest, KnowsEveryErrorTag) {
  const std::vector<std::string> tags = {"in-use",
                                         "invalid-value",
                                         "too-big",
                                         "missing-attribute",
                                         "bad-attribute",
                                         "unknown-attribute",
                                         "missing-element",
                                         "bad-element",
                                         "unknown-element",
                                         "unknown-namespace",
                                         "access-denied",
                                         "lock-denied",
                                         "resource-denied",
                                         "rollback-failed",
                                         "data-exists",
                                         "data-missing",
                                         "operation-not-supported",
                                         "operation-failed",
                                         "malformed-message"};
  std::string script;
  for (std::size_t i = 0; i < tags.size(); ++i)
    script += "on validate#" + std::to_string(i + 1) + " error " + tags[i] + "\n";
  start_with(script);
  auto client = peer();
  for (const std::string& tag : tags) {
    EXPECT_THAT(client->rpc("<validate><source><candidate/></source></validate>"),
                HasSubstr("<error-tag>" + tag + "</error-tag>"));
  }
}

TEST_F(FaultTest, EndsTheProcessAsAPowerCutDoes) {
  start_with("on edit-config exit after", {"--datastore", "running"});
  auto client = peer();
  EXPECT_EQ(client->rpc(edit("running", kHost)), "");
  EXPECT_EQ(m_router.ends(), 137);
  EXPECT_TRUE(m_router.says("fault: on edit-config #1 exit after"));
}

TEST_F(FaultTest, RestartsNetconfAndRollsBackWhatWaits) {
  start_with("");
  auto client = peer();
  EXPECT_THAT(client->rpc(edit("candidate", kHost)), IsOk());
  EXPECT_THAT(client->rpc("<commit><confirmed/><persist>me</persist></commit>"), IsOk());
  EXPECT_THAT(client->rpc(edit("candidate", "<hostname>more</hostname>")), IsOk());
  (void)m_router.folder().write("faults", "at 0 restart 0.3");
  m_router.signal(SIGHUP);
  EXPECT_TRUE(m_router.says("fault script read: 1 rules"));
  EXPECT_TRUE(m_router.says("fault: at 0 restart 0.3"));
  EXPECT_EQ(client->rpc(get_config("running")), "");
  EXPECT_EQ(NetconfPeer::connect(login()).index(), 1U) << "refused while it restarts";
  EXPECT_TRUE(gets_in());
  EXPECT_FALSE(executed()) << "rolled back";
  EXPECT_THAT(peer()->rpc(get_config("candidate")), Not(HasSubstr("more")));
}

TEST_F(FaultTest, LocksForItsSyncDaemonAfterAChangeByHand) {
  (void)m_router.folder().write("hand.xml", in_native(kHost));
  start_with("at 0 cli hand.xml", {"--datastore", "running"});
  EXPECT_TRUE(m_router.says("fault: at 0 cli hand.xml"));
  auto client = peer();
  EXPECT_THAT(client->rpc(lock("running")),
              AllOf(HasSubstr("<error-tag>lock-denied<"),
                    HasSubstr("the configuration database is locked by session 18 "
                              "yang_mgmt_infra tcp (system from 127.0.0.1) on since ")));
  EXPECT_THAT(client->rpc(edit("running", "<hostname>x</hostname>")),
              HasSubstr("<error-tag>in-use<"));
  EXPECT_TRUE(executed());
  EXPECT_TRUE(comes(*client, lock("running"), "<ok/>")) << "two seconds later";
}

TEST_F(FaultTest, CutsAllAndLimitsSubscriptionsAtItsTimes) {
  start_with("");
  auto client = peer();
  (void)m_router.folder().write("faults", "at 0 subscriptions 0\nat 0.1 cut");
  m_router.signal(SIGHUP);
  EXPECT_TRUE(m_router.says("fault: at 0 subscriptions 0"));
  EXPECT_TRUE(m_router.says("fault: at 0.1 cut"));
  EXPECT_EQ(client->rpc(get_config("running")), "");
  EXPECT_THAT(
      peer()->rpc("<establish-subscription "
                  "xmlns=\"urn:ietf:params:xml:ns:yang:ietf-event-notifications\" "
                  "xmlns:yp=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\"><stream>yp:yang-push"
                  "</stream><yp:xpath-filter>/interfaces</yp:xpath-filter><yp:period>100"
                  "</yp:period></establish-subscription>"),
      HasSubstr("error-insufficient-resources<"));
}

TEST_F(FaultTest, AWrongScriptIsRefusedAndAWrongNewOneChangesNothing) {
  EXPECT_EQ(m_router.start({"--fault-script", m_router.folder().write("bad", "on x cut\n")}), 1);
  EXPECT_THAT(m_router.output(), HasSubstr("bad:1: operation \"x\" is unknown (allowed: "));
  start_with("on lock error in-use");
  (void)m_router.folder().write("faults", "nonsense");
  m_router.signal(SIGHUP);
  EXPECT_THAT(peer()->rpc(lock("running")), HasSubstr("in-use"));
  EXPECT_THAT(peer()->rpc(lock("running")), HasSubstr("in-use"));
}

}  // namespace
}  // namespace wanwise::test
