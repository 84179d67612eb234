// Asking again while the router says "not now": never so late that the request itself would run
// into the deadline and end the session.
#include "adapters/iosxe/write/wire.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/iosxe/errors.hpp"
#include "tests/support/run_awaitable.hpp"

namespace wanwise::iosxe {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Somebody holds the lock for ever; each answer takes its time. As with a real session a reply
/// that is later than its deadline is none.
class Locked final : public Session {
 public:
  explicit Locked(milliseconds takes) : m_takes(takes) {}
  asio::awaitable<core::Expected<Hello>> connect(Deadline) override { co_return Hello{}; }
  asio::awaitable<core::Expected<std::string>> rpc(std::string, Deadline deadline) override {
    ++asked;
    const Deadline answered = Steady::now() + m_takes;
    co_await pause_until(std::min(answered, deadline));
    if (answered > deadline) co_return core::fail(errors::kReplyTimeout, "");
    co_return "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'>"
              "<rpc-error><error-type>protocol</error-type><error-tag>lock-denied</error-tag>"
              "<error-severity>error</error-severity></rpc-error></rpc-reply>";
  }
  void close() override {}
  int asked = 0;

 private:
  milliseconds m_takes;
};

TEST(Wire, TheLastTryLeavesTheReplyItsTime) {
  const Limits limits{.lock_retry = core::milliseconds(1)};
  for (const int patience : {300, 310, 320, 330, 340}) {
    asio::io_context io;
    const auto session = std::make_shared<Locked>(milliseconds{40});
    Wire wire{session, limits};
    const auto reply = test::run_awaitable(
        io, wire.ask_patiently(lock_request("running"), Steady::now() + milliseconds{patience}));
    ASSERT_TRUE(reply) << patience << ": " << reply.error().code;
    EXPECT_TRUE(is_transient(*reply));
    EXPECT_FALSE(wire.lost());
    EXPECT_GE(session->asked, 2);
  }
}

}  // namespace
}  // namespace wanwise::iosxe
