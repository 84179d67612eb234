// Faults an operator of the emulator can switch on (--fault): the oddities of real devices, and
// routers that stop answering. Constant after start; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"

namespace wanwise::router {

struct Faults {
  bool negative_counters = false;  ///< <in-unicast-pkts>-324</…> for a uint64
  bool speed = false;              ///< GigabitEthernet speed 1024000000
  bool no_radio = false;           ///< the modem's lists are empty
  bool opaque = false;             ///< elements and enum values the projection does not know
  bool sla_milliseconds = false;   ///< IP SLA with accuracy-milliseconds
  bool busy_cpu = false;           ///< the control plane is at its limit
  bool full_iox = false;           ///< nothing is left for applications
  bool refuse_edit = false;        ///< IOS refuses every configuration change
  std::chrono::milliseconds slow_reply{0};
  /// Change requests (commit; edit-config of running) are not answered for so long; 0: never.
  std::optional<std::chrono::milliseconds> hang_commit;
};

/// Values as --fault takes them: "speed", "slow-reply=200", "hang-commit" or "hang-commit=500".
[[nodiscard]] core::Expected<Faults> parse_faults(const std::vector<std::string>& words);

}  // namespace wanwise::router
