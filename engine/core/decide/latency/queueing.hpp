// Waiting times of single queues at a quantile. The tail of every wait is taken as
//   P(W > t) = share * exp(-t / scale),   scale = mean + residual,   share = mean / scale,
//   residual = E[S^3] / (3 E[S^2]),
// which has the exact first two moments of the M/G/1 wait (Takacs, 1962: E[W^2] = 2 E[W]^2 +
// rate E[S^3] / (3 (1 - utilisation))) and is exact for M/M/1. The three sums it needs add up over
// jobs, and more load never lowers a quantile: a job of length s that joins adds (s, s^2 / 2, s^3 /
// 3) to what the three stand for, and along that direction the quantile rises for every s, although
// the residual alone may fall (queueing_test tries it). Only + - * / and sqrt (correctly rounded by
// IEEE 754) are used, so every platform computes the same bits. Pure functions; any thread. Times
// are doubles in µs.
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

/// What a quantile needs, with e = 1 - quantile. The wait at the quantile is scale * f(x) for
/// x = ln(share / e). From `knee` up f(x) = x, the exponential. The residual service of a single
/// job in front (all there is at low load) is less skewed than an exponential, so below the knee f
/// falls more slowly, to `bend`, and from there as exp(x), which makes the wait mean * markov.
/// Everywhere f'(x) <= f(x): that is what keeps the wait from falling when the scale grows.
///
/// At the median that condition would cost half of the accuracy: there the wait is exponential
/// beyond the probability that anybody waits at all, mean / busy * ln(busy / e), which rises with
/// both while e >= 1 / 2.718.
struct Tail {
  double log_inverse = 0;
  double knee = 1;
  double bend = 1;
  double markov = 0;
  bool median = false;
};
inline constexpr double kBendSlope = 0.7;
Tail tail_of(Ppm quantile);

/// One wait, ready for quantiles.
struct Wait {
  double mean = 0;
  double scale = 0;
  double log_share = 0;
  double busy = 0;  ///< probability to wait
};

/// What stands in front of a station or a link.
struct Queue {
  bool overloaded = false;
  Wait wait;
};

/// `tail`: of its scale, where it is known to be shorter.
Wait make_wait(double mean, double residual, double busy, double tail = 1);

/// At the median: see Tail.
double median_of(const Wait& wait, const Tail& tail);

inline double quantile_of(const Wait& wait, const Tail& tail) {
  if (tail.median) {
    return median_of(wait, tail);
  }
  const double x = wait.log_share + tail.log_inverse;
  if (x >= tail.knee) {
    return wait.scale * x;
  }
  return x >= tail.bend ? wait.scale * (tail.knee - kBendSlope * (tail.knee - x))
                        : wait.mean * tail.markov;
}

/// FIFO M/G/c. `work` = sum of rate * E[S] (busy servers), `second` = sum of rate * E[S^2] in µs,
/// `third` = sum of rate * E[S^3] in µs^2. For c > 1 the M/M/c wait scaled by (1 + C^2) / 2 (Lee
/// and Longton, 1959). `regularity` scales the mean wait: 1 for Poisson arrivals, less for regular
/// ones, more for bursts (Kingman's (Ca^2 + Cs^2) / 2, measured). Regular arrivals also cut the
/// tail: of several cameras, each at its pace, at worst everybody comes at once.
Queue station_queue(double work, double second, double third, std::int32_t servers,
                    double regularity = 1);

}  // namespace wanwise::core
