#include "sim/world/traffic/arrival_fit.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/world/kernel/random.hpp"
#include "sim/world/traffic/arrival_gaps.hpp"

namespace wanwise::sim {
namespace {

/// IDC(t) - 1 of an MMPP-2, relative to its limit, where `decay` is the sum of the two rates of
/// change, times t.
double grown(double decay) {
  // The closed form loses all digits near 0; there its series is exact.
  if (decay < 1e-4) return decay / 2 - decay * decay / 6;
  return 1 - (1 - portable_exp(-decay)) / decay;
}

double seconds_of(core::Micros d) {
  return static_cast<double>(d.count) * 1e-6;
}

struct Candidate {
  double limit = 0;  ///< IDC - 1 for ever longer windows
  double error = 0;  ///< sum of squares
};

/// The best limit for this rate of change: the error is quadratic in it.
Candidate candidate(const std::vector<Dispersion>& asked, double change) {
  double over = 0, under = 0;
  for (const auto& point : asked) {
    const double shape = grown(change * seconds_of(point.window)) / (point.index - 1);
    over += shape;
    under += shape * shape;
  }
  Candidate result{over / under, 0};
  for (const auto& point : asked) {
    const double reached = result.limit * grown(change * seconds_of(point.window));
    const double error = reached / (point.index - 1) - 1;
    result.error += error * error;
  }
  return result;
}

/// Rate of change with the least error: a walk over ten decades, then the golden section.
double best_change(const std::vector<Dispersion>& asked) {
  constexpr double kStep = 1.2589254117941673;  // a tenth of a decade
  double best = 1e-6;
  double least = candidate(asked, best).error;
  for (double change = best; change < 1e4; change *= kStep) {
    const double error = candidate(asked, change).error;
    if (error < least) {
      least = error;
      best = change;
    }
  }
  constexpr double kGolden = 0.61803398874989485;
  double low = best / kStep, high = best * kStep;
  for (int i = 0; i < 60; ++i) {
    const double a = high - (high - low) * kGolden;
    const double b = low + (high - low) * kGolden;
    (candidate(asked, a).error < candidate(asked, b).error ? high : low) =
        candidate(asked, a).error < candidate(asked, b).error ? b : a;
  }
  return (low + high) / 2;
}

core::Expected<void> check_asked(core::MilliHz rate, const std::vector<Dispersion>& asked,
                                 core::Ppm low) {
  const auto bad = [](const std::string& why) { return core::fail("fit-impossible", why); };
  if (rate.count <= 0) return bad("the mean rate is 0");
  if (low.count < 0 || low >= core::kWhole)
    return bad("the low state's rate is not below the mean (allowed: 0 to 999999 ppm)");
  if (asked.size() < 2) return bad("one index of dispersion does not fix a process (allowed: 2+)");
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string which = "index of dispersion " + std::to_string(asked[i].index);
    if (asked[i].window.count <= 0) return bad(which + " of an empty window");
    if (!(asked[i].index > 1)) return bad(which + " is not above 1: no burstier than Poisson");
    if (i > 0 && (asked[i].window <= asked[i - 1].window || asked[i].index < asked[i - 1].index))
      return bad(which + " falls (allowed: windows that grow, indices that do not fall)");
  }
  return {};
}

/// Counts of the arrivals in whole windows.
std::vector<double> counts(const ReplayedArrivals& arrivals, core::Micros window) {
  std::vector<double> bins(static_cast<std::size_t>(arrivals.period.count / window.count));
  for (const auto offset : arrivals.offsets) {
    const auto bin = static_cast<std::size_t>(offset.count / window.count);
    if (bin < bins.size()) bins[bin] += 1;
  }
  return bins;
}

double dispersion_of(const std::vector<double>& bins) {
  const auto n = static_cast<double>(bins.size());
  double mean = 0, squares = 0;
  for (const double x : bins) mean += x / n;
  for (const double x : bins) squares += (x - mean) * (x - mean);
  return mean > 0 ? squares / (n - 1) / mean : 1;
}

double variation(const std::vector<core::Micros>& offsets) {
  if (offsets.size() < 3) return 0;
  const auto n = static_cast<double>(offsets.size() - 1);
  const double mean = static_cast<double>((offsets.back() - offsets.front()).count) / n;
  double squares = 0;
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    const double off = static_cast<double>((offsets[i] - offsets[i - 1]).count) - mean;
    squares += off * off;
  }
  return mean > 0 ? std::sqrt(squares / (n - 1)) / mean : 0;
}

}  // namespace

ArrivalStatistics describe(const ReplayedArrivals& arrivals,
                           const std::vector<core::Micros>& windows) {
  ArrivalStatistics seen;
  seen.count = static_cast<std::int64_t>(arrivals.offsets.size());
  seen.rate = core::MilliHz{static_cast<std::int64_t>(
      static_cast<double>(seen.count) * 1e9 / static_cast<double>(arrivals.period.count) + 0.5)};
  seen.cv = variation(arrivals.offsets);
  for (const auto window : windows)
    if (window.count > 0 && arrivals.period.count / window.count >= 2)
      seen.dispersion.push_back({window, dispersion_of(counts(arrivals, window))});
  const auto seconds = counts(arrivals, core::seconds(1));
  if (!seconds.empty())
    seen.most_in_a_second =
        static_cast<std::int64_t>(*std::max_element(seconds.begin(), seconds.end()));
  return seen;
}

// IDC(t) = 1 + V (1 - (1 - e^-ct)/ct), c = the sum of the rates of change and
// V = 2 p q (high - low)^2 / (c mean), p and q the shares of time.
double dispersion(const Mmpp2Arrivals& law, core::MilliHz rate, core::Micros window) {
  const double mean = static_cast<double>(rate.count) * 1e-3;
  const double change = 1 / seconds_of(law.mean_low) + 1 / seconds_of(law.mean_high);
  const Mmpp2Shape shape = shape_of(law);
  const double apart = (shape.high - static_cast<double>(law.low.count) / 1e6) * mean;
  const double limit =
      2 * shape.low_share * (1 - shape.low_share) * apart * apart / (change * mean);
  return 1 + limit * grown(change * seconds_of(window));
}

// With high = (mean - p low) / q the limit V becomes 2 p/q (mean - low)^2 / (c mean): solved for
// p/q.
core::Expected<Mmpp2Fit> fit_mmpp2(core::MilliHz rate, const std::vector<Dispersion>& asked,
                                   core::Ppm low) {
  if (const auto fine = check_asked(rate, asked, low); !fine)
    return core::Unexpected<core::Error>{fine.error()};
  const double change = best_change(asked);
  const double limit = candidate(asked, change).limit;
  const double mean = static_cast<double>(rate.count) * 1e-3;
  const double below = 1 - static_cast<double>(low.count) / 1e6;
  const double odds = limit * change / (2 * mean * below * below);
  const double low_share = odds / (1 + odds);
  const auto stay = [&](double share_of_other) {
    const double micros = 1e6 / (change * share_of_other);
    return core::Micros{std::max<std::int64_t>(1, static_cast<std::int64_t>(micros + 0.5))};
  };
  Mmpp2Fit fit;
  fit.law = {low, stay(1 - low_share), stay(low_share)};
  for (const auto& point : asked) {
    const double reached = dispersion(fit.law, rate, point.window);
    fit.reached.push_back({point.window, reached});
    fit.worst = std::max(fit.worst, std::fabs(reached / point.index - 1));
  }
  return fit;
}

}  // namespace wanwise::sim
