#include "sim/study/statistics/stats.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "engine/core/check.hpp"

namespace wanwise::sim {

double student_t(double probability, double degrees) {
  WANWISE_CHECK(probability > 0 && probability < 1 && degrees >= 1);
  return boost::math::quantile(boost::math::students_t{degrees}, probability);
}

Estimate estimate(std::span<const double> values) {
  Estimate out;
  out.n = values.size();
  if (values.empty()) return out;
  const auto n = static_cast<double>(values.size());
  // Two passes: the squares of large means would eat a small spread.
  out.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() < 2) return out;
  double squares = 0;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  out.sd = std::sqrt(squares / (n - 1));
  out.half = student_t(0.5 + kConfidence / 2, n - 1) * out.sd / std::sqrt(n);
  return out;
}

std::optional<double> Paired::variance_reduction() const {
  if (!(difference.sd > 0) || !(sd_unpaired > 0)) return std::nullopt;
  return (sd_unpaired / difference.sd) * (sd_unpaired / difference.sd);
}

Paired paired(std::span<const std::optional<double>> a, std::span<const std::optional<double>> b) {
  WANWISE_CHECK(a.size() == b.size());
  std::vector<double> left, right, differences;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i] || !b[i]) continue;
    left.push_back(*a[i]);
    right.push_back(*b[i]);
    differences.push_back(*a[i] - *b[i]);
  }
  return {.difference = estimate(differences),
          .sd_unpaired = std::hypot(estimate(left).sd, estimate(right).sd)};
}

double p_value(const Estimate& mean, double value) {
  if (mean.n < 2) return 1;
  const double distance = std::abs(mean.mean - value);
  if (!(mean.sd > 0)) return distance > 0 ? 0 : 1;
  const auto n = static_cast<double>(mean.n);
  const boost::math::students_t law{n - 1};
  return 2 * boost::math::cdf(boost::math::complement(law, distance / (mean.sd / std::sqrt(n))));
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, p_values[order[i]] * static_cast<double>(order.size() - i));
    adjusted[order[i]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace wanwise::sim
