// Waiting times of single queues at a quantile. The tail of every wait is taken as
//   P(W > t) = share * exp(-t / scale),   scale = mean + residual,   share = mean / scale,
// which has the exact Pollaczek-Khinchine mean, is exact for M/M/1, and is the Cramer-Lundberg
// decay bound for a mix of jobs with `residual` the longest mean residual job (chord bound of the
// convex moment equation). Unlike the common mean/utilisation scale it never falls when short jobs
// join long ones. Only + - * / and sqrt (correctly rounded by IEEE 754) are used, so every platform
// computes the same bits. Pure functions; any thread. Times are doubles in µs.
#pragma once

#include <cstdint>

#include "engine/core/units.hpp"

namespace wanwise::core {

/// Above this share of its capacity a queue counts as overloaded: waits there are decided by the
/// length of the busy period, not by its mean (50 times the residual job, and rising).
inline constexpr double kMaxUtilisation = 0.98;

/// Natural logarithm of a normal positive number to 1e-12, without libm (its last digit differs
/// between platforms).
double natural_log(double x);

/// What a quantile needs: ln(1/e) and 1/(e*exp(1)) for e = 1 - quantile.
struct Tail {
  double log_inverse = 0;
  double markov = 0;
};
Tail tail_of(Ppm quantile);

/// One wait, ready for quantiles.
struct Wait {
  double mean = 0;
  double scale = 0;
  double log_share = 0;
};

/// What stands in front of a station or a link.
struct Queue {
  bool overloaded = false;
  Wait wait;
};

/// `residual` is the longest mean residual service of the jobs in the mix.
Wait make_wait(double mean, double residual);

/// Below share = exp(1) * (1 - quantile) the exponential would fall with a longer residual; there
/// its maximum over all shorter residuals stands, mean / (exp(1) * (1 - quantile)): monotone in
/// both members and never above Markov's bound.
inline double quantile_of(const Wait& wait, const Tail& tail) {
  const double exponent = wait.log_share + tail.log_inverse;
  return exponent >= 1.0 ? wait.scale * exponent : wait.mean * tail.markov;
}

/// FIFO M/G/c. `work` = sum of rate * E[S] (busy servers), `second` = sum of rate * E[S^2] in µs,
/// `residual` = max of E[S^2] / (2 E[S]) in µs. For c > 1 the M/M/c wait scaled by (1 + C^2) / 2
/// (Lee and Longton, 1959).
Queue station_queue(double work, double second, double residual, std::int32_t servers);

}  // namespace wanwise::core
