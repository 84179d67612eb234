#include "sim/router/config/datastores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/router_trees.hpp"

namespace wanwise::router {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

constexpr SessionId kOne = 1;
constexpr SessionId kTwo = 2;
constexpr Datastore kRunning = Datastore::running;
constexpr Datastore kCandidate = Datastore::candidate;
const SteadyTime kStart{};

class Bench {
 public:
  explicit Bench(Datastore writable)
      : m_stores(test::router_context(), writable, Tree(),
                 [this](const Tree& running) { m_seen.push_back(test::print(running)); }),
        m_writable(writable) {}

  Datastores& stores() { return m_stores; }
  [[nodiscard]] const std::vector<std::string>& seen() const { return m_seen; }
  [[nodiscard]] std::string running() const { return test::print(m_stores.copy(kRunning)); }

  Outcome edit(const std::string& inside, SessionId session,
               std::optional<TestOption> option = std::nullopt) {
    const Tree tree = test::parse_edit(test::native(inside));
    return m_stores.edit({.target = m_writable, .config = tree.get(), .test = option}, session);
  }
  Outcome commit(SessionId session, CommitRequest request = {}) {
    return m_stores.commit(request, session, kStart);
  }

 private:
  std::vector<std::string> m_seen;
  Datastores m_stores;
  Datastore m_writable;
};

std::string host(const std::string& name) {
  return "<hostname>" + name + "</hostname>";
}

NC_ERR tag_of(const Outcome& outcome) {
  return outcome ? NC_ERR_UNKNOWN : outcome.error().tag;
}

TEST(Locks, DenyTheSecondSessionAndNameTheFirst) {
  Bench bench(kCandidate);
  EXPECT_TRUE(bench.stores().lock(kRunning, kOne).has_value());
  const auto denied = bench.stores().lock(kRunning, kTwo);
  ASSERT_EQ(tag_of(denied), NC_ERR_LOCK_DENIED);
  EXPECT_EQ(denied.error().session_id, kOne);
  EXPECT_TRUE(bench.stores().lock(kCandidate, kTwo).has_value());
  EXPECT_EQ(tag_of(bench.stores().unlock(kRunning, kTwo)), NC_ERR_OP_FAILED);
  EXPECT_TRUE(bench.stores().unlock(kRunning, kOne).has_value());
  EXPECT_TRUE(bench.stores().lock(kRunning, kTwo).has_value());
}

TEST(Locks, KeepOthersFromEditingAndCommitting) {
  Bench bench(kCandidate);
  EXPECT_TRUE(bench.stores().lock(kCandidate, kOne).has_value());
  EXPECT_EQ(tag_of(bench.edit(host("r"), kTwo)), NC_ERR_IN_USE);
  EXPECT_EQ(tag_of(bench.stores().discard(kTwo)), NC_ERR_IN_USE);
  EXPECT_EQ(tag_of(bench.commit(kTwo)), NC_ERR_IN_USE);
  EXPECT_TRUE(bench.edit(host("r"), kOne).has_value());
}

TEST(Locks, AreDeniedOnACandidateWithLeftovers) {
  Bench bench(kCandidate);
  EXPECT_TRUE(bench.edit(host("r"), kOne).has_value());
  const auto denied = bench.stores().lock(kCandidate, kTwo);
  ASSERT_EQ(tag_of(denied), NC_ERR_LOCK_DENIED);
  EXPECT_EQ(denied.error().session_id, 0U);
  EXPECT_TRUE(bench.stores().discard(kTwo).has_value());
  EXPECT_TRUE(bench.stores().lock(kCandidate, kTwo).has_value());
}

TEST(Locks, EndWithTheirSessionAndTakeTheCandidateBack) {
  Bench bench(kCandidate);
  EXPECT_TRUE(bench.stores().lock(kCandidate, kOne).has_value());
  EXPECT_TRUE(bench.edit(host("r"), kOne).has_value());
  bench.stores().session_ended(kOne);
  EXPECT_TRUE(bench.stores().lock(kCandidate, kTwo).has_value());
  EXPECT_TRUE(bench.commit(kTwo).has_value());
  EXPECT_EQ(bench.running(), "");
}

TEST(CandidateMode, ChangesRunningAtCommitOnly) {
  Bench bench(kCandidate);
  EXPECT_TRUE(bench.edit(host("r"), kOne).has_value());
  EXPECT_EQ(bench.running(), "");
  EXPECT_TRUE(bench.commit(kOne).has_value());
  EXPECT_THAT(bench.running(), HasSubstr("<hostname>r</hostname>"));
  ASSERT_EQ(bench.seen().size(), 2U);
  EXPECT_THAT(bench.seen()[1], HasSubstr("<hostname>r</hostname>"));
}

TEST(CandidateMode, KeepsWhatIosRefusesOutOfRunning) {
  Bench bench(kCandidate);
  const std::string bad = host("r") + "<policy>" +
                          test::policy_map("P", test::policy_class("NONE", test::set_dscp("ef"))) +
                          "</policy>";
  EXPECT_TRUE(bench.edit(bad, kOne).has_value());
  EXPECT_TRUE(bench.stores().validate(kCandidate).has_value()) << "YANG alone allows it";
  const auto refused = bench.commit(kOne);
  ASSERT_EQ(tag_of(refused), NC_ERR_INVALID_VALUE);
  EXPECT_EQ(refused.error().message, "inconsistent value: Device refused one or more commands");
  EXPECT_EQ(refused.error().bad_cli.size(), 1U);
  EXPECT_EQ(bench.running(), "");
  EXPECT_EQ(bench.seen().size(), 1U);
  EXPECT_TRUE(bench.stores().discard(kOne).has_value());
  EXPECT_TRUE(bench.commit(kOne).has_value());
}

TEST(CandidateMode, MayBeUnfinishedUntilItIsValidated) {
  Bench bench(kCandidate);
  const std::string dangling = test::attach("Cellular", "0/1/0", "output", "LATER");
  EXPECT_TRUE(bench.edit(dangling, kOne).has_value());
  EXPECT_EQ(tag_of(bench.stores().validate(kCandidate)), NC_ERR_DATA_MISSING);
  EXPECT_EQ(tag_of(bench.commit(kOne)), NC_ERR_DATA_MISSING);
  EXPECT_EQ(tag_of(bench.edit(host("r"), kOne, TestOption::test_then_set)), NC_ERR_DATA_MISSING);
}

TEST(CandidateMode, HasNoWritableRunning) {
  Bench bench(kCandidate);
  const Tree tree = test::parse_edit(test::native(host("r")));
  EXPECT_EQ(tag_of(bench.stores().edit({.target = kRunning, .config = tree.get()}, kOne)),
            NC_ERR_OP_NOT_SUPPORTED);
}

TEST(RunningMode, ChangesAtOnceOrNotAtAll) {
  Bench bench(kRunning);
  EXPECT_TRUE(bench.edit(host("r"), kOne).has_value());
  EXPECT_THAT(bench.running(), HasSubstr("<hostname>r</hostname>"));
  const auto refused =
      bench.edit(host("s") + "<policy>" + test::acl_class("C", "NO-LIST") + "</policy>", kOne);
  EXPECT_EQ(tag_of(refused), NC_ERR_INVALID_VALUE);
  EXPECT_THAT(bench.running(), HasSubstr("<hostname>r</hostname>"));
  EXPECT_THAT(bench.running(), Not(HasSubstr("class-map")));
}

TEST(RunningMode, TestOnlyLeavesNothing) {
  Bench bench(kRunning);
  EXPECT_TRUE(bench.edit(host("r"), kOne, TestOption::test_only).has_value());
  EXPECT_EQ(bench.running(), "");
  EXPECT_EQ(bench.seen().size(), 1U);
}

TEST(RunningMode, HasNoCandidate) {
  Bench bench(kRunning);
  EXPECT_EQ(tag_of(bench.stores().lock(kCandidate, kOne)), NC_ERR_OP_NOT_SUPPORTED);
  EXPECT_EQ(tag_of(bench.stores().discard(kOne)), NC_ERR_OP_NOT_SUPPORTED);
  EXPECT_EQ(tag_of(bench.commit(kOne)), NC_ERR_OP_NOT_SUPPORTED);
}

class ConfirmedCommit : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(m_bench.edit(host("old"), kOne).has_value());
    ASSERT_TRUE(m_bench.commit(kOne).has_value());
    ASSERT_TRUE(m_bench.edit(host("new"), kOne).has_value());
  }
  void begin(const std::string& persist = "") {
    ASSERT_TRUE(
        m_bench.commit(kOne, {.confirmed = true, .timeout = seconds(60), .persist = persist})
            .has_value());
    ASSERT_THAT(m_bench.running(), HasSubstr("new"));
  }
  Bench m_bench{kCandidate};
};

