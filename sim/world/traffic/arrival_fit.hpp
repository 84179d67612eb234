// What recorded arrivals are like, and a two-state Markov-modulated Poisson process that is like
// them. The index of dispersion for counts, IDC(t) = Var N(t) / E N(t), says how bursty arrivals
// are on the scale t: 1 on every scale for Poisson. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/world/traffic/arrival_law.hpp"

namespace wanwise::sim {

struct Dispersion {
  core::Micros window;
  double index = 1;
};

struct ArrivalStatistics {
  std::int64_t count = 0;
  core::MilliHz rate;  ///< count / period
  double cv = 0;       ///< of the intervals, the one over the period's end left out
  std::vector<Dispersion> dispersion;
  std::int64_t most_in_a_second = 0;
};

/// Dispersion in each of these windows; one of which fewer than two fit into the period is left
/// out. The offsets are as in ReplayedArrivals.
[[nodiscard]] ArrivalStatistics describe(const ReplayedArrivals& arrivals,
                                         const std::vector<core::Micros>& windows);

/// Of the process at this mean rate, in closed form (Fischer, Meier-Hellstern: "The
/// Markov-modulated Poisson process cookbook", 1993).
[[nodiscard]] double dispersion(const Mmpp2Arrivals& law, core::MilliHz rate, core::Micros window);

struct Mmpp2Fit {
  Mmpp2Arrivals law;
  std::vector<Dispersion> reached;  ///< in the windows that were asked for
  double worst = 0;                 ///< |reached / asked - 1|, the largest
};

/// The process of this mean rate whose dispersion is nearest, by least squares of the relative
/// error of IDC - 1. Two numbers fit the dispersion, the rate is the third; the fourth is free: it
/// is `low`, the low state's rate of the mean, and decides how high and how rare bursts are. Needs
/// two windows at least; IDCs of 1 and less, or falling ones, are no such process: an error.
[[nodiscard]] core::Expected<Mmpp2Fit> fit_mmpp2(core::MilliHz rate,
                                                 const std::vector<Dispersion>& asked,
                                                 core::Ppm low = core::Ppm{250'000});

}  // namespace wanwise::sim
