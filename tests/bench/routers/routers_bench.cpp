// What many routers cost one process with one thread: memory for each, the time of a core at a
// push-update a second of each feed, and how many push-updates a core decodes. The routers are
// played by another process. `--smoke`: ten routers, nothing judged. `--routers N`, `--seconds S`.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "adapters/iosxe/mqc/qos_codec.hpp"
#include "adapters/iosxe/read/notification.hpp"
#include "adapters/iosxe/read/telemetry.hpp"
#include "adapters/iosxe/session/framer.hpp"
#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/canned_process.hpp"
#include "tests/support/machine_clock.hpp"
#include "tests/support/router_process.hpp"

namespace wanwise {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Effort {
  std::size_t routers = 1'000;
  int seconds = 20;
  int decodes = 50'000;
};

double since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

void print(const char* what, double value, const char* unit) {
  std::printf("  %-56s %12.2f %s\n", what, value, unit);
}

/// Time of this thread alone: what else the machine does is not the codec's.
double thread_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Framer, XML and reader, from bytes to events, without a session.
void measure_decode(int rounds) {
  iosxe::RouterConfig config = test::fleet_config({}, "router", "");
  const auto names = iosxe::name_table(config);
  iosxe::Degradations degradations;
  iosxe::TelemetryReader reader{config, *names, degradations};
  iosxe::Framer framer;
  framer.use(iosxe::Framing::chunked);
  const std::string bytes =
      iosxe::frame(test::canned_push(2'147'483'649U, 12'345), iosxe::Framing::chunked);
  double framing = 0;
  double parsing = 0;
  std::size_t events = 0;
  for (int i = 0; i < rounds; ++i) {
    const double begin = thread_seconds();
    framer.feed(bytes);
    const auto message = framer.next();
    const double framed = (thread_seconds() - begin);
    const auto update = iosxe::parse_notification(**message);
    const double parsed = (thread_seconds() - begin);
    events += reader.read(update->data(), core::Instant{i}).size();
    framing += framed;
    parsing += parsed - framed;
    if (i + 1 == rounds) {
      std::printf("decoding one push-update of %zu bytes (%zu events):\n", bytes.size(),
                  events / static_cast<std::size_t>(rounds));
    }
  }
  const double begin = thread_seconds();
  for (int i = 0; i < rounds; ++i) {
    framer.feed(bytes);
    const auto message = framer.next();
    const auto update = iosxe::parse_notification(**message);
    events += reader.read(update->data(), core::Instant{i}).size();
  }
  const double all = (thread_seconds() - begin);
  print("push-updates decoded per second of a core", rounds / all, "/s");
  print("of that: framing", framing / rounds * 1e6, "us");
  print("of that: XML", parsing / rounds * 1e6, "us");
  print("of that: reader", (all - framing - parsing) / rounds * 1e6, "us");
}

class Fleet {
 public:
  Fleet(const test::CannedProcess& canned, std::size_t size) {
    m_password = m_folder.write("password", test::CannedRouters::kPassword);
    for (std::size_t i = 0; i < size; ++i) {
      iosxe::RouterConfig config = test::fleet_config(canned.doors()[i % canned.doors().size()],
                                                      "router-" + std::to_string(i), m_password);
      config.limits.connect = core::seconds(120);  // all key exchanges at once, on both sides
      config.limits.reply = core::seconds(60);
      auto port = iosxe::RouterPort::create(m_io.get_executor(), m_clock, config, nullptr,
                                            iosxe::make_ssh_session);
      m_routers.push_back({std::make_unique<test::CountingSink>(), std::move(*port)});
    }
  }
  ~Fleet() {
    for (const auto& router : m_routers) router.port->stop();
    m_io.run_for(milliseconds{2'000});
  }
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  void start() {
    for (const auto& router : m_routers) router.port->start(*router.sink);
  }
  /// Until each has heard `rounds` push-updates of its interface.
  bool run_until(std::uint64_t rounds, std::chrono::seconds patience) {
    const auto until = Steady::now() + patience;
    while (Steady::now() < until) {
      if (least() >= rounds) return true;
      m_io.run_for(milliseconds{50});
    }
    return false;
  }
  void run_for(std::chrono::seconds time) { m_io.run_for(time); }
  [[nodiscard]] std::uint64_t least() const {
    std::uint64_t least = UINT64_MAX;
    for (const auto& router : m_routers) least = std::min(least, router.sink->counters);
    return least;
  }
  [[nodiscard]] std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const auto& router : m_routers) sum += router.sink->counters;
    return sum;
  }
  [[nodiscard]] std::uint64_t lost() const {
    std::uint64_t sum = 0;
    for (const auto& router : m_routers) sum += router.sink->lost;
    return sum;
  }

 private:
  test::TemporaryFolder m_folder;
  std::string m_password;
  boost::asio::io_context m_io;
  test::MachineClock m_clock;
  std::vector<test::FleetRouter> m_routers;
};

int measure_fleet(const test::CannedProcess& canned, const Effort& effort) {
  std::string why;
  if (!test::raise_descriptor_limit(effort.routers, why)) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
  }
  {
    Fleet warm{canned, 1};  // libraries initialised, allocator warm
    warm.start();
    (void)warm.run_until(2, std::chrono::seconds{30});
  }
  const auto count = static_cast<double>(effort.routers);
  const std::size_t before = test::resident_bytes();
  const auto begin = Steady::now();
  const double cpu_begin = test::cpu_seconds();
  Fleet fleet{canned, effort.routers};
  fleet.start();
  const bool all = fleet.run_until(2, std::chrono::seconds{240});
  std::printf("%zu routers on one thread:\n", effort.routers);
  print("all connected, read, subscribed and heard twice after", since(begin), "s");
  print("of a core for that, each", (test::cpu_seconds() - cpu_begin) / count * 1e3, "ms");
  const double cpu = test::cpu_seconds();
  const std::uint64_t heard = fleet.total();
  const auto window = Steady::now();
  fleet.run_for(std::chrono::seconds{effort.seconds});
  const double seconds = since(window);
  print("share of a core at the rate heard (below)", (test::cpu_seconds() - cpu) / seconds * 100,
        "%");
  print("of a core for one router and second, at that rate",
        (test::cpu_seconds() - cpu) / seconds / count * 1e6, "us");
  print("rate heard: interface samples a second, of each (1 asked)",
        static_cast<double>(fleet.total() - heard) / seconds / count, "/s");
  print("resident memory for a router",
        static_cast<double>(test::resident_bytes() - before) / count / 1024, "KiB");
  print("resident memory of the process", static_cast<double>(test::resident_bytes()) / 1024 / 1024,
        "MiB");
  print("sessions lost", static_cast<double>(fleet.lost()), "");
  return all ? 0 : 1;
}

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  wanwise::Effort effort;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--smoke") == 0) effort = {10, 2, 500};
    if (i + 1 == argc) break;
    if (std::strcmp(argv[i], "--routers") == 0) effort.routers = std::stoul(argv[i + 1]);
    if (std::strcmp(argv[i], "--seconds") == 0) effort.seconds = std::stoi(argv[i + 1]);
  }
  std::string why;
  if (!wanwise::test::raise_descriptor_limit(effort.routers, why)) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
  }
  const std::size_t threads = effort.routers > 100 ? 4 : 1;
  const wanwise::test::CannedProcess canned{threads, [] { return wanwise::test::CannedScript{}; }};
  wanwise::measure_decode(effort.decodes);
  return wanwise::measure_fleet(canned, effort);
}
