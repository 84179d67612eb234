// Smallest value of a function of a few variables without its derivatives (Nelder, Mead, 1965;
// coefficients as there). Deterministic: the same start gives the same answer. Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace wanwise::sim {

using Point = std::vector<double>;

struct Minimum {
  Point at;
  double value = 0;
  std::size_t evaluations = 0;
};

/// `steps`: how far the first simplex reaches along each variable. Ends after `most` evaluations
/// or when the simplex's values differ by less than `tolerance`.
[[nodiscard]] Minimum nelder_mead(const std::function<double(const Point&)>& f, const Point& start,
                                  const Point& steps, std::size_t most, double tolerance);

}  // namespace wanwise::sim
