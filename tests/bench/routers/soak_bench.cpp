// Eight hours of one router, as fast as they go: 28,800 push rounds of each feed (8 h at 1 Hz), the
// connection cut every 16 minutes of them, a write every five. Memory must be flat: the median of
// the last third above that of the first, after a warm-up, by no more than a named margin. The
// router is played by another process. `--smoke`: a tenth of it. Exit 0 when flat.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/canned_process.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/support/router_process.hpp"

namespace wanwise {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint64_t kRounds = 28'800;
constexpr std::uint64_t kRoundsToCut = 960;
constexpr std::uint64_t kRoundsToWrite = 300;
constexpr std::uint64_t kSamples = 60;
/// Arenas of the allocator come and go by pages; a leak of 1 KiB a round would be 19 MiB.
constexpr double kMarginBytes = 1024.0 * 1024.0;

/// A second becomes a millisecond.
test::CannedScript hasty_script() {
  test::CannedScript script;
  script.on_message = [](test::CannedPeer& peer, const std::string& request) {
    if (request.find("<establish-subscription") != std::string::npos &&
        request.find("interfaces") != std::string::npos)
      peer.every(milliseconds{kRoundsToCut}, [&peer] { peer.hang_up(); });
    test::canned_answer(peer, request, 1000);
  };
  return script;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

core::ApplyQos some_write(std::uint64_t round) {
  core::ApplyQos apply;
  apply.desired.router = core::RouterName{"router"};
  apply.desired.lan_interface = "Vlan1";
  core::WanQos wan;
  wan.link = core::LinkName{"lte"};
  wan.interface = "Cellular0/1/0";
  wan.shaper = core::Bps{static_cast<std::int64_t>(8'000'000 + 1'000 * round)};
  apply.desired.wans.push_back(std::move(wan));
  return apply;
}

int soak(const test::CannedProcess& canned, std::uint64_t rounds) {
  test::TemporaryFolder folder;
  boost::asio::io_context io;
  test::MachineClock clock;
  test::CountingSink sink;
  iosxe::RouterConfig config = test::fleet_config(
      canned.doors().front(), "router", folder.write("password", test::CannedRouters::kPassword));
  config.limits.first_backoff = core::milliseconds(1);
  auto port =
      iosxe::RouterPort::create(io.get_executor(), clock, config, nullptr, iosxe::make_ssh_session);
  const auto begin = Steady::now();
  (*port)->start(sink);
  std::vector<double> samples;
  std::uint64_t writes = 0;
  while (sink.counters < rounds && Steady::now() - begin < std::chrono::minutes{20}) {
    io.run_for(milliseconds{5});
    if (sink.counters / kRoundsToWrite > writes) {
      ++writes;
      (*port)->submit(core::ActionId{writes}, some_write(writes), clock.now() + core::seconds(5));
    }
    if (sink.counters * kSamples / rounds > samples.size())
      samples.push_back(static_cast<double>(test::resident_bytes()));
  }
  for (int i = 0; i < 200 && sink.done < writes; ++i) io.run_for(milliseconds{50});
  (*port)->stop();
  io.run_for(milliseconds{500});
  // The first tenth is warm-up: schema-less contexts, OpenSSL's tables, the allocator's arenas.
  const auto warm = static_cast<std::ptrdiff_t>(samples.size() / 10);
  const auto third = static_cast<std::ptrdiff_t>(samples.size() / 3);
  const double first = median({samples.begin() + warm, samples.begin() + third});
  const double last = median({samples.end() - third, samples.end()});
  const bool flat = last - first <= kMarginBytes;
  std::printf(
      "push rounds %llu in %.1f s, sessions %llu, cut %llu, writes %llu (answered %llu)\n"
      "resident: first third %.2f MiB, last third %.2f MiB, grown by %.1f KiB (margin %.0f): %s\n",
      static_cast<unsigned long long>(sink.counters),
      std::chrono::duration<double>(Steady::now() - begin).count(),
      static_cast<unsigned long long>(sink.connected), static_cast<unsigned long long>(sink.lost),
      static_cast<unsigned long long>(writes), static_cast<unsigned long long>(sink.done),
      first / 1048576, last / 1048576, (last - first) / 1024, kMarginBytes / 1024,
      flat ? "flat" : "GROWING");
  return flat && sink.counters >= rounds && sink.done == writes ? 0 : 1;
}

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  const bool smoke = argc > 1 && std::strcmp(argv[1], "--smoke") == 0;
  const wanwise::test::CannedProcess canned{1, wanwise::hasty_script};
  return wanwise::soak(canned, smoke ? wanwise::kRounds / 10 : wanwise::kRounds);
}
