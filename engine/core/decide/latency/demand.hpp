// What one option asks of the shared resources, in the exact integers that Load and the solver add
// up, and the waits that follow from such sums. Saturating: a demand beyond kMomentLimit overloads
// any device there is. Pure functions; any thread.
#pragma once

#include <optional>
#include <span>

#include "engine/core/decide/latency/queueing.hpp"
#include "engine/core/decide/situation.hpp"

namespace wanwise::core {

/// TCP/IPv4 headers without options (RFC 9293, RFC 791) on each segment, and a payload that leaves
/// room for a tunnel below an MTU of 1500. Acknowledgements are not counted.
inline constexpr std::int64_t kHeaderBytes = 40;
inline constexpr std::int64_t kPayloadBytes = 1'400;
/// Largest packet on a WAN link.
inline constexpr std::int64_t kMtuBytes = 1'500;
/// Burst of the parent shaper: 10 ms of its rate, the order of IOS's default Tc, and at least two
/// packets. What it lets through at once stands in the transmit ring or the modem, ahead of every
/// class.
inline constexpr std::int64_t kBurstPerSecond = 100;
inline constexpr std::int64_t kBurstPackets = 2;
/// Square of the factor by which a transmission that others interrupt exceeds its mean at a
/// quantile, in standard deviations, of ln(1 / e): 2 is the bound for a normal deviation, 1.5 meets
/// the simulated 95 % and 99 %.
inline constexpr double kInterruption = 1.5;
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

/// How a message of one class gets through an uplink.
struct Lane {
  double us_per_bit = 0;
  double variance_per_bit = 0;  ///< µs^2: of the transmission, by others that go ahead
  Wait own;                     ///< before the first of its packets leaves
};

/// What a message of one class meets on an uplink: the better of sharing what there is with the
/// others, and of having no more than its guarantee.
struct UplinkView {
  bool blocked = false;  ///< overloaded, or beyond the policer
  Lane lane;
  double ring_mean = 0;     ///< behind packets of other queues that left the scheduler before
  double ring_limit = 0;    ///< never more than that
  bool has_second = false;  ///< either may be the better one: it depends on the message
  Lane second;
  Wait modem;  ///< behind what the shaper lets through beyond the uplink's rate
};

Queue station_view(const Flow& flow, const TargetInput& target);
Queue downlink_view(const Flow& flow, Bps rate);
/// `flows` has one member per class and one for traffic without a class.
UplinkView uplink_view(const LinkInput& link, std::span<const ClassInput> classes,
                       std::span<const Flow> flows, Index slot);

/// End-to-end latency from its parts; `up` and `down` are null on the LAN.
Micros combine(const Demand& demand, const Tail& tail, const Queue& station, const UplinkView* up,
               const Queue* down, Bps downlink);

}  // namespace wanwise::core
