#include "engine/core/decide/explain/prediction_drift.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::core {
namespace {

/// Order statistics of more requests than this are their quantile to within 1 %.
constexpr std::int64_t kManyRequests = 256;
/// Single latencies at a quarter of a TX2's load spread like an exponential's; the mean of the
/// order statistics of 200 requests in tens is good to some 10 %.
constexpr std::int64_t kEnough = 200;
/// Requests of which the average is; older ones fade. A minute and a half of 10 requests a second.
constexpr std::int64_t kMemory = 1'000;
/// One sample beyond these tells of an outage rather than of the model.
constexpr double kLeast = 0.125;
constexpr double kMost = 8;
/// Predictions allow for arrivals and waits worse than the usual and so lie high by design: half is
/// common on an idle node with regular arrivals. Half as much again as predicted eats any margin
/// that an objective has.
constexpr std::int64_t kLowPpm = 330'000;
constexpr std::int64_t kHighPpm = 1'500'000;
/// Longer than any change of load takes to show in both, and than the default min-dwell: what is
/// off for so long is the model.
constexpr Micros kForLong = seconds(60);

/// Mean of the k-th smallest of n exponential latencies with mean 1 (Rényi 1953): the sum of 1/i
/// for the k largest i <= n.
double mean_order_statistic(std::int64_t k, std::int64_t n) {
  double sum = 0;
  for (std::int64_t i = n - k + 1; i <= n; ++i) sum += 1.0 / static_cast<double>(i);
  return sum;
}

/// -ln(1 - quantile) of the forecast's three.
constexpr std::array<double, 3> kKnots{0.69314718055994531, 2.99573227355399099,
                                       4.60517018598809137};

/// Where the quantile of `n` requests lies on the exponential's own scale.
double position(Ppm quantile, std::int64_t n) {
  if (n > kManyRequests) {
    if (quantile.count >= 990'000) return kKnots[2];
    return quantile.count >= 950'000 ? kKnots[1] : kKnots[0];
  }
  const std::int64_t rank = (n * quantile.count + kWhole.count - 1) / kWhole.count;
  return mean_order_statistic(std::clamp<std::int64_t>(rank, 1, n), n);
}

}  // namespace

std::optional<Micros> expected_sample(const Forecast& forecast, Ppm quantile,
                                      std::int64_t requests) {
  if (requests <= 0 || forecast.p99 >= kNever) return std::nullopt;
  const double x = position(quantile, requests);
  const std::array<double, 3> y{static_cast<double>(forecast.p50.count),
                                static_cast<double>(forecast.p95.count),
                                static_cast<double>(forecast.p99.count)};
  const std::size_t from = x < kKnots[1] ? 0 : 1;
  const double slope = (y[from + 1] - y[from]) / (kKnots[from + 1] - kKnots[from]);
  return Micros{std::llround(std::max(0.0, y[from] + slope * (x - kKnots[from])))};
}

void PredictionDrift::observe(const WorkloadSample& sample, const Forecast& predicted,
                              Ppm quantile) {
  if (!sample.latency || sample.latency->count < 0) return;
  const auto expected = expected_sample(predicted, quantile, sample.completed);
  if (!expected || expected->count <= 0) return;
  const double ratio =
      std::clamp(static_cast<double>(sample.latency->count) / static_cast<double>(expected->count),
                 kLeast, kMost);
  const std::int64_t weight = std::min(sample.completed, kMemory);
  m_requests = std::min(m_requests + weight, kMemory);
  m_ratio += (ratio - m_ratio) * static_cast<double>(weight) / static_cast<double>(m_requests);
  const auto now = this->ratio();
  if (!now || (now->count >= kLowPpm && now->count <= kHighPpm)) {
    m_off_since.reset();
  } else if (!m_off_since) {
    m_off_since = sample.observed_at;
  }
}

std::optional<Ppm> PredictionDrift::ratio() const {
  if (m_requests < kEnough) return std::nullopt;
  return Ppm{std::llround(m_ratio * 100) * 10'000};
}

bool PredictionDrift::off(Instant now) const {
  return m_off_since && now - *m_off_since >= kForLong;
}

}  // namespace wanwise::core
