// Trouble between wanwise and the router: it is not whom it should be, refuses the login, is
// absent, dies, falls silent. The daemon goes on, names it, writes it into its journal, and the
// router is never half configured.
#include <csignal>

#include "tests/support/site_fixture.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace wanwise::test {
namespace {

using core::SessionState;
using testing::Contains;
using testing::HasSubstr;

class SessionFaults : public SiteTest {
 protected:
  void open(const std::vector<std::string>& options = {}) {
    ASSERT_NO_FATAL_FAILURE(start_router(options));
    write_documents();
    ASSERT_NO_FATAL_FAILURE(start_daemon());
  }
  /// Why sessions ended, as the journal has it.
  [[nodiscard]] static std::vector<std::string> reasons(const JournalView& journal) {
    std::vector<std::string> reasons;
    for (const auto& [at, session] : journal.all<core::RouterSession>()) {
      if (session.state == SessionState::disconnected) reasons.push_back(session.reason);
    }
    return reasons;
  }
  void replays_equal() const {
    const Ended replay = wanwise({"replay", m_folder.file("journal")});
    EXPECT_EQ(replay.code, 0) << replay.out << replay.err;
  }
};

TEST_F(SessionFaults, AnUnknownHostKeyIsNeverLoggedInto) {
  ASSERT_NO_FATAL_FAILURE(start_router());
  const std::string before = running_config();
  SiteText text = site_text();
  text.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  const core::Degradation found = wait_for_degradation("router-disconnected", "unknown-host-key");
  EXPECT_EQ(found.subject, "ir1101");
  EXPECT_THAT(found.detail, HasSubstr(m_router.host_key())) << "the key it showed";
  EXPECT_THAT(ask({"status"}).out, HasSubstr("unknown-host-key"));
  EXPECT_EQ(running_config(), before);
  stop_daemon();
  EXPECT_THAT(reasons(journal()), Contains("unknown-host-key"));
  replays_equal();
}

TEST_F(SessionFaults, ARefusedLoginIsNamed) {
  ASSERT_NO_FATAL_FAILURE(start_router());
  const std::string before = running_config();
  SiteText text = site_text();
  text.password = "wrong";
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  const core::Degradation found = wait_for_degradation("router-disconnected", "login-refused");
  EXPECT_EQ(found.detail.find("wrong"), std::string::npos) << "a password is never told";
  EXPECT_EQ(running_config(), before);
  stop_daemon();
  EXPECT_THAT(reasons(journal()), Contains("login-refused"));
  replays_equal();
}

TEST_F(SessionFaults, ARouterThatComesLateIsConfigured) {
  ASSERT_NO_FATAL_FAILURE(start_router());  // for its ports
  write_documents();
  m_router.kill();
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_for_degradation("router-disconnected", "connect-refused");
  ASSERT_NO_FATAL_FAILURE(start_router_again());
  (void)wait_until_all_is_well();
  EXPECT_TRUE(has_whole_qos(running_config()));
  stop_daemon();
  EXPECT_THAT(reasons(journal()), Contains("connect-refused"));
  replays_equal();
}

TEST_F(SessionFaults, ARouterThatDiesAndComesBackEmptyIsConfiguredAgain) {
  open();
  (void)wait_until_all_is_well();
  m_router.kill();
  (void)wait_for_degradation("router-disconnected");
  const core::Status blind = wait_for("the link is blind", [](const core::Status& status) {
    return find_degradation(status, "link-blind") != nullptr;
  });
  EXPECT_FALSE(blind.links[0].known);
  EXPECT_FALSE(blind.routers[0].connected);
  EXPECT_FALSE(blind.routers[0].qos_in_place) << "nobody knows";
  ASSERT_NO_FATAL_FAILURE(start_router_again());
  EXPECT_TRUE(has_no_qos(running_config()) || has_whole_qos(running_config()));
  (void)wait_until_all_is_well();
  EXPECT_TRUE(has_whole_qos(running_config()));
  stop_daemon();
  EXPECT_THAT(reasons(journal()), Contains("connection-lost"));
  replays_equal();
}

TEST_F(SessionFaults, ARouterThatKeptItsConfigurationIsLeftAlone) {
  const std::string startup = m_folder.file("startup.xml");
  ASSERT_NO_FATAL_FAILURE(start_router({"--startup-config", startup}));
  SiteText text = site_text();
  text.save_config = true;
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_until_all_is_well();
  stop_daemon();
  ASSERT_NO_FATAL_FAILURE(start_router_again({"--startup-config", startup}));
  EXPECT_TRUE(has_whole_qos(running_config())) << "saved by wanwise, whole";
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_until_all_is_well();
  stop_daemon();
  for (const JournalView::Write& write : journal().writes()) {
    EXPECT_EQ(write.done.outcome, core::Outcome::done) << write.done.detail;
    EXPECT_EQ(std::get<core::ApplyQos>(write.action.body).desired.marking.size(), 4U);
  }
}

class DuringAWrite : public SessionFaults, public testing::WithParamInterface<const char*> {};

TEST_P(DuringAWrite, ARouterThatDiesIsNeverHalfConfigured) {
  const std::vector<std::string> kept = {"--datastore", GetParam(), "--startup-config",
                                         m_folder.file("startup.xml")};
  std::vector<std::string> hanging = kept;
  hanging.insert(hanging.end(), {"--fault", "hang-commit"});
  ASSERT_NO_FATAL_FAILURE(start_router(hanging));
  SiteText text = site_text();
  text.save_config = true;
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  // The last request of the change is with the router once nobody else can lock.
  (void)wait_for("the change is under way", [&](const core::Status& status) {
    return status.routers[0].change_in_flight &&
           peer()->rpc("<lock><target><running/></target></lock>").find("lock-denied") !=
               std::string::npos;
  });
  EXPECT_TRUE(has_no_qos(running_config()));
  m_router.kill();
  (void)wait_for_degradation("router-disconnected");
  (void)wait_for_degradation("qos-not-written");
  ASSERT_NO_FATAL_FAILURE(start_router_again(kept));
  EXPECT_TRUE(has_no_qos(running_config()) || has_whole_qos(running_config()));
  (void)wait_until_all_is_well();
  EXPECT_TRUE(has_whole_qos(running_config()));
  stop_daemon();
  const auto writes = journal().writes();
  ASSERT_GE(writes.size(), 2U);
  EXPECT_NE(writes.front().done.outcome, core::Outcome::done);
  EXPECT_EQ(writes.back().done.outcome, core::Outcome::done) << writes.back().done.detail;
  replays_equal();
}

TEST_P(DuringAWrite, ACommitThatNeverEndsIsGivenUpByItsDeadline) {
  ASSERT_NO_FATAL_FAILURE(start_router({"--datastore", GetParam(), "--fault", "hang-commit"}));
  write_documents();
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_for_degradation("qos-not-written");
  EXPECT_TRUE(has_no_qos(running_config()));
  stop_daemon();
  const auto writes = journal().writes();
  ASSERT_FALSE(writes.empty());
  for (const JournalView::Write& write : writes) {
    EXPECT_NE(write.done.outcome, core::Outcome::done);
    EXPECT_LE(write.ended, write.action.deadline);
  }
  replays_equal();
}

INSTANTIATE_TEST_SUITE_P(Datastore, DuringAWrite, testing::Values("candidate", "running"),
                         [](const auto& datastore) { return std::string(datastore.param); });

TEST_F(SessionFaults, AReplyThatNeverEndsEndsTheSessionAndItComesBack) {
  ASSERT_NO_FATAL_FAILURE(start_router({"--no-push"}));
  TcpProxy proxy(m_router.port());
  SiteText text = site_text();
  text.netconf_port = proxy.port();
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_until_all_is_well();
  proxy.freeze_after(100);  // in the middle of the next reply
  (void)wait_for_degradation("link-blind");
  (void)wait_for_degradation("router-disconnected", "reply-timeout");
  proxy.cut();
  proxy.thaw();
  (void)wait_until_all_is_well();
  stop_daemon();
  EXPECT_THAT(reasons(journal()), Contains("reply-timeout"));
  replays_equal();
}

TEST_F(SessionFaults, AConnectionThatIsCutLeavesTheQosAndComesBack) {
  ASSERT_NO_FATAL_FAILURE(start_router());
  TcpProxy proxy(m_router.port());
  SiteText text = site_text();
  text.netconf_port = proxy.port();
  write_documents(text);
  ASSERT_NO_FATAL_FAILURE(start_daemon());
  (void)wait_until_all_is_well();
  proxy.set_target(1);  // nobody listens there
  proxy.cut();
  (void)wait_for_degradation("router-disconnected");
  EXPECT_TRUE(has_whole_qos(running_config()));
  proxy.set_target(m_router.port());
  (void)wait_until_all_is_well();
  EXPECT_TRUE(has_whole_qos(running_config()));
  stop_daemon();
  const JournalView journal = this->journal();
  EXPECT_THAT(reasons(journal), Contains("connection-lost"));
  for (const JournalView::Write& write : journal.writes())
    EXPECT_EQ(write.done.outcome, core::Outcome::done) << write.done.detail;
  replays_equal();
}

}  // namespace
}  // namespace wanwise::test
