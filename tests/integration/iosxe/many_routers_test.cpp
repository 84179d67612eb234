// Fifty routers on one thread, some of which hang, drip, flood or send what is too big: each of the
// others keeps its pace, and what misbehaves costs its own session alone. No wall clock is judged:
// the good ones are counted against each other until all have had their rounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/canned_process.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/support/router_process.hpp"

namespace wanwise::iosxe {
namespace {

using std::chrono::milliseconds;
using test::CannedPeer;
using test::CannedScript;

constexpr std::size_t kRouters = 50;
constexpr std::size_t kBad = 10;  ///< the first of them, two of each kind
constexpr std::uint64_t kRounds = 20;

CannedScript mixed_script() {
  CannedScript script;
  script.on_message = [](CannedPeer& peer, const std::string& request) {
    const std::string& user = peer.user();
    if (user.starts_with("hang")) return;
    if (user.starts_with("drip")) peer.throttle(1);
    if (user.starts_with("big")) return peer.raw("\n#999999999\n");
    if (user.starts_with("endless")) {
      peer.every(milliseconds{1}, [&peer] {
        if (peer.unsent() < 65'536) peer.raw("\n#65536\n" + std::string(65'536, ' '));
      });
      return;
    }
    if (user.starts_with("flood")) {
      peer.every(milliseconds{1}, [&peer] {
        while (peer.unsent() < 16'384) peer.message(test::canned_notification(1000));
      });
    }
    test::canned_answer(peer, request);
  };
  return script;
}

class ManyRouters : public testing::Test {
 protected:
  void start() {
    const char* const bad[] = {"hang", "drip", "big", "flood", "endless"};
    for (std::size_t i = 0; i < kRouters; ++i) {
      const std::string user =
          (i < kBad ? bad[i % std::size(bad)] : "good") + std::string{"-"} + std::to_string(i);
      const test::CannedRouters& canned = i < kBad ? m_bad : m_canned;
      RouterConfig config =
          test::fleet_config({canned.port(), canned.host_key()}, user, m_password);
      config.period = core::milliseconds(50);
      config.limits.reply = core::seconds(2);
      config.limits.max_backoff = core::milliseconds(500);
      config.limits.connect = core::seconds(30);  // fifty key exchanges on a busy machine
      auto port =
          RouterPort::create(m_io.get_executor(), m_clock, config, nullptr, make_ssh_session);
      ASSERT_TRUE(port);
      m_routers.push_back({std::make_unique<test::CountingSink>(), std::move(*port)});
    }
    for (const auto& router : m_routers) router.port->start(*router.sink);
  }
  std::uint64_t least_of_the_good() const {
    std::uint64_t least = UINT64_MAX;
    for (std::size_t i = kBad; i < kRouters; ++i)
      least = std::min(least, m_routers[i].sink->counters);
    return least;
  }
  bool run_until(const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!done() && std::chrono::steady_clock::now() < until) m_io.run_for(milliseconds{20});
    return done();
  }
  void TearDown() override {
    for (const auto& router : m_routers) router.port->stop();
    m_io.run_for(std::chrono::seconds{5});
  }

  test::CannedRouters m_canned;
  test::CannedRouters m_bad{mixed_script()};  ///< a thread of their own: what they do to the player
                                              ///< of the good ones would prove nothing
  test::TemporaryFolder m_folder;
  std::string m_password = m_folder.write("password", test::CannedRouters::kPassword);
  boost::asio::io_context m_io;
  test::MachineClock m_clock;
  std::vector<test::FleetRouter> m_routers;
};

TEST_F(ManyRouters, TheSlowAndTheBrokenDelayNobodyElse) {
  start();
  ASSERT_TRUE(run_until([&] { return least_of_the_good() >= 1; }));
  std::vector<std::uint64_t> before;
  for (const auto& router : m_routers) before.push_back(router.sink->counters);
  ASSERT_TRUE(run_until([&] {
    for (std::size_t i = kBad; i < kRouters; ++i)
      if (m_routers[i].sink->counters - before[i] < kRounds) return false;
    return true;
  }));
  for (std::size_t i = kBad; i < kRouters; ++i)
    EXPECT_EQ(m_routers[i].sink->lost, 0U) << "router " << i;
}

TEST_F(ManyRouters, WhatIsTooBigOrNeverEndsEndsItsOwnSession) {
  start();
  ASSERT_TRUE(run_until([&] {
    return m_routers[2].sink->lost > 0 && m_routers[4].sink->lost > 0 &&
           least_of_the_good() >= kRounds;
  }));
  // Which bound ends them first, size or time, is the machine's to say.
  const auto bound =
      testing::AnyOf("message-too-big", "reply-timeout", "connect-timeout", "connection-lost");
  for (const std::size_t endless : {2U, 4U})
    EXPECT_THAT(m_routers[endless].sink->reasons, testing::Each(bound));
  for (std::size_t i = kBad; i < kRouters; ++i)
    EXPECT_EQ(m_routers[i].sink->lost, 0U) << "router " << i;
  // The largest message of each of the two endless ones, and of all others far less: a tenth of
  // this, but for what AddressSanitizer keeps of the freed.
  EXPECT_LT(test::resident_bytes(), std::size_t{1} << 30);
}

}  // namespace
}  // namespace wanwise::iosxe
