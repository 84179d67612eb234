#include "tests/integration/router/peer_fixture.hpp"
#include "tests/support/router_trees.hpp"

namespace wanwise::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kHost = "<hostname>changed</hostname>";

std::string dangling_class() {
  return "<policy>" + policy_map("P", policy_class("NONE", set_dscp("ef"))) + "</policy>";
}

std::string whole_edit(const std::string& target) {
  return "<edit-config><target><" + target +
         "/></target><error-option>rollback-on-error</error-option><config>" + whole_qos() +
         "</config></edit-config>";
}

class ChangeTest : public RouterTest {};

TEST_F(ChangeTest, GoesThroughLocksValidateAndCommit) {
  start();
  auto client = peer();
  EXPECT_THAT(client->rpc(lock("running")), IsOk());
  EXPECT_THAT(client->rpc(lock("candidate")), IsOk());
  EXPECT_THAT(client->rpc(kDiscard), IsOk());
  EXPECT_THAT(client->rpc(whole_edit("candidate")), IsOk());
  EXPECT_THAT(client->rpc("<validate><source><candidate/></source></validate>"), IsOk());
  EXPECT_THAT(client->rpc(get_config("running")), Not(HasSubstr("WANWISE-PM-WAN")));
  EXPECT_THAT(client->rpc(kCommit), IsOk());
  EXPECT_THAT(client->rpc(unlock("candidate")), IsOk());
  EXPECT_THAT(client->rpc(unlock("running")), IsOk());
  EXPECT_THAT(client->rpc(get_config("running")), HasSubstr("<output>WANWISE-PM-WAN</output>"));
}

TEST_F(ChangeTest, RefusedByIosComesWithTheBadCommandAndLeavesNothing) {
  start();
  auto client = peer();
  EXPECT_THAT(client->rpc(edit("candidate", kHost + dangling_class())), IsOk());
  EXPECT_THAT(
      client->rpc(kCommit),
      AllOf(HasSubstr("<error-type>application</error-type>"),
            HasSubstr("<error-tag>invalid-value</error-tag>"),
            HasSubstr("inconsistent value: Device refused one or more commands"),
            HasSubstr("<severity xmlns=\"http://cisco.com/yang/cisco-ia\">error_cli</severity>"
                      "<detail xmlns=\"http://cisco.com/yang/cisco-ia\"><bad-cli>"
                      "<bad-command>class NONE</bad-command><error-location>6</error-location>"
                      "<parser-response>% class map NONE not configured</parser-response>"
                      "<parser-context>policy-map P</parser-context></bad-cli></detail>")));
  EXPECT_THAT(client->rpc(get_config("running")), Not(HasSubstr("changed")));
  EXPECT_THAT(client->rpc(kDiscard), IsOk());
  EXPECT_THAT(client->rpc(kCommit), IsOk());
}

TEST_F(ChangeTest, OfRunningIsAllOrNothing) {
  start({"--datastore", "running"});
  auto client = peer();
  EXPECT_THAT(client->rpc(edit("running", kHost + dangling_class())),
              HasSubstr("Device refused one or more commands"));
  EXPECT_THAT(client->rpc(get_config("running")), Not(HasSubstr("changed")));
  EXPECT_THAT(client->rpc(whole_edit("running")), IsOk());
  EXPECT_THAT(client->rpc(get_config("running")), HasSubstr("WANWISE-PM-WAN"));
  EXPECT_THAT(client->rpc(edit("candidate", kHost)), HasSubstr("<rpc-error>"));
}

TEST_F(ChangeTest, CanBeTakenBackInTheRightOrderOnly) {
  start({"--datastore", "running"});
  auto client = peer();
  ASSERT_THAT(client->rpc(whole_edit("running")), IsOk());
  const std::string ns =
      " xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-policy\" "
      "xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" nc:operation=\"remove\"";
  const std::string no_maps = "<policy><policy-map" + ns + "/><class-map" + ns + "/></policy>";
  EXPECT_THAT(client->rpc(edit("running", no_maps)), HasSubstr("<rpc-error>"));
  EXPECT_THAT(client->rpc(edit("running", no_maps +
                                              "<interface><Cellular><name>0/1/0</name>"
                                              "<service-policy" +
                                              ns +
                                              "/></Cellular><Vlan><name>1</name>"
                                              "<service-policy" +
                                              ns + "/></Vlan></interface>")),
              IsOk());
  EXPECT_THAT(client->rpc(get_config("running")),
              AllOf(Not(HasSubstr("policy")), HasSubstr("<Vlan><name>1</name></Vlan>")));
}

TEST_F(ChangeTest, NamesTheElementItDoesNotKnow) {
  start();
  auto client = peer();
  EXPECT_THAT(client->rpc(edit("candidate", "<no-such>1</no-such>")),
              AllOf(HasSubstr("<error-tag>unknown-element</error-tag>"),
                    HasSubstr("<bad-element>no-such</bad-element>"), HasSubstr("<error-path")));
  EXPECT_THAT(
      client->rpc(edit("candidate", "<interface><Vlan><name>5000</name></Vlan></interface>")),
      AllOf(HasSubstr("<error-tag>invalid-value</error-tag>"), HasSubstr("<error-path")));
}

