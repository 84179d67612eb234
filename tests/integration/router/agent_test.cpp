// cisco-ia's archive, and the notifications of RFC 5277.
#include "tests/integration/router/peer_fixture.hpp"

namespace wanwise::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string agent(const std::string& operation, const std::string& inside = "") {
  return "<" + operation + " xmlns=\"http://cisco.com/yang/cisco-ia\">" + inside + "</" +
         operation + ">";
}

std::string listen(const std::string& inside = "") {
  return "<create-subscription xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">" +
         inside + "</create-subscription>";
}

std::string host(const std::string& name) {
  return "<hostname>" + name + "</hostname>";
}

const std::string kRecent = "/checkpoint-archives/recent";

class AgentTest : public RouterTest {};

TEST_F(AgentTest, RollsBackToACheckpoint) {
  start({"--datastore", "running"});
  auto client = peer();
  EXPECT_THAT(client->rpc(edit("running", host("before"))), IsOk());
  EXPECT_THAT(client->rpc(agent("checkpoint")), HasSubstr("Checkpoint successful"));
  EXPECT_THAT(client->rpc(get_xpath(kRecent)), HasSubstr("<recent>flash:archive-1<"));
  EXPECT_THAT(client->rpc(edit("running", host("after"))), IsOk());
  const std::string back =
      agent("rollback", "<target-url>flash:archive-1</target-url><revert-on-error/>");
  EXPECT_THAT(client->rpc(back), HasSubstr("Rollback successful"));
  EXPECT_THAT(client->rpc(get_config("running")), HasSubstr("before"));
  EXPECT_THAT(client->rpc(agent("rollback", "<target-url>flash:none</target-url>")),
              HasSubstr("No such file"));
}

TEST_F(AgentTest, TakesATimedRollbackBackOnRequest) {
  start({"--datastore", "running"});
  auto client = peer();
  EXPECT_THAT(client->rpc(agent("checkpoint")), HasSubstr("successful"));
  EXPECT_THAT(client->rpc(edit("running", host("now"))), IsOk());
  EXPECT_THAT(client->rpc(agent("revert")), HasSubstr("No Rollback Confirmed Change"));
  EXPECT_THAT(client->rpc(agent("rollback",
                                "<target-url>flash:archive-1</target-url>"
                                "<revert-timer>5</revert-timer>")),
              HasSubstr("successful"));
  EXPECT_THAT(client->rpc(get_config("running")), Not(HasSubstr("<hostname>now<")));
  EXPECT_THAT(client->rpc(agent("revert", "<timer>9</timer>")), HasSubstr("successful"));
  EXPECT_THAT(client->rpc(agent("revert", "<now/>")), HasSubstr("successful"));
  EXPECT_THAT(client->rpc(get_config("running")), HasSubstr("<hostname>now<"));
}

TEST_F(AgentTest, RollsNobodysLockOver) {
  start({"--datastore", "running"});
  auto client = peer();
  auto other = peer();
  EXPECT_THAT(client->rpc(agent("checkpoint")), HasSubstr("successful"));
  EXPECT_THAT(other->rpc(lock("running")), IsOk());
  EXPECT_THAT(client->rpc(agent("rollback", "<target-url>flash:archive-1</target-url>")),
              HasSubstr("in-use"));
  EXPECT_THAT(client->rpc(agent("is-syncing")),
              AllOf(HasSubstr(">false</syncing>"), HasSubstr(">true</running-datastore-locked>")));
}

TEST_F(AgentTest, HasNoCheckpointsWithoutAnArchive) {
  start({"--no-archive"});
  auto client = peer();
  EXPECT_THAT(client->rpc(agent("checkpoint")), HasSubstr("<rpc-error>"));
  EXPECT_THAT(client->rpc(agent("rollback", "<target-url>flash:archive-1</target-url>")),
              HasSubstr("<rpc-error>"));
}

TEST_F(AgentTest, TellsWhoChangedWhat) {
  start({"--datastore", "running"});
  auto client = peer();
  auto other = peer();
  EXPECT_THAT(client->rpc(listen("<stream>NETCONF</stream>")), IsOk());
  EXPECT_THAT(client->rpc(listen()), HasSubstr("<rpc-error>"));
  EXPECT_THAT(other->rpc(edit("running", host("new"))), IsOk());
  const auto told = client->notification();
  ASSERT_TRUE(told.has_value());
  EXPECT_THAT(*told,
              AllOf(HasSubstr("<netconf-config-change xmlns=\"urn:ietf:params:xml:ns:yang:"
                              "ietf-netconf-notifications\">"),
                    HasSubstr("<session-id>" + std::to_string(other->session_id()) + "<"),
                    HasSubstr("<username>wanwise</username>"), HasSubstr("hostname</target>"),
                    HasSubstr("<operation>create</operation>")));
  EXPECT_THAT(other->rpc(edit("running", host("new"))), IsOk()) << "no change, no news";
  EXPECT_THAT(client->rpc(edit("running", host("newer"))), IsOk()) << "its own is told too";
  const auto own = client->notification();
  ASSERT_TRUE(own.has_value());
  EXPECT_THAT(*own, AllOf(HasSubstr("<operation>replace</operation>"),
                          HasSubstr("<session-id>" + std::to_string(client->session_id()) + "<")));
}

TEST_F(AgentTest, TellsOfAChangeByHandAsTheRoutersOwn) {
  (void)m_router.folder().write("hand.xml", in_native(host("by-hand")));
  start({"--fault-script", m_router.folder().write("faults", "")});
  auto client = peer();
  EXPECT_THAT(client->rpc(listen()), IsOk());
  (void)m_router.folder().write("faults", "at 0 cli hand.xml");
  m_router.signal(SIGHUP);
  const auto told = client->notification();
  ASSERT_TRUE(told.has_value());
  EXPECT_THAT(*told, AllOf(HasSubstr("<changed-by><server/></changed-by>"), HasSubstr("hostname")));
  EXPECT_THAT(client->rpc(agent("is-syncing")), HasSubstr(">true</syncing>"));
}

TEST_F(AgentTest, TellsOnlyWhatItsFilterNames) {
  start({"--datastore", "running"});
  auto client = peer();
  EXPECT_THAT(client->rpc(listen("<filter><netconf-session-end xmlns=\"urn:ietf:params:xml:ns:"
                                 "yang:ietf-netconf-notifications\"/></filter>")),
              IsOk());
  EXPECT_THAT(client->rpc(edit("running", host("x"))), IsOk());
  EXPECT_FALSE(client->notification(std::chrono::milliseconds(100)).has_value());
  EXPECT_THAT(peer()->rpc(listen("<stream>snmpevents</stream>")), HasSubstr("invalid-value"));
}

}  // namespace
}  // namespace wanwise::test
