// The command line of wanwise-router. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "sim/router/netconf/server.hpp"
#include "sim/router/netconf/yang_context.hpp"
#include "sim/router/plant/simulated_site.hpp"

namespace wanwise::router {

struct Options {
  SiteRequest site;  ///< site.documents empty: no traffic flows
  ServerSettings server;
  ModuleChoice modules;
  DeviceSettings device;
  std::string password_file;
  std::string yang;
  std::string ready_file;
  std::string fault_script;    ///< read again at SIGHUP
  std::int64_t seconds = 0;    ///< 0: until a signal
  bool show_host_key = false;  ///< print the fingerprint, making the key if need be, and end
};

/// The options, or the exit code of a process that has printed its help or its complaint.
[[nodiscard]] std::variant<Options, int> parse_options(int argc, char** argv);

}  // namespace wanwise::router
