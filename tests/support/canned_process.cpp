#include "tests/support/canned_process.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace wanwise::test {

CannedProcess::CannedProcess(std::size_t threads, const std::function<CannedScript()>& script) {
  int life[2];
  int news[2];
  if (::pipe(life) != 0 || ::pipe(news) != 0) throw std::runtime_error("no pipe");
  m_child = ::fork();
  if (m_child < 0) throw std::runtime_error("no fork");
  if (m_child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(life[1]);
    std::vector<std::unique_ptr<CannedRouters>> routers;
    FILE* out = ::fdopen(news[1], "w");
    for (std::size_t i = 0; i < threads; ++i) {
      routers.push_back(std::make_unique<CannedRouters>(script()));
      std::fprintf(out, "%u %s\n", routers.back()->port(), routers.back()->host_key().c_str());
    }
    std::fclose(out);
    char byte = 0;
    while (::read(life[0], &byte, 1) > 0) {
    }
    ::_exit(0);
  }
  ::close(life[0]);
  ::close(news[1]);
  m_life = life[1];
  FILE* in = ::fdopen(news[0], "r");
  unsigned port = 0;
  char key[128];
  while (std::fscanf(in, "%u %127s", &port, key) == 2)
    m_doors.push_back({static_cast<std::uint16_t>(port), key});
  std::fclose(in);
  if (m_doors.size() != threads) throw std::runtime_error("the canned routers did not start");
}

CannedProcess::~CannedProcess() {
  ::close(m_life);
  ::waitpid(m_child, nullptr, 0);
}

void CountingSink::post(core::EventBody body) {
  ++events;
  if (std::holds_alternative<core::LinkCounters>(body)) ++counters;
  if (std::holds_alternative<core::ActionDone>(body)) ++done;
  if (const auto* session = std::get_if<core::RouterSession>(&body)) {
    const bool up = session->state == core::SessionState::connected;
    ++(up ? connected : lost);
    if (!up) reasons.insert(session->reason);
  }
  if (also) also(body);
}

iosxe::RouterConfig fleet_config(const CannedProcess::Door& door, const std::string& user,
                                 const std::string& password_file) {
  iosxe::RouterConfig config;
  config.router = core::RouterName{user};
  config.access.host = "127.0.0.1";
  config.access.port = door.port;
  config.access.user = user;
  config.access.host_key = door.host_key;
  config.access.password = iosxe::Secret{iosxe::Secret::From::file, password_file};
  config.lan_interface = "Vlan1";
  config.links.resize(1);
  config.links[0].name = core::LinkName{"lte"};
  config.links[0].interface = "Cellular0/1/0";
  config.links[0].kind = core::LinkKind::cellular;
  config.links[0].probe = 9101;
  for (const char* name : {"bulk", "realtime", "video"}) config.classes.emplace_back(name);
  return config;
}

bool raise_descriptor_limit(std::size_t sessions, std::string& why) {
  constexpr rlim_t kOthers = 64;  // standard streams, epoll, timers, files of a moment
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t wanted = 2 * sessions + kOthers;
  if (limit.rlim_cur >= wanted) return true;
  if (limit.rlim_max < wanted) {
    why = std::to_string(sessions) + " sessions need " + std::to_string(wanted) +
          " descriptors, the hard limit is " + std::to_string(limit.rlim_max) +
          " (raise LimitNOFILE of the service, or `ulimit -Hn`)";
    return false;
  }
  limit.rlim_cur = wanted;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

std::size_t resident_bytes() {
  std::size_t total = 0;
  std::size_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace wanwise::test
