// Invented links: the rate in both directions and the radio values of a modem, from a few published
// kinds of behaviour. Where each default comes from, and how far the result is from recordings,
// stands in sim/world/README.md. Pure functions of their arguments; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/air/trace.hpp"

namespace wanwise::sim {

/// Rate of one direction: a lognormal whose logarithm is the sum of a slow part (shadowing, load of
/// the cell; both directions share most of it) and a fast part (fading, scheduling).
struct RateLaw {
  core::Bps mean;            ///< over the whole trace, outages included
  double slow_sd = 0.6;      ///< of the logarithm
  double slow_seconds = 12;  ///< autocorrelation falls to 1/e
  double fast_sd = 0.35;
  double fast_seconds = 0.8;
  double cap = 2.6;  ///< times the mean: what the modem's category or the cell allow
  double fade = 0;   ///< how much deeper (in dB) than a lognormal's its lower half is: 1 doubles it
};

/// An autoregressive radio value.
struct RadioLaw {
  double mean = 0;
  double sd = 1;
  double seconds = 30;   ///< autocorrelation falls to 1/e
  double with_rate = 0;  ///< correlation with the rate's slow part, 0 to 1
};

/// Pauses without any delivery: exponential times between them; lengths uniform, or with a `tail`
/// Pareto of this exponent between the two ends (a recorded minute of outage stands among many
/// pauses of a second).
struct PauseLaw {
  double per_minute = 0;
  core::Micros shortest, longest;
  double tail = 0;
};

struct LinkLaw {
  core::RadioAccess access = core::RadioAccess::lte;
  RateLaw uplink, downlink;
  double shared = 0.8;  ///< of the slow part, between the directions
  PauseLaw handover;    ///< a new cell
  PauseLaw failure;     ///< radio link failure: the same cell is found again
  PauseLaw hole;        ///< no coverage: the modem loses its service
  RadioLaw rsrp, sinr, rsrq;
  std::int32_t band = 3;
};

/// A vehicle on LTE.
[[nodiscard]] LinkLaw lte_driving(core::Bps mean_uplink, core::Bps mean_downlink);
/// A machine that stands still on 5G (non-standalone).
[[nodiscard]] LinkLaw nr_static(core::Bps mean_uplink, core::Bps mean_downlink);

struct GeneratedLink {
  RateTrace uplink, downlink;
  RadioTrace radio;  ///< one reading a second
};

/// At least ten seconds, at most a day.
[[nodiscard]] GeneratedLink generate(const LinkLaw& law, core::Micros length, std::uint64_t seed);

/// The uplink of generate() alone, as bits a second in each whole second: for fits, which need
/// hundreds of links and no packet. Differs by less than one opportunity a second.
[[nodiscard]] std::vector<double> generate_uplink_seconds(const LinkLaw& law, core::Micros length,
                                                          std::uint64_t seed);

/// Expected length of a pause.
[[nodiscard]] double mean_pause_micros(const PauseLaw& law);

}  // namespace wanwise::sim
