// wanwise-router: composes the simulated site, the device and its NETCONF server.
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "sim/router/device.hpp"
#include "sim/router/host_key.hpp"
#include "sim/router/options.hpp"
#include "sim/router/server.hpp"
#include "sim/router/startup.hpp"
#include "sim/router/static_plant.hpp"

namespace wanwise::router {
namespace {

using core::Error;
using core::Expected;
using core::Unexpected;

// Signals are taken by main alone, so that no thread of a library is interrupted.
sigset_t take_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

void wait_for_end(const sigset_t& signals, std::int64_t seconds) {
  using std::chrono::steady_clock;
  if (seconds == 0) {
    int got = 0;
    sigwait(&signals, &got);
    return;
  }
  const auto end = steady_clock::now() + std::chrono::seconds(seconds);
  for (auto now = steady_clock::now(); now < end; now = steady_clock::now()) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(end - now).count();
    const std::timespec limit{.tv_sec = static_cast<std::time_t>(left / 1'000'000'000),
                              .tv_nsec = static_cast<long>(left % 1'000'000'000)};
    if (sigtimedwait(&signals, nullptr, &limit) > 0) {
      return;
    }
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

Expected<void> announce(const Options& options, std::uint16_t port, const std::string& host_key) {
  const boost::json::object ready{{"netconf_port", port},
                                  {"door_port", nullptr},
                                  {"host_key", host_key},
                                  {"pid", static_cast<std::int64_t>(::getpid())}};
  if (!options.ready_file.empty()) {
    if (auto written = write_atomically(options.ready_file, boost::json::serialize(ready) + "\n");
        !written) {
      return written;
    }
  }
  fmt::print("wanwise-router ready on {}:{}, host key {}\n", options.listen, port, host_key);
  std::fflush(stdout);
  return {};
}

Expected<void> serve(const Options& options, const sigset_t& signals) {
  auto host_key = ensure_host_key(options.host_key);
  auto password = first_line(options.password_file);
  auto ctx = load_modules(options.yang, {.datastore = options.datastore,
                                         .confirmed_commit = options.confirmed_commit,
                                         .push = options.push});
  for (const Error* error :
       {host_key ? nullptr : &host_key.error(), password ? nullptr : &password.error(),
        ctx ? nullptr : &ctx.error()}) {
    if (error != nullptr) {
      return Unexpected<Error>{*error};
    }
  }
  StaticPlant plant;
  auto device = Device::create(
      ctx->get(), plant,
      {.datastore = options.datastore, .faults = options.faults, .startup_file = options.startup});
  if (!device) {
    return Unexpected<Error>{device.error()};
  }
  auto server = Server::start(ctx->get(), **device,
                              {.listen = options.listen,
                               .port = options.port,
                               .host_key_file = options.host_key,
                               .user = options.user,
                               .password = *password,
                               .authorized_key_file = options.authorized_key,
                               .push = options.push});
  if (!server) {
    return Unexpected<Error>{server.error()};
  }
  if (auto announced = announce(options, (*server)->port(), *host_key); !announced) {
    return announced;
  }
  wait_for_end(signals, options.seconds);
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
  const sigset_t signals = wanwise::router::take_signals();
  const auto served = wanwise::router::serve(std::get<wanwise::router::Options>(parsed), signals);
  if (!served) {
    std::fprintf(stderr, "wanwise-router: %s\n", served.error().message.c_str());
    return 1;
  }
  return 0;
}
