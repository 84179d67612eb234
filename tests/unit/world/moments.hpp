// Moments of rate traces and of series, by which generated and recorded links are compared.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/world/air/trace.hpp"

namespace wanwise::sim::testing {

struct Moments {
  double mean = 0, sd = 0, p5 = 0, p50 = 0, p95 = 0;
  double after_1 = 0, after_10 = 0;  ///< autocorrelation one and ten steps later
  double zero = 0;                   ///< share of steps with nothing
  [[nodiscard]] double cv() const { return sd / mean; }
};

inline Moments moments(const std::vector<double>& series) {
  Moments m;
  const auto n = static_cast<double>(series.size());
  for (const double x : series) m.mean += x / n;
  double variance = 0;
  for (const double x : series) variance += (x - m.mean) * (x - m.mean) / n;
  m.sd = std::sqrt(variance);
  const auto correlation = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < series.size(); ++i)
      sum += (series[i] - m.mean) * (series[i + lag] - m.mean);
    return sum / (n * variance);
  };
  m.after_1 = correlation(1);
  m.after_10 = correlation(10);
  m.zero = static_cast<double>(std::count(series.begin(), series.end(), 0.0)) / n;
  std::vector<double> sorted = series;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](double q) { return sorted[static_cast<std::size_t>(q * (n - 1))]; };
  m.p5 = at(0.05);
  m.p50 = at(0.5);
  m.p95 = at(0.95);
  return m;
}

/// Mb/s in each whole second of the trace.
inline std::vector<double> per_second(const RateTrace& trace) {
  std::vector<double> bins(static_cast<std::size_t>(trace.period.count / 1'000'000));
  for (const auto t : trace.opportunities) {
    const auto bin = static_cast<std::size_t>(t.count / 1'000'000);
    if (bin < bins.size()) bins[bin] += 1500 * 8 * 1e-6;
  }
  return bins;
}

}  // namespace wanwise::sim::testing