TEST_F(ChangeTest, IsDeniedWhileAnotherSessionHoldsTheLock) {
  start();
  auto first = peer();
  auto second = peer();
  EXPECT_THAT(first->rpc(lock("candidate")), IsOk());
  EXPECT_THAT(second->rpc(lock("candidate")),
              AllOf(HasSubstr("<error-tag>lock-denied</error-tag>"),
                    HasSubstr("<session-id>" + std::to_string(first->session_id()) + "<")));
  EXPECT_THAT(second->rpc(edit("candidate", kHost)), HasSubstr("<error-tag>in-use</error-tag>"));
}

// Asks until the lock is there: the router notices the end of a session at its next turn.
bool gets_lock(NetconfPeer& client, const std::string& target) {
  const auto until = std::chrono::steady_clock::now() + NetconfPeer::kPatience;
  while (std::chrono::steady_clock::now() < until) {
    if (client.rpc(lock(target)).find("<ok/>") != std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST_F(ChangeTest, LocksEndWithTheirSessionHoweverItEnds) {
  start();
  auto other = peer();
  auto closing = peer();
  EXPECT_THAT(closing->rpc(lock("running")), IsOk());
  EXPECT_THAT(closing->rpc("<close-session/>"), IsOk());
  EXPECT_TRUE(gets_lock(*other, "running"));
  auto dropping = peer();
  EXPECT_THAT(dropping->rpc(lock("candidate")), IsOk());
  EXPECT_THAT(dropping->rpc(edit("candidate", kHost)), IsOk());
  dropping->drop();
  EXPECT_TRUE(gets_lock(*other, "candidate"));
  EXPECT_THAT(other->rpc(get_config("candidate")), Not(HasSubstr("changed")));
}

TEST_F(ChangeTest, SessionsCanBeKilled) {
  start();
  auto victim = peer();
  auto killer = peer();
  EXPECT_THAT(victim->rpc(lock("running")), IsOk());
  const auto kill = [&](std::uint32_t id) {
    return killer->rpc("<kill-session><session-id>" + std::to_string(id) +
                       "</session-id></kill-session>");
  };
  EXPECT_THAT(kill(killer->session_id()), HasSubstr("invalid-value"));
  EXPECT_THAT(kill(4711), HasSubstr("invalid-value"));
  EXPECT_THAT(kill(victim->session_id()), IsOk());
  EXPECT_TRUE(gets_lock(*killer, "running"));
  EXPECT_EQ(victim->rpc(get_config("running")), "");
}

TEST_F(ChangeTest, ConfirmedCommitRollsBackWithItsSessionOrItsTime) {
  start();
  auto first = peer();
  auto watcher = peer();
  const auto changed = [&] {
    return watcher->rpc(get_config("running")).find("changed") != std::string::npos;
  };
  const auto until_back = [&] {
    const auto until = std::chrono::steady_clock::now() + NetconfPeer::kPatience;
    while (changed() && std::chrono::steady_clock::now() < until) {
    }
    return !changed();
  };
  const std::string confirmed =
      "<commit><confirmed/><confirm-timeout>600</confirm-timeout></commit>";
  EXPECT_THAT(first->rpc(edit("candidate", kHost)), IsOk());
  EXPECT_THAT(first->rpc(confirmed), IsOk());
  EXPECT_TRUE(changed());
  EXPECT_THAT(first->rpc("<close-session/>"), IsOk());
  EXPECT_TRUE(until_back());

  auto second = peer();
  EXPECT_THAT(second->rpc(edit("candidate", kHost)), IsOk());
  EXPECT_THAT(second->rpc("<commit><confirmed/><confirm-timeout>1</confirm-timeout></commit>"),
              IsOk());
  EXPECT_TRUE(until_back());

  EXPECT_THAT(second->rpc(edit("candidate", kHost)), IsOk());
  EXPECT_THAT(second->rpc("<commit><confirmed/><persist>x</persist></commit>"), IsOk());
  EXPECT_THAT(second->rpc("<close-session/>"), IsOk());
  EXPECT_THAT(watcher->rpc("<commit><persist-id>x</persist-id></commit>"), IsOk());
  EXPECT_TRUE(changed());
}

TEST_F(ChangeTest, SurvivesARestartOnceSaved) {
  RouterProcess& router = m_router;
  const std::vector<std::string> options = {"--startup-config", router.folder().file("startup")};
  start(options);
  {
    auto client = peer();
    EXPECT_THAT(client->rpc(edit("candidate", kHost)), IsOk());
    EXPECT_THAT(client->rpc(kCommit), IsOk());
    EXPECT_THAT(client->rpc("<save-config xmlns=\"http://cisco.com/yang/cisco-ia\"/>"),
                HasSubstr("Save running-config successful"));
  }
  EXPECT_EQ(router.stop(SIGTERM), 0);
  start(options);
  EXPECT_THAT(peer()->rpc(get_config("running")), HasSubstr("<hostname>changed</hostname>"));
}

}  // namespace
}  // namespace wanwise::test
