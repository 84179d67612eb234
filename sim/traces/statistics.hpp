// Statistics of a series of values at a fixed step, some of which may be unknown. Pure; any thread.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace wanwise::sim {

/// One value a step; not a number stands for unknown.
using Series = std::vector<double>;
inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct Summary {
  std::size_t count = 0;    ///< known values
  std::size_t unknown = 0;  ///< the rest
  double mean = 0, sd = 0;
  double min = 0, p5 = 0, p50 = 0, p95 = 0, p99 = 0, max = 0;
  /// Nothing for a mean of 0 or negative values (a level in dBm has no coefficient of variation).
  std::optional<double> cv;
};

[[nodiscard]] Summary summarise(const Series& series);

/// Linear between the two nearest of a sorted, non-empty list (type 7 of Hyndman and Fan, 1996).
[[nodiscard]] double quantile(const Series& sorted, double q);

/// Autocorrelation over pairs both of which are known; nothing with fewer than ten of them or no
/// variance. Without unknown values the usual estimate, sum / (n variance).
[[nodiscard]] std::optional<double> autocorrelation(const Series& series, std::size_t lag);

struct Correlation {
  double r = 0;
  std::size_t pairs = 0;
};
/// Pearson's, over steps where both are known; nothing with fewer than ten or no variance.
[[nodiscard]] std::optional<Correlation> correlate(const Series& a, const Series& b);

/// How many independent values tell as much about the mean: n / (1 + 2 sum of autocorrelations),
/// summed while pairs of them are positive (Geyer, 1992).
[[nodiscard]] double effective_size(const Series& series);

struct KolmogorovSmirnov {
  double distance = 0;  ///< largest difference of the two empirical distributions
  double size = 0;      ///< effective n m / (n + m)
  double p = 0;         ///< asymptotic, for that size
};
/// The sizes count dependent values for what they are worth: with plain n the test would reject
/// everything. Nothing when one side has no known value.
[[nodiscard]] std::optional<KolmogorovSmirnov> kolmogorov_smirnov(const Series& a, double size_a,
                                                                  const Series& b, double size_b);

}  // namespace wanwise::sim
