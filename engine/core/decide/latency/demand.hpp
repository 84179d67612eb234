// What one option asks of the shared resources, in the exact integers that Load and the solver add
// up. Saturating: a demand beyond kMomentLimit overloads any device there is. Pure functions; any
// thread.
#pragma once

#include <optional>

#include "engine/core/decide/latency/queueing.hpp"
#include "engine/core/decide/situation.hpp"

namespace wanwise::core {

/// TCP/IPv4 headers without options (RFC 9293, RFC 791) on each segment, and a payload that leaves
/// room for a tunnel below an MTU of 1500. Acknowledgements are not counted.
inline constexpr std::int64_t kHeaderBytes = 40;
inline constexpr std::int64_t kPayloadBytes = 1'400;
/// Largest message that an option may state: 1 GB.
inline constexpr std::int64_t kMaxMessage = 1'000'000'000;
/// Cap of each summand, so that 2'000 of them stay below 2^63.
inline constexpr std::int64_t kMomentLimit = 4'000'000'000'000'000;

/// Payload with its headers; at least one packet.
std::int64_t wire_bytes(Bytes payload);

/// Flow of jobs into one queue: the first three moments of what comes in a second.
struct Flow {
  std::int64_t work = 0;    ///< mHz * µs of service, or mHz * bits
  std::int64_t second = 0;  ///< sum of rate * E[S^2], (µs)^2/s or bytes^2/s
  std::int64_t third = 0;   ///< sum of rate * E[S^3], mHz * ms^3 or mHz * kB^3

  void add(const Flow& other) {
    work += other.work;
    second += other.second;
    third += other.third;
  }
  void remove(const Flow& other) {
    work -= other.work;
    second -= other.second;
    third -= other.third;
  }
};

/// One option, prepared.
struct Demand {
  Index target = kNone;
  Index link = kNone;
  Index slot = 0;      ///< its class; the number of classes when it has none
  bool serves = true;  ///< false: suspended
  std::int64_t memory = 0;
  Flow station;
  Flow up;
  Flow down;
  double base = 0;           ///< µs: fixed delay, jitter, mean service
  double excess_square = 0;  ///< (quantile - mean of the service)^2
  double up_bits = 0;
  double down_bits = 0;
};

/// `excess_square` is for the quantile of `tail`, the rest for any. Of a split option this is the
/// first leg: each has its share of the rate, and the workload's whole memory.
Demand demand_of(const Situation& situation, const WorkloadInput& workload, const Option& option,
                 const Tail& tail);
inline Demand demand_of(const Situation& situation, const WorkloadInput& workload,
                        const Option& option) {
  return demand_of(situation, workload, option, tail_of(workload.quantile));
}

/// The second leg; nothing where there is none.
[[nodiscard]] std::optional<Demand> spill_of(const Situation& situation,
                                             const WorkloadInput& workload, const Option& option,
                                             const Tail& tail);

/// What a leg takes of its link's quota: bits per second both ways with headers, rounded up.
[[nodiscard]] inline std::int64_t quota_rate(const Demand& demand) {
  return demand.link == kNone ? 0 : (demand.up.work + demand.down.work + 999) / 1'000;
}

/// Above the quota. Convex in the rate, and in whole bits: what several add together is never less
/// than the sum of what each would add alone.
[[nodiscard]] inline std::int64_t excess(std::int64_t rate, Bps quota) {
  return rate > quota.count ? rate - quota.count : 0;
}

/// Money of an option per hour without the price of its cloud: bytes on a priced link.
NanoUsd transfer_cost(const Situation& situation, const WorkloadInput& workload,
                      const Option& option);
}  // namespace wanwise::core
