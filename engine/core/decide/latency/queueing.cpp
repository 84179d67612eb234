#include "engine/core/decide/latency/queueing.hpp"

#include <algorithm>
#include <bit>

namespace wanwise::core {
namespace {

constexpr double kLn2 = 0.69314718055994530942;
constexpr double kE = 2.71828182845904523536;
/// Knee and bend of the upper quantiles, fitted so that M/D/1 and M/M/1 stay within the test's
/// error at every load; f is continuous and f = f' at the bend: knee - slope * (knee - bend) =
/// slope.
constexpr std::int64_t kHighQuantile = 50'000;  // 1 - quantile, ppm
constexpr double kKnee = 1.6;
constexpr double kBend = (kBendSlope - kKnee * (1 - kBendSlope)) / kBendSlope;
constexpr double kExpBend = 1.36928091;  // exp(kBend), rounded up: f must not fall at the bend
/// Scale of the tail, of the exponential's, as arrivals become perfectly regular: 0.4 meets the
/// simulated p99 of four cameras of different pace at utilisations 0.2 to 0.9.
constexpr double kRegularTail = 0.4;
constexpr double kSqrt2 = 1.41421356237309504880;

/// Erlang C from the inverse of Erlang B, whose recursion is 1 + inverse * k / offered. The inverse
/// may run to infinity at next to no load; then nobody waits.
double erlang_c(double offered, double utilisation, std::int32_t servers) {
  const double per_offered = 1.0 / offered;
  double inverse = 1.0;
  for (std::int32_t k = 1; k <= servers; ++k) {
    inverse = 1.0 + inverse * (static_cast<double>(k) * per_offered);
  }
  const double blocking = 1.0 / inverse;
  return blocking / (1.0 - utilisation * (1.0 - blocking));
}

}  // namespace

double natural_log(double x) {
  constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1;
  constexpr std::uint64_t kOne = std::uint64_t{1023} << 52;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1023);
  auto mantissa = std::bit_cast<double>((bits & kMantissa) | kOne);
  if (mantissa > kSqrt2) {
    mantissa *= 0.5;
    exponent += 1.0;
  }
  // ln m = 2 atanh z with |z| <= 0.1716: the first term left out is below 4e-14.
  const double z = (mantissa - 1.0) / (mantissa + 1.0);
  const double q = z * z;
  const double series =
      1.0 +
      q * (1.0 / 3 +
           q * (1.0 / 5 +
                q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13 + q * (1.0 / 15)))))));
  return exponent * kLn2 + 2.0 * z * series;
}

Tail tail_of(Ppm quantile) {
  const std::int64_t rest = std::clamp<std::int64_t>(kWhole.count - quantile.count, 1, 1'000'000);
  const double epsilon = static_cast<double>(rest) / 1e6;
  const double log_inverse = natural_log(1.0 / epsilon);
  if (rest > kHighQuantile) {
    return {log_inverse, 1.0, 1.0, 1.0 / (kE * epsilon), log_inverse <= 1.0};
  }
  return {log_inverse, kKnee, kBend, kBendSlope / (kExpBend * epsilon), false};
}

Wait make_wait(double mean, double residual, double busy, double tail) {
  if (mean <= 0) {
    return {0, residual, -1e9, 0};
  }
  const double scale = tail * (mean + residual);
  return {mean, scale, natural_log(mean / scale), busy};
}

double median_of(const Wait& wait, const Tail& tail) {
  const double x = wait.busy > 0 ? natural_log(wait.busy) + tail.log_inverse : 0.0;
  return x > 0 ? wait.mean / wait.busy * x : 0.0;
}

Queue station_queue(double work, double second, double third, std::int32_t servers,
                    double regularity) {
  const double count = servers;
  const double utilisation = work / count;
  if (utilisation > kMaxUtilisation) {
    return {true, {}};
  }
  const double idle = 1.0 - utilisation;
  const double tail = regularity < 1 ? kRegularTail + (1 - kRegularTail) * regularity : 1.0;
  const double residual = second > 0 ? third / (3.0 * second) : 0.0;
  if (servers == 1) {
    return {false, make_wait(regularity * second / (2.0 * idle), residual, utilisation, tail)};
  }
  if (work <= 0) {
    return {false, make_wait(0, residual, 0)};
  }
  // Erlang C is convex in the utilisation, so both factors below only rise with it.
  const double waiting = erlang_c(work, utilisation, servers);
  const double mean = regularity * waiting / utilisation * second / (2.0 * count * count * idle);
  return {false, make_wait(mean, residual / count * ((1.0 - waiting) / idle), waiting, tail)};
}

}  // namespace wanwise::core
