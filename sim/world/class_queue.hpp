// One queue of an output policy: its packets, limit and counters, its policer (priority) or its
// deficit (remaining). Belongs to an OutputPort. One owner; not thread-safe.
#pragma once

#include <optional>

#include "sim/world/packet.hpp"
#include "sim/world/qos_config.hpp"
#include "sim/world/token_bucket.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

struct ClassQueue {
  std::uint64_t dscps = 0;  ///< bit i: code point i enters here
  core::QueueKind kind = core::QueueKind::remaining;
  std::uint32_t percent = 0;
  std::size_t limit = 0;  ///< packets; more are dropped at the tail
  std::optional<TokenBucket> policer;
  PacketFifo packets;
  std::int64_t deficit = 0;  ///< of DRR, in bytes times OutputPort's largest share
  bool granted = false;      ///< has its quantum of this round
  QueueReading reading;

  [[nodiscard]] bool takes(core::Dscp dscp) const { return (dscps >> dscp.value & 1) != 0; }
};

}  // namespace wanwise::sim
