// The command line of wanwise-router. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/router/faults.hpp"
#include "sim/router/yang_context.hpp"

namespace wanwise::router {

struct Options {
  std::vector<std::string> policy;
  std::string site;
  std::string listen = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint16_t door_port = 0;
  std::string host_key = "wanwise-router.key";
  std::string user = "admin";
  std::string password_file;
  std::string authorized_key;
  Datastore datastore = Datastore::candidate;
  bool confirmed_commit = true;
  bool push = true;
  std::string radio;
  std::string rate;
  std::string scenario;
  std::uint64_t seed = 1;
  std::int64_t seconds = 0;  ///< 0: until a signal
  std::string ready_file;
  std::string startup;
  std::string yang;
  Faults faults;
};

/// The options, or the exit code of a process that has printed its help or its complaint.
[[nodiscard]] std::variant<Options, int> parse_options(int argc, char** argv);

}  // namespace wanwise::router
