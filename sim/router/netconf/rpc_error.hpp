// What is wrong with a request, as RFC 6241 appendix A and IOS XE say it; turned into libnetconf2's
// reply at the last moment. Value types; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/router/netconf/netconf_c.hpp"

namespace wanwise::router {

/// One line the IOS parser refused (module cisco-ia, error-info/detail/bad-cli).
struct BadCli {
  std::string command;
  std::uint32_t location = 0;  ///< column of the first character IOS could not take
  std::string response;
  std::string context;  ///< the line of the configuration mode the command was given in
  bool operator==(const BadCli&) const = default;
};

/// The session of the router's own sync daemon, which holds a lock after a change at the CLI.
inline constexpr std::uint32_t kSyncSession = 18;

struct RpcError {
  NC_ERR tag = NC_ERR_OP_FAILED;
  NC_ERR_TYPE type = NC_ERR_TYPE_APP;
  std::string message;
  std::string path;
  std::string app_tag;
  std::string bad_element;       ///< needed by all tags that say missing-, bad- or unknown-
  std::string bad_attribute;     ///< needed by the three tags of attributes
  std::uint32_t session_id = 0;  ///< holder of the lock (lock-denied)
  std::vector<BadCli> bad_cli;
};

/// "Device refused one or more commands", exactly as IOS XE words it.
[[nodiscard]] RpcError refused_by_ios(std::vector<BadCli> lines);

/// The error with this tag of RFC 6241 appendix A, with whatever else the tag needs; an empty
/// message is the usual one. A script refuses by it (--fault-script).
[[nodiscard]] RpcError scripted_error(const std::string& tag, const std::string& message);

/// The newest libyang error of this thread, mapped as RFC 7950 section 15 asks.
[[nodiscard]] RpcError validation_error(const ly_ctx* ctx);

[[nodiscard]] nc_server_reply* to_reply(const ly_ctx* ctx, const RpcError& error);

}  // namespace wanwise::router
