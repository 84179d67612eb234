// From ApplyQos to its answer: a change is planned, locked, edited, committed, read back, seen in
// force and confirmed, by the real adapter on the emulator in another process, over SSH on
// loopback. For a shaper that moves and for a whole configuration, in each of the three ways of
// writing. Beside it the floor: as many of the smallest requests there are, on a session of the
// same kind with the same router, in turns in the same run, so that a busy machine slows both.
// `--smoke`: short, nothing judged.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/iosxe_port.hpp"
#include "tests/support/router_process.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/unit/iosxe/samples.hpp"

namespace wanwise {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{30};
/// Answered from memory, without a lock and with one leaf.
const char* const kSmallest = "<netconf-session-id xmlns=\"http://cisco.com/yang/cisco-ia\"/>";

struct Mode {
  const char* name;
  std::vector<std::string> options;
  // Requests of one write: locks, discard, read, edit, validate, commit, read, effect, confirm,
  // unlocks, as far as the mode has them; a change of structure of running takes a checkpoint and
  // asks for its name (tests/faults/iosxe/cases.cpp has them by name).
  int requests_of_shaper;
  int requests_of_whole;
};

const std::vector<Mode>& modes() {
  static const std::vector<Mode> all{
      {"confirmed-commit", {"--datastore", "candidate", "--confirmed-commit"}, 12, 12},
      {"candidate", {"--datastore", "candidate", "--no-confirmed-commit"}, 11, 11},
      {"running", {"--datastore", "running"}, 6, 8}};
  return all;
}

double ms(Steady::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

[[noreturn]] void give_up(const char* what, const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", what, why.c_str());
  std::exit(1);
}

/// A session beside wanwise's, asked one thing after the other.
class Floor {
 public:
  explicit Floor(const iosxe::SshAccess& access)
      : m_session(iosxe::make_ssh_session(m_io.get_executor(), access, {})) {
    const auto hello = run(m_session->connect(Steady::now() + kPatience));
    if (!hello) give_up("connect", hello.error().message);
  }
  ~Floor() {
    m_session->close();
    m_io.restart();
    m_io.poll();
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  double round_trips(int count) {
    const auto begin = Steady::now();
    for (int i = 0; i < count; ++i) {
      const auto reply = run(m_session->rpc(kSmallest, Steady::now() + kPatience));
      if (!reply) give_up("round trip", reply.error().message);
    }
    return ms(Steady::now() - begin);
  }

 private:
  template <class T>
  T run(asio::awaitable<T> what) {
    return test::run_awaitable(m_io, std::move(what));
  }

  asio::io_context m_io;
  std::shared_ptr<iosxe::Session> m_session;
};

struct Series {
  std::vector<double> writes, floors;

  void print(const char* mode, const char* what, int requests) const {
    const double write = quantile(writes, 0.5);
    const double floor = quantile(floors, 0.5);
    std::printf(
        "%-17s %-7s n %4zu  p50 %7.2f p99 %7.2f ms  %2d round trips p50 %6.2f p99 %6.2f ms  "
        "ratio %5.2f\n",
        mode, what, writes.size(), write, quantile(writes, 0.99), requests, floor,
        quantile(floors, 0.99), floor > 0 ? write / floor : 0);
    std::fflush(stdout);
  }
};

class Bench {
 public:
  explicit Bench(const Mode& mode) : m_mode(mode) {
    if (m_router.start(mode.options)) give_up(mode.name, m_router.output());
    const iosxe::RouterConfig config =
        test::loopback_config({m_router.port(), test::RouterProcess::kUser, m_router.host_key(),
                               test::RouterProcess::private_key()});
    m_wanwise.emplace(config);
    if (!m_wanwise->settles()) give_up(mode.name, "no session");
    m_floor.emplace(config.access);
  }

  void run(int shapers, int wholes) {
    core::RouterQos qos = iosxe::samples::site_qos();
    const core::RouterQos nothing{qos.router, qos.lan_interface, {}, {}};
    Series whole;
    for (int i = 0; i < wholes; ++i) {
      whole.writes.push_back(apply(qos));
      whole.floors.push_back(m_floor->round_trips(m_mode.requests_of_whole));
      apply(nothing);
    }
    apply(qos);
    Series shaper;
    for (int i = 0; i < shapers; ++i) {
      qos.wans[0].shaper = core::Bps{5'000'000 + 8'000 * (i % 100)};
      shaper.writes.push_back(apply(qos));
      shaper.floors.push_back(m_floor->round_trips(m_mode.requests_of_shaper));
    }
    shaper.print(m_mode.name, "shaper", m_mode.requests_of_shaper);
    whole.print(m_mode.name, "whole", m_mode.requests_of_whole);
  }

 private:
  double apply(const core::RouterQos& qos) {
    m_wanwise->sink().clear_but_state();
    const auto begin = Steady::now();
    const auto done = m_wanwise->apply(qos, kPatience);
    const double took = ms(Steady::now() - begin);
    if (!done) give_up("write", "no answer");
    if (done->outcome != core::Outcome::done) give_up("write", done->reason + ": " + done->detail);
    return took;
  }

  const Mode& m_mode;
  test::RouterProcess m_router;
  std::optional<test::IosxePort> m_wanwise;
  std::optional<Floor> m_floor;
};

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  const bool smoke = argc > 1 && std::strcmp(argv[1], "--smoke") == 0;
  for (const wanwise::Mode& mode : wanwise::modes())
    wanwise::Bench{mode}.run(smoke ? 3 : 500, smoke ? 2 : 200);
  return 0;
}
