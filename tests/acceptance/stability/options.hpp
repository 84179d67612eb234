// What the command line of acceptance_stability asked for. Set by main before any test runs.
#pragma once

namespace wanwise::acceptance {

struct Options {
  bool whole = false;    ///< --long: every recording to its end, every adversary of the grid
  bool verbose = false;  ///< --verbose: every finding's moves
};
[[nodiscard]] Options& options();

/// Cases run by the tests themselves, printed as `cases: N`.
void count_case();
[[nodiscard]] int cases();

}  // namespace wanwise::acceptance
