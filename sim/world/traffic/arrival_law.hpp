// How the requests of one source come in time, where it is not the default of sim/world/README.md.
// The mean rate is always the workload's declared rate (its share for this source) times the
// demand; a law only says how arrivals scatter around it. Value types; any thread.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::sim {

/// Frames only while something moves: exponential spells. Outside of them the source is silent, so
/// its rate within a spell is the declared rate and its mean is lower.
struct MotionGate {
  core::Micros mean_moving;  ///< > 0
  core::Micros mean_still;   ///< > 0
};

/// A camera or a PLC: a fixed period with an own phase and uniform jitter.
struct PeriodicArrivals {
  core::Ppm jitter{50'000};  ///< of the period, 0 to 500'000, to either side
  std::optional<MotionGate> gate;
};

struct PoissonArrivals {};

/// Independent gamma intervals; the coefficient of variation is 1000 for Poisson, less is smoother.
struct GammaArrivals {
  std::int64_t cv_milli = 1'000;  ///< 50 to 20'000
};

/// Markov-modulated Poisson process of two states (Fischer, Meier-Hellstern, 1993).
struct Mmpp2Arrivals {
  core::Ppm low;           ///< rate in the low state, of the mean; below 1'000'000
  core::Micros mean_low;   ///< length of a stay
  core::Micros mean_high;  ///< the high rate follows from the mean
};

/// Recorded arrivals, from the beginning again at the end. Time is scaled by demand, and so that
/// their mean rate is the declared one; not at all where the two agree to the mHz.
struct ReplayedArrivals {
  std::vector<core::Micros> offsets;  ///< ascending, < period; not empty
  core::Micros period;
};

using ArrivalProcess =
    std::variant<PeriodicArrivals, PoissonArrivals, GammaArrivals, Mmpp2Arrivals, ReplayedArrivals>;

/// A day's wave on top: the rate is multiplied by 1 + amplitude * cos(2 pi (t - peak) / period).
struct Diurnal {
  core::Micros period = core::seconds(86'400);
  core::Ppm amplitude;  ///< 0 to 1'000'000
  core::Micros peak;    ///< since the beginning
};

struct ArrivalLaw {
  ArrivalProcess process;
  std::optional<Diurnal> diurnal;
};

/// The law of one source of one workload.
struct SourceLaw {
  core::WorkloadName workload;
  core::SourceName source;
  ArrivalLaw law;
};

}  // namespace wanwise::sim
