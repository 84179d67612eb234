#include "sim/traces/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace wanwise::sim {
namespace {

constexpr std::size_t kFewestPairs = 10;

Series sorted_known(const Series& series) {
  Series known;
  std::copy_if(series.begin(), series.end(), std::back_inserter(known),
               [](double x) { return !std::isnan(x); });
  std::sort(known.begin(), known.end());
  return known;
}

/// Kolmogorov's distribution: P(K > x). The alternating series where it converges fast, Jacobi's
/// transformation below (Marsaglia, Tsang, Wang, 2003).
double kolmogorov_tail(double x) {
  if (x <= 0) return 1;
  if (x < 1.18) {
    const double y = std::exp(-M_PI * M_PI / (8 * x * x));
    return 1 - std::sqrt(2 * M_PI) / x * (y + std::pow(y, 9) + std::pow(y, 25) + std::pow(y, 49));
  }
  const double y = std::exp(-2 * x * x);
  return 2 * (y - std::pow(y, 4) + std::pow(y, 9));
}

}  // namespace

double quantile(const Series& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

Summary summarise(const Series& series) {
  const Series sorted = sorted_known(series);
  Summary s;
  s.count = sorted.size();
  s.unknown = series.size() - sorted.size();
  if (sorted.empty()) return s;
  const auto n = static_cast<double>(sorted.size());
  for (const double x : sorted) s.mean += x / n;
  double variance = 0;
  for (const double x : sorted) variance += (x - s.mean) * (x - s.mean) / n;
  s.sd = std::sqrt(variance);
  s.min = sorted.front();
  s.p5 = quantile(sorted, 0.05);
  s.p50 = quantile(sorted, 0.5);
  s.p95 = quantile(sorted, 0.95);
  s.p99 = quantile(sorted, 0.99);
  s.max = sorted.back();
  if (s.min >= 0 && s.mean > 0) s.cv = s.sd / s.mean;
  return s;
}

std::optional<double> autocorrelation(const Series& series, std::size_t lag) {
  if (series.size() < lag + kFewestPairs) return std::nullopt;
  double mean = 0;
  double variance = 0;
  std::size_t known = 0;
  for (const double x : series) {
    if (std::isnan(x)) continue;
    mean += x;
    ++known;
  }
  if (known < kFewestPairs) return std::nullopt;
  mean /= static_cast<double>(known);
  for (const double x : series)
    if (!std::isnan(x)) variance += (x - mean) * (x - mean) / static_cast<double>(known);
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i + lag < series.size(); ++i) {
    const double product = (series[i] - mean) * (series[i + lag] - mean);
    if (std::isnan(product)) continue;
    sum += product;
    ++pairs;
  }
  // Rounding alone leaves this much of a constant's square.
  if (pairs < kFewestPairs || variance <= 1e-20 * mean * mean) return std::nullopt;
  const auto n = static_cast<double>(series.size());
  return sum / static_cast<double>(pairs) * (n - static_cast<double>(lag)) / n / variance;
}

std::optional<Correlation> correlate(const Series& a, const Series& b) {
  double n = 0;
  double sum_a = 0;
  double sum_b = 0;
  const std::size_t length = std::min(a.size(), b.size());
  const auto known = [&](std::size_t i) { return !std::isnan(a[i]) && !std::isnan(b[i]); };
  for (std::size_t i = 0; i < length; ++i) {
    if (!known(i)) continue;
    sum_a += a[i];
    sum_b += b[i];
    ++n;
  }
  if (n < static_cast<double>(kFewestPairs)) return std::nullopt;
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (!known(i)) continue;
    const double x = a[i] - sum_a / n;
    const double y = b[i] - sum_b / n;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  if (aa <= 0 || bb <= 0) return std::nullopt;
  return Correlation{ab / std::sqrt(aa * bb), static_cast<std::size_t>(n)};
}

double effective_size(const Series& series) {
  const auto known = static_cast<double>(
      std::count_if(series.begin(), series.end(), [](double x) { return !std::isnan(x); }));
  double sum = 0;
  // A quarter of the series: beyond it an estimate is noise.
  for (std::size_t lag = 1; lag + 1 <= series.size() / 4; lag += 2) {
    const auto first = autocorrelation(series, lag);
    const auto second = autocorrelation(series, lag + 1);
    if (!first || !second || *first + *second <= 0) break;
    sum += *first + *second;
  }
  return std::max(std::min(known, 1.0), known / (1 + 2 * std::max(0.0, sum)));
}

std::optional<KolmogorovSmirnov> kolmogorov_smirnov(const Series& a, double size_a, const Series& b,
                                                    double size_b) {
  const Series x = sorted_known(a);
  const Series y = sorted_known(b);
  if (x.empty() || y.empty()) return std::nullopt;
  KolmogorovSmirnov ks;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < x.size() && j < y.size()) {
    const double at = std::min(x[i], y[j]);
    while (i < x.size() && x[i] <= at) ++i;
    while (j < y.size() && y[j] <= at) ++j;
    ks.distance =
        std::max(ks.distance, std::abs(static_cast<double>(i) / static_cast<double>(x.size()) -
                                       static_cast<double>(j) / static_cast<double>(y.size())));
  }
  ks.size = size_a * size_b / (size_a + size_b);
  // Stephens' correction for finite sizes (Numerical Recipes 14.3).
  const double root = std::sqrt(ks.size);
  ks.p = std::clamp(kolmogorov_tail((root + 0.12 + 0.11 / root) * ks.distance), 0.0, 1.0);
  return ks;
}

}  // namespace wanwise::sim
