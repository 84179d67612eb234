// One queue of an output policy: its packets, limit and counters, its policer (priority) or its
// deficit and early drops (remaining); and the queues that a policy comes down to. Belongs to a
// port. One owner; not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "sim/world/kernel/token_bucket.hpp"
#include "sim/world/network/early_drop.hpp"
#include "sim/world/network/packet.hpp"
#include "sim/world/network/qos_config.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

struct ClassQueue {
  std::uint64_t dscps = 0;  ///< bit i: code point i enters here
  core::QueueKind kind = core::QueueKind::remaining;
  std::uint32_t percent = 0;
  std::size_t limit = 0;   ///< packets; more are dropped at the tail
  std::int64_t burst = 0;  ///< configured for the policer, bytes; 0: 200 ms of its rate
  std::optional<TokenBucket> policer;
  std::optional<EarlyDrop> early;
  PacketFifo packets;
  std::int64_t deficit = 0;  ///< of DRR, in bytes times OutputPort's largest share
  bool granted = false;      ///< has its quantum of this round
  QueueReading reading;

  [[nodiscard]] bool takes(core::Dscp dscp) const { return (dscps >> dscp.value & 1) != 0; }
};

/// What class queues are made by, besides the policy.
struct QueueRules {
  core::Bps reference;                     ///< what percentages refer to
  std::optional<std::size_t> queue_limit;  ///< where none is configured; absent: IOS XE's defaults
  std::optional<Wred> wred;                ///< in the classes that share what the priority leaves
};

struct ClassQueues {
  std::vector<ClassQueue> all;  ///< priority first, class-default last; a FIFO without a policy
  std::size_t priorities = 0;
  std::int64_t largest_share = 1;
};

[[nodiscard]] ClassQueues make_queues(const std::optional<OutputPolicy>& policy,
                                      const QueueRules& rules);
/// A class keeps its counters and the state of its policer and its average by name, as on the
/// router.
void keep_counters(Nanos now, const std::vector<ClassQueue>& old, std::vector<ClassQueue>& queues);
/// Position of the first that takes the code point, the last one otherwise.
[[nodiscard]] std::size_t classify(const std::vector<ClassQueue>& queues, core::Dscp dscp);
/// Bc of the parent shaper.
[[nodiscard]] std::int64_t shaper_burst(core::Bps rate);

}  // namespace wanwise::sim
