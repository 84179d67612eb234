// wanwise-router: composes the simulated site, the device and its NETCONF server.
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>

#include "sim/router/config/startup.hpp"
#include "sim/router/device.hpp"
#include "sim/router/faults/fault_script.hpp"
#include "sim/router/netconf/host_key.hpp"
#include "sim/router/netconf/server.hpp"
#include "sim/router/options.hpp"
#include "sim/router/plant/simulated_site.hpp"
#include "sim/router/plant/static_plant.hpp"

namespace wanwise::router {
namespace {

using core::Error;
using core::Expected;
using core::Unexpected;

// libyang stamps in local time. While TZ is unset glibc reads the zone again for each stamp, which
// costs a file and looks like a race to ThreadSanitizer; a router's own stamps are in UTC anyway.
void fix_time_zone() {
  ::setenv("TZ", "UTC0", /*overwrite=*/0);
  ::tzset();
}

// Signals are taken by main alone, so that no thread of a library is interrupted.
sigset_t take_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

/// The next signal; 0 when the time is over.
int next_signal(const sigset_t& signals, std::chrono::steady_clock::time_point end) {
  using std::chrono::steady_clock;
  for (auto now = steady_clock::now(); now < end; now = steady_clock::now()) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(end - now).count();
    const std::timespec limit{.tv_sec = static_cast<std::time_t>(left / 1'000'000'000),
                              .tv_nsec = static_cast<long>(left % 1'000'000'000)};
    if (const int got = sigtimedwait(&signals, nullptr, &limit); got > 0) {
      return got;
    }
  }
  return 0;
}

// A script with mistakes changes nothing, and says so.
void read_faults_again(const std::string& file, Server& server) {
  auto script = read_fault_script(file);
  if (!script) {
    fmt::print(stderr, "wanwise-router: {}\n", script.error().message);
    return;
  }
  const std::size_t rules = script->requests.size() + script->timed.size();
  server.load_faults(std::move(*script));
  fmt::print("fault script read: {} rules\n", rules);
  std::fflush(stdout);
}

void wait_for_end(const sigset_t& signals, const Options& options, Server& server) {
  using std::chrono::steady_clock;
  constexpr std::chrono::hours kForever{24 * 365};
  const auto end =
      steady_clock::now() + (options.seconds == 0 ? std::chrono::seconds(kForever)
                                                  : std::chrono::seconds(options.seconds));
  int got = next_signal(signals, end);
  for (; got == SIGHUP; got = next_signal(signals, end)) {
    if (!options.fault_script.empty()) read_faults_again(options.fault_script, server);
  }
}

Expected<std::string> first_line(const std::string& file) {
  if (file.empty()) {
    return std::string();
  }
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    return core::fail("bad-password-file", file + ": has no first line");
  }
  return line;
}

Expected<void> announce(const Options& options, const Server& server, const SimulatedSite* site,
                        const std::string& host_key) {
  boost::json::object ready{{"netconf_port", server.port()},
                            {"door_port", nullptr},
                            {"host_key", host_key},
                            {"pid", static_cast<std::int64_t>(::getpid())}};
  if (site != nullptr) {
    ready["door_port"] = site->door_port();
  }
  if (!options.ready_file.empty()) {
    if (auto written = write_atomically(options.ready_file, boost::json::serialize(ready) + "\n");
        !written) {
      return written;
    }
  }
  fmt::print("wanwise-router ready on {}:{}, host key {}\n", options.server.listen, server.port(),
             host_key);
  std::fflush(stdout);
  return {};
}

Expected<std::unique_ptr<SimulatedSite>> start_site(const SiteRequest& request) {
  if (request.documents.empty()) {
    return std::unique_ptr<SimulatedSite>();
  }
  auto plan = plan_site(request);
  if (!plan) {
    return Unexpected<Error>{plan.error()};
  }
  for (const std::string& note : plan->notes) {
    fmt::print(stderr, "wanwise-router: {}\n", note);
  }
  return SimulatedSite::start(std::move(*plan), request);
}

Expected<std::optional<FaultScript>> start_faults(const std::string& file) {
  if (file.empty()) {
    return std::optional<FaultScript>();
  }
  auto script = read_fault_script(file);
  return script ? Expected<std::optional<FaultScript>>(std::move(*script))
                : Unexpected<Error>{script.error()};
}

// The first of the errors of what was tried.
template <class... Tried>
std::optional<Error> first_error(const Tried&... tried) {
  std::optional<Error> out;
  ((out || tried ? void() : void(out = tried.error())), ...);
  return out;
}

Expected<void> serve(Options options, const sigset_t& signals) {
  auto host_key = ensure_host_key(options.server.host_key_file);
  if (host_key && options.show_host_key) {
    fmt::print("{}\n", *host_key);
    return {};
  }
  auto password = first_line(options.password_file);
  auto ctx = load_modules(options.yang, options.modules);
  auto faults = start_faults(options.fault_script);
  auto site = start_site(options.site);
  if (auto error = first_error(host_key, password, ctx, faults, site)) {
    return Unexpected<Error>{*error};
  }
  StaticPlant quiet;
  Plant& plant = *site ? (*site)->plant() : quiet;
  auto device = Device::create(ctx->get(), plant, options.device);
  if (!device) {
    return Unexpected<Error>{device.error()};
  }
  options.server.password = *password;
  options.server.faults = std::move(*faults);
  auto server = Server::start(ctx->get(), **device, options.server);
  if (!server) {
    return Unexpected<Error>{server.error()};
  }
  if (auto done = announce(options, **server, site->get(), *host_key); !done) {
    return done;
  }
  wait_for_end(signals, options, **server);
  if (!(*server)->stop()) {
    std::_Exit(0);  // a client that stands still in its login holds a thread of the library
  }
  return {};
}

}  // namespace
}  // namespace wanwise::router

int main(int argc, char** argv) {
  const auto parsed = wanwise::router::parse_options(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) {
    return *code;
  }
  wanwise::router::fix_time_zone();
  const sigset_t signals = wanwise::router::take_signals();
  const auto served = wanwise::router::serve(std::get<wanwise::router::Options>(parsed), signals);
  if (!served) {
    std::fprintf(stderr, "wanwise-router: %s\n", served.error().message.c_str());
    return 1;
  }
  return 0;
}
