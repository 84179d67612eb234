// The queues that a request meets, from the flows that share them, and the latency that they add up
// to. Formulas in queueing.hpp. Pure functions; any thread.
#pragma once

#include <span>

#include "engine/core/decide/latency/demand.hpp"
#include "engine/core/decide/latency/queueing.hpp"
#include "engine/core/decide/situation.hpp"

namespace wanwise::core {

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
