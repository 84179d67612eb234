#include "tests/contract/session/session_fixture.hpp"

#include <cstdlib>

namespace wanwise::iosxe {

std::string stack_name(const testing::TestParamInfo<NetconfStack>& info) {
  return info.param == NetconfStack::libssh ? "libssh" : "libnetconf2";
}

void SessionContract::use_emulator(const std::vector<std::string>& options) {
  const auto code = m_router.start(options);
  ASSERT_FALSE(code.has_value()) << m_router.output();
  m_access.host = "127.0.0.1";
  m_access.port = m_router.port();
  m_access.user = test::RouterProcess::kUser;
  m_access.host_key = m_router.host_key();
  m_access.private_key_file = test::RouterProcess::private_key();
}

void SessionContract::use(test::CannedScript script) {
  m_canned.emplace(std::move(script));
  m_access.host = "127.0.0.1";
  m_access.port = m_canned->port();
  m_access.user = "canned";
  m_access.host_key = m_canned->host_key();
  m_access.private_key_file.reset();
  m_access.password =
      Secret{Secret::From::file, m_router.folder().write("canned", test::CannedRouters::kPassword)};
}

void SessionContract::TearDown() {
  if (m_session) m_session->close();
  m_io.restart();
  m_io.run();  // every coroutine must come to its end by itself
}

SessionFactory SessionContract::factory() const {
  if (GetParam() == NetconfStack::libssh) return make_ssh_session;
  return netconf2_sessions(WANWISE_SOURCE_DIR "/yang");
}

core::Expected<Hello> SessionContract::connect(milliseconds patience) {
  Session::Handlers handlers;
  handlers.on_notification = [this](std::string xml) { m_notifications.push_back(std::move(xml)); };
  handlers.on_closed = [this](const core::Error& why) { m_closed.push_back(why.code); };
  m_session = factory()(m_io.get_executor(), m_access, std::move(handlers));
  return run(m_session->connect(Steady::now() + patience));
}

std::string SessionContract::connect_error(milliseconds patience) {
  const auto hello = connect(patience);
  return hello ? "connected" : hello.error().code;
}

core::Expected<std::string> SessionContract::rpc(const std::string& operation,
                                                 milliseconds patience) {
  return run(m_session->rpc(operation, Steady::now() + patience));
}

std::string SessionContract::rpc_error(const std::string& operation, milliseconds patience) {
  const auto reply = rpc(operation, patience);
  return reply ? "answered" : reply.error().code;
}

bool SessionContract::run_until(const std::function<bool()>& done) {
  const auto until = Steady::now() + kPatience;
  m_io.restart();
  while (!done() && Steady::now() < until) {
    m_io.run_for(milliseconds{5});
    m_io.restart();
  }
  return done();
}

}  // namespace wanwise::iosxe
