// The ground of the session contract: every case runs over both implementations, against the
// emulator (a process of its own) or canned routers (a thread). One io_context, run by the test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/iosxe/session/netconf2_session.hpp"
#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/canned_routers.hpp"
#include "tests/support/router_process.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace wanwise::iosxe {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

/// How late a deadline may be kept on a busy machine; far below the 20 s of a bare libnetconf2.
inline constexpr milliseconds kSlack{1500};
inline constexpr milliseconds kPatience{20'000};
inline const std::string kGet =
    "<get-config><source><running/></source><filter type=\"subtree\">"
    "<native xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-native\"/></filter></get-config>";

class SessionContract : public testing::TestWithParam<NetconfStack> {
 protected:
  void use_emulator(const std::vector<std::string>& options = {});
  void use(test::CannedScript script);
  void TearDown() override;

  [[nodiscard]] SessionFactory factory() const;
  core::Expected<Hello> connect(milliseconds patience = kPatience);
  std::string connect_error(milliseconds patience = kPatience);
  core::Expected<std::string> rpc(const std::string& operation, milliseconds patience = kPatience);
  std::string rpc_error(const std::string& operation, milliseconds patience = kPatience);
  /// Runs the io_context until `done` or the patience is over.
  bool run_until(const std::function<bool()>& done);

  template <class T>
  T run(asio::awaitable<T> what) {
    return test::run_awaitable(m_io, std::move(what));
  }

  test::RouterProcess m_router;
  std::optional<test::CannedRouters> m_canned;
  asio::io_context m_io;
  SshAccess m_access;
  std::shared_ptr<Session> m_session;
  std::vector<std::string> m_notifications;
  std::vector<std::string> m_closed;  ///< the codes told to on_closed
};

std::string stack_name(const testing::TestParamInfo<NetconfStack>& info);

#define WANWISE_BOTH_STACKS(suite) \
  INSTANTIATE_TEST_SUITE_P(        \
      Over, suite, testing::Values(NetconfStack::libssh, NetconfStack::libnetconf2), stack_name)

}  // namespace wanwise::iosxe
