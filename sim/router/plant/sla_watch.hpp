// The reactions of IP SLA: tells when an operation has timed out so often in a row, and when it is
// over. Fed with what the plant shows, again and again. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/router/config/sla_extract.hpp"
#include "sim/world/world.hpp"

namespace wanwise::router {

struct Reaction {
  std::uint32_t entry = 0;
  bool jitter = false;
  std::uint32_t give_up = 0;
  bool occurred = false;  ///< false: cleared
};

class SlaWatch {
 public:
  [[nodiscard]] std::vector<Reaction> step(const std::vector<SlaOperation>& configured,
                                           const std::vector<sim::OperationReading>& readings);

 private:
  struct Seen {
    std::uint64_t successes = 0;
    std::uint64_t failures = 0;  ///< when it last succeeded
    bool raised = false;
  };
  std::map<std::uint32_t, Seen> m_seen;
};

}  // namespace wanwise::router
