// The statistics of a study: means with Student's t interval, paired differences, p-values and
// Holm's step-down correction. Law & Kelton, Simulation Modeling and Analysis, ch. 9 and 10
// (replication, common random numbers); Holm, Scand. J. Statist. 6 (1979). Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace wanwise::sim {

/// Of every interval in a study; two-sided, for one comparison.
inline constexpr double kConfidence = 0.95;

/// The value below which Student's t with `degrees` of freedom lies with `probability` in (0, 1).
[[nodiscard]] double student_t(double probability, double degrees);

/// A mean of independent replications.
struct Estimate {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;               ///< sample standard deviation; 0 for n < 2
  std::optional<double> half;  ///< of the interval's width; absent for n < 2

  [[nodiscard]] double low() const { return mean - half.value_or(0); }
  [[nodiscard]] double high() const { return mean + half.value_or(0); }
  bool operator==(const Estimate&) const = default;
};

[[nodiscard]] Estimate estimate(std::span<const double> values);

/// a - b of the same seeds.
struct Paired {
  Estimate difference;
  double sd_unpaired = 0;  ///< of the difference, had the two not shared their seeds
  bool operator==(const Paired&) const = default;

  /// Variance unpaired over paired: how many times more runs it would have taken without common
  /// random numbers. Absent where either does not vary.
  [[nodiscard]] std::optional<double> variance_reduction() const;
};

/// Positions where either is absent are left out.
[[nodiscard]] Paired paired(std::span<const std::optional<double>> a,
                            std::span<const std::optional<double>> b);

/// Two-sided, of the hypothesis that the mean is `value`; n < 2: 1. Without any spread: 0 or 1.
[[nodiscard]] double p_value(const Estimate& mean, double value);

/// Adjusted so that the family's error stays below the level; in the order given.
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

}  // namespace wanwise::sim
