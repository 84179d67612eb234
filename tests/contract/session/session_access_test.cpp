// Who is let in: the pinned host key, the login, and the algorithms of an old router.
#include "tests/contract/session/session_fixture.hpp"

namespace wanwise::iosxe {
namespace {

using test::CannedScript;
using test::RouterProcess;
using testing::HasSubstr;

class SessionAccess : public SessionContract {};
WANWISE_BOTH_STACKS(SessionAccess);

TEST_P(SessionAccess, LogsInWithAPasswordFromAFile) {
  use_emulator();
  m_access.private_key_file.reset();
  m_access.password =
      Secret{Secret::From::file,
             m_router.folder().write("secret", std::string{RouterProcess::kPassword} + "\n")};
  EXPECT_EQ(connect_error(), "connected");
}

TEST_P(SessionAccess, RefusesAHostKeyThatIsNotPinned) {
  use_emulator();
  m_access.host_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const auto hello = connect();
  ASSERT_FALSE(hello);
  EXPECT_EQ(hello.error().code, "unknown-host-key");
  EXPECT_THAT(hello.error().message, HasSubstr(m_router.host_key()));  // to compare and to pin
  m_access.host_key.clear();
  EXPECT_EQ(connect_error(), "unknown-host-key");
}

TEST_P(SessionAccess, NamesARefusedLogin) {
  use_emulator();
  m_access.private_key_file = RouterProcess::foreign_key();
  EXPECT_EQ(connect_error(), "login-refused");
  m_access.private_key_file.reset();
  m_access.password = Secret{Secret::From::file, m_router.folder().write("wrong", "wrong")};
  EXPECT_EQ(connect_error(), "login-refused");
}

TEST_P(SessionAccess, NamesAMissingCredential) {
  use_emulator();
  m_access.private_key_file = m_router.folder().file("no-such-key");
  EXPECT_EQ(connect_error(), "credential-missing");
  m_access.private_key_file.reset();
  EXPECT_EQ(connect_error(), "credential-missing");
}

TEST_P(SessionAccess, NamesAClosedPortAndANameNobodyHas) {
  use_emulator();
  m_router.kill();
  EXPECT_EQ(connect_error(), "connect-refused");
  m_access.host = "no-such-host.invalid";
  EXPECT_EQ(connect_error(), "resolve-failed");
}

TEST_P(SessionAccess, RefusesLegacyAlgorithmsWithoutOptIn) {
  CannedScript script;
  script.legacy = true;
  use(std::move(script));
  const auto hello = connect();
  ASSERT_FALSE(hello);
  EXPECT_EQ(hello.error().code, "ssh-failed");
  // The router just hangs up; whoever reads it learns what may help.
  EXPECT_THAT(hello.error().message, HasSubstr("legacy-algorithms"));
}

TEST_P(SessionAccess, TalksToALegacyRouterWithOptIn) {
  CannedScript script;
  script.legacy = true;
  use(std::move(script));
  m_access.legacy_algorithms = true;
  const auto hello = connect();
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_TRUE(rpc(kGet));
}

TEST_P(SessionAccess, TakesModernAlgorithmsAlsoWithOptIn) {
  use_emulator();
  m_access.legacy_algorithms = true;
  EXPECT_EQ(connect_error(), "connected");
}

}  // namespace
}  // namespace wanwise::iosxe
