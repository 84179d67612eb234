// The ledger of acceptance: each case names a number that must come out, what came out and how far
// off it may be. A row is a GoogleTest expectation and a line of the table at the end. One program,
// one thread.
#pragma once

#include <cstdint>
#include <string>

namespace wanwise::acceptance {

enum class Effort : std::uint8_t {
  brief,  ///< in every build: seconds, wide tolerance
  full,   ///< `acceptance --long`: minutes, at most 2.2 % anywhere
};

/// Reads --long, --csv FILE and --markdown FILE.
void begin(int argc, const char* const* argv);
/// Prints and writes the table. False: a file could not be written.
[[nodiscard]] bool finish();

[[nodiscard]] Effort effort();

template <class T>
[[nodiscard]] T by_effort(T brief, T full) {
  return effort() == Effort::full ? full : brief;
}

/// Customers at load rho by which a simulated mean is three standard deviations inside the usual
/// tolerance of brief(7 %), and two inside 1 % in the long form (Daley's asymptotic variance of the
/// M/M/1 wait). `spread`: variance relative to exponential service times.
[[nodiscard]] std::uint64_t customers(double rho, double spread = 1);

/// 7 %; 2.2 % in the long form (what Ng et al., arXiv 2504.15162, reach against measurements).
[[nodiscard]] double usual();

/// |seen / expected - 1| <= tolerance. `what` is the row's name.
void compare(const std::string& what, double expected, double seen, double tolerance = usual());
/// |seen - expected| <= slack.
void compare_within(const std::string& what, double expected, double seen, double slack);
/// Equal up to a factor: magnitudes.
void compare_factor(const std::string& what, double expected, double seen, double factor);
/// A published number against our closed form: equal in the digits that are published.
void formula_gives(const std::string& what, double published, double formula,
                   double relative = 6e-4);
/// A bound that is never exceeded.
void never_above(const std::string& what, double bound, double seen);

}  // namespace wanwise::acceptance
