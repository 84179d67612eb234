// Both NETCONF stacks side by side, in turns in one run so that a busy machine slows both: connect
// with an IR1101's hello, small gets, a reply that freezes in its middle, memory of one session and
// of fifty. The router is a canned one in another process. `--smoke`: short, nothing judged.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "adapters/iosxe/session/netconf2_session.hpp"
#include "adapters/iosxe/session/ssh_session.hpp"
#include "tests/support/canned_process.hpp"
#include "tests/support/router_process.hpp"
#include "tests/support/run_awaitable.hpp"

namespace wanwise {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
using iosxe::Session;

const std::string kGet =
    "<get><filter type=\"subtree\"><interfaces "
    "xmlns=\"http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper\"><interface>"
    "<name>Cellular0/1/0</name></interface></interfaces></filter></get>";

struct Effort {
  int connects = 30;
  int gets = 3'000;
  int freezes = 3;
  std::size_t sessions = 50;
  std::chrono::milliseconds freeze{2'000};
};

std::string real_or_padded_hello() {
  std::ifstream file{WANWISE_SOURCE_DIR "/../shared/yang-xe/17151/capability-ir1101.xml"};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str().empty() ? test::canned_hello(360) : test::hello_from(text.str());
}

test::CannedScript script() {
  test::CannedScript script;
  script.on_open = [hello = real_or_padded_hello()](test::CannedPeer& peer) {
    peer.raw(hello + "]]>]]>");
  };
  script.on_message = [](test::CannedPeer& peer, const std::string& request) {
    if (peer.user() == "freezer") return peer.raw("\n#1000\n<rpc-reply ");
    test::canned_answer(peer, request);
  };
  return script;
}

class Bench {
 public:
  Bench(const test::CannedProcess& canned, const char* name, iosxe::SessionFactory factory)
      : m_name(name), m_factory(std::move(factory)) {
    m_access = test::fleet_config(canned.doors().front(), "bench",
                                  m_folder.write("password", test::CannedRouters::kPassword))
                   .access;
  }

  std::shared_ptr<Session> open(const char* user = "bench") {
    iosxe::SshAccess access = m_access;
    access.user = user;
    auto session = m_factory(m_io.get_executor(), access, {});
    const auto hello = run(session->connect(Steady::now() + std::chrono::seconds{30}));
    if (!hello) {
      std::fprintf(stderr, "%s: %s %s\n", m_name, hello.error().code.c_str(),
                   hello.error().message.c_str());
      std::exit(1);
    }
    return session;
  }
  void connect_once() {
    const auto begin = Steady::now();
    const auto session = open();
    m_connects.push_back(ms(Steady::now() - begin));
    session->close();
    m_io.restart();
    m_io.poll();
  }
  void get(Session& session) {
    const auto begin = Steady::now();
    const auto reply = run(session.rpc(kGet, begin + std::chrono::seconds{10}));
    if (!reply) std::exit(1);
    m_gets.push_back(ms(Steady::now() - begin));
  }
  void freeze_once(std::chrono::milliseconds deadline) {
    const auto session = open("freezer");
    const double cpu = test::cpu_seconds();
    const auto begin = Steady::now();
    const auto reply = run(session->rpc(kGet, begin + deadline));
    if (reply) std::exit(1);
    m_late.push_back(ms(Steady::now() - begin - deadline));
    m_burnt.push_back((test::cpu_seconds() - cpu) * 1e3);
  }
  void measure_memory(std::size_t sessions) {
    std::vector<std::shared_ptr<Session>> open_ones;
    const auto take = [&](std::size_t upto) {
      while (open_ones.size() < upto) {
        open_ones.push_back(open());
        get(*open_ones.back());
      }
      return static_cast<double>(test::resident_bytes());
    };
    const double one = take(1);
    const double all = take(sessions);
    m_each = (all - one) / static_cast<double>(sessions - 1) / 1024;
    m_resident = all / 1048576;
    for (const auto& session : open_ones) session->close();
  }
  void print() {
    const double total = [&] {
      double sum = 0;
      for (const double one : m_gets) sum += one;
      return sum;
    }();
    std::printf(
        "%-12s connect p50 %6.2f ms  get %6.0f/s p50 %6.3f p99 %6.3f ms  frozen reply: late %5.1f "
        "ms, burnt %5.1f ms  session %7.1f KiB, process %6.1f MiB\n",
        m_name, quantile(m_connects, 0.5), static_cast<double>(m_gets.size()) / total * 1e3,
        quantile(m_gets, 0.5), quantile(m_gets, 0.99), quantile(m_late, 1.0),
        quantile(m_burnt, 0.5), m_each, m_resident);
  }

 private:
  template <class T>
  T run(asio::awaitable<T> what) {
    return test::run_awaitable(m_io, std::move(what));
  }
  static double ms(Steady::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
  }
  static double quantile(std::vector<double> values, double q) {
    if (values.empty()) return 0;
    const auto place = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + place, values.end());
    return values[static_cast<std::size_t>(place)];
  }

  const char* m_name;
  iosxe::SessionFactory m_factory;
  test::TemporaryFolder m_folder;
  iosxe::SshAccess m_access;
  asio::io_context m_io;
  std::vector<double> m_connects, m_gets, m_late, m_burnt;
  double m_each = 0;
  double m_resident = 0;
};

int run(const test::CannedProcess& canned, const Effort& effort) {
  Bench ours{canned, "libssh", iosxe::make_ssh_session};
  Bench other{canned, "libnetconf2", iosxe::netconf2_sessions(WANWISE_SOURCE_DIR "/yang")};
  ours.measure_memory(effort.sessions);  // the leaner one first: what it freed serves the other
  other.measure_memory(effort.sessions);
  for (int i = 0; i < effort.connects; ++i) {
    ours.connect_once();
    other.connect_once();
  }
  const auto one = ours.open();
  const auto two = other.open();
  constexpr int kBlock = 50;  // in turns
  for (int i = 0; i < effort.gets; i += kBlock) {
    for (int k = 0; k < kBlock; ++k) ours.get(*one);
    for (int k = 0; k < kBlock; ++k) other.get(*two);
  }
  for (int i = 0; i < effort.freezes; ++i) {
    ours.freeze_once(effort.freeze);
    other.freeze_once(effort.freeze);
  }
  ours.print();
  other.print();
  one->close();
  two->close();
  return 0;
}

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  wanwise::Effort effort;
  if (argc > 1 && std::strcmp(argv[1], "--smoke") == 0)
    effort = {2, 100, 1, 5, std::chrono::milliseconds{100}};
  const wanwise::test::CannedProcess canned{1, wanwise::script};
  return wanwise::run(canned, effort);
}