TEST_F(ConfirmedCommit, RollsBackAtItsDeadline) {
  begin();
  m_bench.stores().check_deadline(kStart + seconds(59));
  EXPECT_THAT(m_bench.running(), HasSubstr("new"));
  m_bench.stores().check_deadline(kStart + seconds(60));
  EXPECT_THAT(m_bench.running(), HasSubstr("old"));
  EXPECT_THAT(m_bench.seen().back(), HasSubstr("old"));
}

TEST_F(ConfirmedCommit, StaysOnceConfirmed) {
  begin();
  EXPECT_TRUE(m_bench.commit(kOne).has_value());
  m_bench.stores().check_deadline(kStart + seconds(100));
  EXPECT_THAT(m_bench.running(), HasSubstr("new"));
}

TEST_F(ConfirmedCommit, RollsBackWithItsSession) {
  begin();
  m_bench.stores().session_ended(kTwo);
  EXPECT_THAT(m_bench.running(), HasSubstr("new"));
  m_bench.stores().session_ended(kOne);
  EXPECT_THAT(m_bench.running(), HasSubstr("old"));
}

TEST_F(ConfirmedCommit, WithPersistOutlivesItsSession) {
  begin("token");
  m_bench.stores().session_ended(kOne);
  EXPECT_THAT(m_bench.running(), HasSubstr("new"));
  EXPECT_EQ(tag_of(m_bench.commit(kTwo)), NC_ERR_INVALID_VALUE);
  EXPECT_EQ(tag_of(m_bench.commit(kTwo, {.persist_id = "wrong"})), NC_ERR_INVALID_VALUE);
  EXPECT_TRUE(m_bench.commit(kTwo, {.persist_id = "token"}).has_value());
  m_bench.stores().check_deadline(kStart + seconds(100));
  EXPECT_THAT(m_bench.running(), HasSubstr("new"));
}

TEST_F(ConfirmedCommit, OfAnotherSessionIsInTheWay) {
  begin();
  EXPECT_EQ(tag_of(m_bench.commit(kTwo)), NC_ERR_INVALID_VALUE);
  EXPECT_EQ(tag_of(m_bench.stores().lock(kRunning, kTwo)), NC_ERR_LOCK_DENIED);
}

TEST_F(ConfirmedCommit, CanBeExtendedAndCancelled) {
  begin();
  EXPECT_TRUE(m_bench.stores()
                  .commit({.confirmed = true, .timeout = seconds(60)}, kOne, kStart + seconds(50))
                  .has_value());
  m_bench.stores().check_deadline(kStart + seconds(70));
  EXPECT_THAT(m_bench.running(), HasSubstr("new"));
  EXPECT_TRUE(m_bench.stores().cancel_commit("", kOne).has_value());
  EXPECT_THAT(m_bench.running(), HasSubstr("old"));
  EXPECT_EQ(tag_of(m_bench.stores().cancel_commit("", kOne)), NC_ERR_OP_FAILED);
}

}  // namespace
}  // namespace wanwise::router
