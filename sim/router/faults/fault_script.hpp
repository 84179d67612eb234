// The language of --fault-script: what goes wrong at which request, or at which second. Pure text
// to rules; any thread.
//
//   # comment
//   on OPERATION[#N] ACTION   the N-th such request since the script was read; without #N every one
//   at SECONDS ACTION         once, so long after the script was read
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/expected.hpp"

namespace wanwise::router {

/// More lines than a test needs by far; a larger file is not a fault script.
inline constexpr std::size_t kMaxFaultLines = 1'000;

enum class RequestFault : std::uint8_t {
  cut,
  hang,
  error,
  bad_cli,
  ignore,  ///< answered with ok and not executed
  delay,
  exit,
};
/// Relative to the execution of the request.
enum class FaultPhase : std::uint8_t { before, during, after };

struct RequestRule {
  std::string operation;             ///< name of the RPC
  std::optional<std::uint64_t> nth;  ///< 1 is the first; absent: every one
  RequestFault what = RequestFault::cut;
  FaultPhase when = FaultPhase::before;
  std::string tag;   ///< error: error-tag of RFC 6241 appendix A
  std::string text;  ///< error: its message, may be empty; bad-cli: the command
  std::chrono::milliseconds delay{0};
  std::string say;  ///< the action in one spelling, for people
};

enum class TimedFault : std::uint8_t { restart, sync, cli, subscriptions, interface, cut };

struct TimedRule {
  std::chrono::milliseconds at{0};
  TimedFault what = TimedFault::cut;
  std::chrono::milliseconds length{0};  ///< restart, sync
  std::uint32_t count = 0;              ///< subscriptions
  std::string interface;                ///< interface: "Cellular0/1/0"
  bool up = true;                       ///< interface
  std::string file;                     ///< cli: as written
  std::string text;                     ///< cli: what the file holds, once it was read
  std::string say;                      ///< seconds and action in one spelling
};

struct FaultScript {
  std::vector<RequestRule> requests;
  std::vector<TimedRule> timed;  ///< in the order of their times
};

/// All complaints at once, a line each: `NAME:LINE: what (allowed: …)`.
[[nodiscard]] core::Expected<FaultScript> parse_fault_script(const std::string& name,
                                                             std::string_view text);

/// Reads the script and the files its `cli` lines name, relative to its own folder.
[[nodiscard]] core::Expected<FaultScript> read_fault_script(const std::string& file);

}  // namespace wanwise::router
