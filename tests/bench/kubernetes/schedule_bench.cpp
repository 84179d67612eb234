// wanwise and kube-scheduler side by side on one real control plane, in turns in one run so that a
// busy machine slows both: how fast each binds a backlog of pods. Each is a process of its own that
// is started when the pods are there; the time is that between the first and the last pod bound, as
// a watch sees them. `--smoke`: small, nothing judged. `--rounds N`. `--scheduler KUBECONFIG`: be
// wanwise's scheduler until killed.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "adapters/kubernetes/api/json_read.hpp"
#include "adapters/kubernetes/auth/kubeconfig.hpp"
#include "tests/integration/kubernetes/control_plane.hpp"
#include "tests/integration/kubernetes/lone_scheduler.hpp"
#include "tests/support/run_awaitable.hpp"

namespace wanwise {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using kubernetes::Call;
using kubernetes::Client;
using kubernetes::Verb;
using Steady = std::chrono::steady_clock;

enum class Who : std::uint8_t { wanwise, kube, kube_limited };

const char* name_of(Who who) {
  switch (who) {
    case Who::wanwise:
      return "wanwise";
    case Who::kube:
      return "kube-scheduler";
    case Who::kube_limited:
      return "kube-scheduler, default rate";
  }
  return "";
}

struct Effort {
  std::vector<int> nodes{100, 1000};
  int pods = 1000;
  int rounds = 5;
  int limited_rounds = 1;
};

double load() {
  double one = 0;
  return ::getloadavg(&one, 1) == 1 ? one : -1;
}

/// User and system time of a process until now.
double cpu_seconds_of(pid_t pid) {
  std::ifstream file{fmt::format("/proc/{}/stat", pid)};
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::istringstream rest{text.substr(std::min(text.size(), text.rfind(')') + 1))};
  std::string word;
  for (int i = 3; i < 14; ++i) rest >> word;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// When the pods of a namespace were seen bound.
class Watcher final : public kubernetes::Mirror {
 public:
  Watcher(asio::io_context& io, const std::shared_ptr<Client>& client, const std::string& path)
      : m_reflector(client, {path, "", ""}, *this) {
    asio::co_spawn(io, m_reflector.run(), [this](const std::exception_ptr&) { ended = true; });
  }
  void list_begins() override {}
  void put(const json::value& object) override {
    const std::string name{kubernetes::string_at(object, {"metadata", "name"})};
    ++pods[name];
    if (kubernetes::string_at(object, {"spec", "nodeName"}).empty()) return;
    bound.emplace(name, Steady::now());
    last = Steady::now();
  }
  void removed(const json::value& object) override {
    pods.erase(std::string(kubernetes::string_at(object, {"metadata", "name"})));
  }
  void list_ends() override {}
  void broken(const core::Error&) override {}
  void followed() override {}
  void stop() { m_reflector.stop(); }

  std::map<std::string, int> pods;
  std::map<std::string, Steady::time_point> bound;
  Steady::time_point last;
  bool ended = false;

 private:
  kubernetes::Reflector m_reflector;
};

struct Run {
  double per_second = 0;   ///< between the first and the last bound
  double whole = 0;        ///< seconds from the process's start to the last bound
  double cpu = 0;          ///< seconds of the scheduler's process until then
  std::size_t events = 0;  ///< that stand on the pods by then
  double with_events = 0;  ///< seconds from the start until each pod has its Event
  double all_cpu = 0;      ///< its CPU seconds by then
};

class Bench {
 public:
  Bench(std::string self, Effort effort)
      : m_self(std::move(self)),
        m_effort(std::move(effort)),
        m_plane(test::PlaneOptions{true, false, {}}) {
    kubernetes::Limits limits;
    limits.idle_connections = kParallel;
    m_client = Client::create(m_io.get_executor(), m_plane.admin(), limits).value();
  }

  void run() {
    for (const int nodes : m_effort.nodes) {
      add_nodes(nodes);
      std::vector<double> ratios, ratios_told;
      std::map<Who, std::vector<double>> rates, told;
      for (int round = 0; round < m_effort.rounds; ++round) {
        std::vector<Who> order{Who::wanwise, Who::kube};
        if (round % 2 == 1) std::reverse(order.begin(), order.end());
        if (round < m_effort.limited_rounds) order.push_back(Who::kube_limited);
        for (const Who who : order) {
          const Run run = measure(who, nodes);
          rates[who].push_back(run.per_second);
          told[who].push_back(m_effort.pods / run.with_events);
        }
        ratios.push_back(rates[Who::wanwise].back() / rates[Who::kube].back());
        ratios_told.push_back(told[Who::wanwise].back() / told[Who::kube].back());
      }
      for (auto& [who, values] : rates) print(name_of(who), values, "pods/s");
      print("wanwise / kube-scheduler", ratios, "x");
      // From the process's start until the last Event stands: wanwise lets them wait for bindings.
      for (auto& [who, values] : told) print(name_of(who), values, "pods/s with Events");
      print("wanwise / kube-scheduler", ratios_told, "x with Events");
    }
  }

 private:
  static constexpr std::size_t kParallel = 16;

  static void print(const char* what, std::vector<double> values, const char* unit) {
    std::sort(values.begin(), values.end());
    std::printf("    %-30s median %7.2f  %7.2f ... %7.2f %s (%zu rounds)\n", what,
                values[values.size() / 2], values.front(), values.back(), unit, values.size());
  }

  void until(const char* what, const std::function<bool()>& reached) {
    const auto deadline = Steady::now() + std::chrono::minutes(3);
    while (!reached()) {
      m_io.restart();
      m_io.run_one_for(std::chrono::milliseconds(20));
      if (Steady::now() < deadline) continue;
      std::fprintf(stderr, "not in time: %s\n", what);
      std::exit(1);
    }
  }
  json::value call(Call what) {
    auto answer = test::run_awaitable(m_io, m_client->call(std::move(what)));
    if (answer) return std::move(*answer);
    std::fprintf(stderr, "%s\n", answer.error().message.c_str());
    std::exit(1);
  }

  asio::awaitable<void> make(const std::string& path, const std::vector<std::string>& bodies,
                             std::size_t& next, std::size_t& made) {
    while (next < bodies.size()) {
      Call what{Verb::create, path, json::parse(bodies[next++])};
      what.repeatable = true;
      const auto answer = co_await m_client->call(std::move(what));
      if (!answer) std::fprintf(stderr, "%s\n", answer.error().message.c_str());
      ++made;
    }
  }
  void make_all(const std::string& path, const std::vector<std::string>& bodies) {
    std::size_t next = 0, made = 0, ended = 0;
    for (std::size_t i = 0; i < kParallel; ++i) {
      asio::co_spawn(m_io, make(path, bodies, next, made),
                     [&](const std::exception_ptr&) { ++ended; });
    }
    until("objects made", [&] { return ended == kParallel; });
  }

  void add_nodes(int count) {
    const char* all = R"({"cpu":"32","memory":"256Gi","pods":"110"})";
    std::vector<std::string> bodies;
    for (int i = m_nodes; i < count; ++i) {
      bodies.push_back(fmt::format(
          R"({{"metadata":{{"name":"node-{0}","labels":{{"kubernetes.io/hostname":"node-{0}"}}}},
              "status":{{"capacity":{1},"allocatable":{1},
                         "conditions":[{{"type":"Ready","status":"True"}}]}}}})",
          i, all));
    }
    make_all("/api/v1/nodes", bodies);
    m_nodes = count;
  }

  void add_pods(const std::string& path, Who who) {
    const char* scheduler = who == Who::wanwise ? "wanwise" : "default-scheduler";
    std::vector<std::string> bodies;
    for (int i = 0; i < m_effort.pods; ++i) {
      bodies.push_back(fmt::format(
          R"({{"metadata":{{"name":"pod-{}","labels":{{"app":"bench"}}}},
               "spec":{{"schedulerName":"{}","containers":[{{"name":"c","image":"i:1",
               "resources":{{"requests":{{"cpu":"100m","memory":"128Mi"}}}}}}]}}}})",
          i, scheduler));
    }
    make_all(path, bodies);
  }

  std::string add_namespace() {
    const std::string name = fmt::format("bench-{}", ++m_runs);
    call({Verb::create, "/api/v1/namespaces",
          json::parse(fmt::format(R"({{"metadata":{{"name":"{}"}}}})", name))});
    until("service account", [&] {
      Call get;
      get.path = "/api/v1/namespaces/" + name + "/serviceaccounts/default";
      const auto account = test::run_awaitable(m_io, m_client->call(std::move(get)));
      return account && !kubernetes::array_at(*account, {"secrets"}).empty();
    });
    return name;
  }

  /// How many of the namespace's pods were told of as scheduled.
  std::size_t events(const std::string& pods_path) {
    Call get;
    get.path = "/apis/events.k8s.io/v1/" + pods_path.substr(std::strlen("/api/v1/"));
    get.path = get.path.substr(0, get.path.rfind('/')) + "/events?limit=1";
    const json::value list = call(std::move(get));
    const auto more = kubernetes::integer_at(list, {"metadata", "remainingItemCount"}).value_or(0);
    return kubernetes::array_at(list, {"items"}).size() + static_cast<std::size_t>(more);
  }

  Run measure(Who who, int nodes) {
    const std::string path = "/api/v1/namespaces/" + add_namespace() + "/pods";
    add_pods(path, who);
    Watcher watcher{m_io, m_client, path};
    const auto count = static_cast<std::size_t>(m_effort.pods);
    until("pods seen", [&] { return watcher.pods.size() == count; });
    const double before = load();
    const auto begin = Steady::now();
    pid_t pid = 0;
    if (who == Who::wanwise) {
      m_wanwise.start({m_self, "--scheduler", m_plane.kubeconfig()});
      pid = m_wanwise.pid();
    } else {
      m_plane.start_scheduler(who == Who::kube_limited);
      pid = m_plane.scheduler_pid();
    }
    until("pods bound", [&] { return watcher.bound.size() == count; });
    Run run;
    auto first = watcher.last;
    for (const auto& [name, at] : watcher.bound) first = std::min(first, at);
    const auto seconds = [](Steady::duration time) {
      return std::chrono::duration<double>(time).count();
    };
    run.per_second = static_cast<double>(count - 1) / seconds(watcher.last - first);
    run.whole = seconds(watcher.last - begin);
    run.cpu = cpu_seconds_of(pid);
    run.events = events(path);
    // kube-scheduler may drop Events: it is not waited for them for ever.
    const auto patience = Steady::now() + std::chrono::seconds(20);
    until("Events", [&] { return events(path) >= count || Steady::now() > patience; });
    run.with_events = seconds(Steady::now() - begin);
    run.all_cpu = cpu_seconds_of(pid);
    std::printf(
        "%4d nodes, %d pods, %-28s %7.1f pods/s  whole %6.2f s  CPU %5.2f s  Events %4zu, all "
        "after %6.2f s, CPU %5.2f s  load %.1f\n",
        nodes, m_effort.pods, name_of(who), run.per_second, run.whole, run.cpu, run.events,
        run.with_events, run.all_cpu, before);
    std::fflush(stdout);
    m_wanwise.kill();
    m_plane.stop_scheduler();
    call({Verb::remove, path, json::parse(R"({"gracePeriodSeconds":0})")});
    until("pods gone", [&] { return watcher.pods.empty(); });
    watcher.stop();
    until("watch ended", [&] { return watcher.ended; });
    return run;
  }

  const std::string m_self;
  const Effort m_effort;
  test::ControlPlane m_plane;
  test::Process m_wanwise;
  asio::io_context m_io;
  std::shared_ptr<Client> m_client;
  int m_nodes = 0;
  int m_runs = 0;
};

int schedule(const char* kubeconfig) {
  asio::io_context io;
  const test::LoneScheduler scheduler{io, kubernetes::read_kubeconfig(kubeconfig).value()};
  io.run();
  return 0;
}

int compare(int argc, char** argv) {
  Effort effort;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--smoke") == 0) effort = {{10}, 50, 1, 0};
    if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) effort.rounds = std::atoi(argv[++i]);
  }
  if (const std::string why = test::ControlPlane::lacking(); !why.empty()) {
    std::printf("skipped: %s\n", why.c_str());
    return 0;
  }
  std::printf("load before: %.1f on %ld cores\n", load(), ::sysconf(_SC_NPROCESSORS_ONLN));
  Bench{argv[0], effort}.run();
  return 0;
}

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--scheduler") == 0) return wanwise::schedule(argv[2]);
  return wanwise::compare(argc, argv);
}
