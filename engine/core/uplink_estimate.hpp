// What the uplink of one WAN link carries: an interval with an age, from throughput under load,
// round-trip inflation over its baseline, queue drops, and the radio as a prior; and the shaper
// rate that follows it from below. Deterministic; one owner.
#pragma once

#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"

namespace wanwise::core {

struct UplinkInterval {
  Bps low;   ///< carried for sure
  Bps high;  ///< not more than this
  Instant observed_at;
};

class UplinkEstimator {
 public:
  explicit UplinkEstimator(const Link& link);

  void observe(const LinkCounters& sample);
  void observe(const ClassCounters& sample);
  void observe(const RadioSample& sample);
  void observe(const ProbeSample& sample);
  /// The router confirmed this shaper rate: throughput is judged against it from now on.
  void shaper_in_force(Bps rate);

  [[nodiscard]] UplinkInterval interval() const;
  /// Rate the shaper should have now, with its dead band: small changes return the rate in force.
  [[nodiscard]] Bps shaper() const;
  [[nodiscard]] std::optional<Micros> rtt() const;       ///< last probe that came back
  [[nodiscard]] std::optional<Micros> rtt_base() const;  ///< smallest of the recent past
  [[nodiscard]] Micros jitter() const;  ///< round-trip variation while the queue is empty
  [[nodiscard]] Bps tx_rate() const;    ///< measured over the last two counter samples
};

}  // namespace wanwise::core
