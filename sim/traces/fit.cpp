#include "sim/traces/fit.hpp"

#include <algorithm>
#include <cmath>

#include "sim/traces/fit_moments.hpp"
#include "sim/traces/info.hpp"
#include "sim/traces/nelder_mead.hpp"
#include "sim/traces/series.hpp"

namespace wanwise::sim {
namespace {

constexpr std::size_t kFewestSeconds = 60;
// The generated rate in which shapes are compared; its quantum is a thousandth of it.
constexpr core::Bps kSearchMean{12'000'000};

/// How near a figure has to be: a difference of one scale costs one.
struct Scale {
  double RateFigures::*figure;
  double absolute, relative;
};
// Absolute parts: what 600 s of a link with 12 s memory scatter by chance. p5 and the dead seconds
// weigh more than their size: a deadline is missed there.
constexpr Scale kScales[] = {
    {&RateFigures::cv, 0.02, 0.08},   {&RateFigures::p5, 0.02, 0.1},
    {&RateFigures::p50, 0.02, 0.05},  {&RateFigures::p95, 0.02, 0.05},
    {&RateFigures::after_1, 0.05, 0}, {&RateFigures::after_3, 0.07, 0},
    {&RateFigures::after_10, 0.1, 0}, {&RateFigures::after_30, 0.2, 0},
    {&RateFigures::dead, 0.005, 0.1},
};

double distance(const RateFigures& made, const RateFigures& wanted) {
  double sum = 0;
  for (const Scale& s : kScales) {
    const double scale = s.absolute + s.relative * std::abs(wanted.*s.figure);
    const double off = (made.*s.figure - wanted.*s.figure) / scale;
    // Beyond three scales linear: a figure the law can not reach must not spoil the others.
    sum += std::abs(off) < 3 ? off * off : 6 * std::abs(off) - 9;
  }
  return sum;
}

/// What the search varies, in the form in which it is free of units.
struct Shape {
  static Point of(const RateLaw& law) {
    return {std::log(std::max(law.slow_sd, 0.02)), std::log(law.slow_seconds),
            std::log(std::max(law.fast_sd, 0.02)), std::log(law.cap - 1), law.fade};
  }
  /// Limits keep the search where a law means something.
  static RateLaw law(const Point& x, const RateLaw& from) {
    RateLaw law = from;
    law.slow_sd = std::clamp(std::exp(x[0]), 0.02, 2.0);
    law.slow_seconds = std::clamp(std::exp(x[1]), 1.0, 300.0);
    law.fast_sd = std::clamp(std::exp(x[2]), 0.02, 2.0);
    law.cap = 1 + std::clamp(std::exp(x[3]), 0.1, 9.0);
    law.fade = std::clamp(x[4], 0.0, 3.0);
    return law;
  }
  /// How far the first simplex reaches: what is a likely distance between two links.
  static Point steps() { return {0.4, 0.6, 0.4, 0.4, 0.4}; }
};

// Spread, cap and fade stand in for one another where the recording says little (a wide spread
// under a low cap is a narrow one): of laws that come equally near the less strange one is taken. A
// likely distance in one variable counts as a twentieth of a figure that is one scale off.
constexpr double kPull = 0.05;

double strangeness(const Point& x, const Point& usual) {
  const Point steps = Shape::steps();
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += (x[i] - usual[i]) * (x[i] - usual[i]) / (steps[i] * steps[i]);
  return sum;
}

/// Links as long as the recording: an autocorrelation is lower the shorter its series, so links of
/// another length would be compared with a bias.
struct Search {
  std::size_t evaluations;
  core::Micros length;
  std::uint64_t seeds;

  Search(const FitOptions& options, core::Micros period)
      : evaluations(options.evaluations),
        length(std::clamp(period, core::seconds(200), core::seconds(1800))),
        seeds(static_cast<std::uint64_t>(
            std::max<std::int64_t>(1, (options.total.count + length.count / 2) / length.count))) {}
};

/// Mean figures of the links a law makes.
RateFigures made_by(const LinkLaw& law, const Search& search) {
  RateFigures mean;
  for (std::uint64_t seed = 1; seed <= search.seeds; ++seed) {
    Series seconds = generate_uplink_seconds(law, search.length, seed);
    for (double& x : seconds) x /= 1e6;
    const auto figures = figures_of(seconds).value_or(RateFigures{});
    for (const Scale& s : kScales)
      mean.*s.figure += figures.*s.figure / static_cast<double>(search.seeds);
  }
  return mean;
}

RateLaw fit_rate(const RateFigures& wanted, LinkLaw law, const RateLaw& start,
                 const Search& search) {
  // Pauses and mean are known already; the other direction plays no part.
  law.shared = 0;
  const Point first = Shape::of(start);
  const auto cost = [&](const Point& x) {
    law.uplink = Shape::law(x, start);
    law.uplink.mean = kSearchMean;
    return distance(made_by(law, search), wanted) + kPull * strangeness(x, first);
  };
  const Minimum best =
      nelder_mead(cost, first, Shape::steps(), search.evaluations, /*tolerance=*/0.01);
  return Shape::law(best.at, start);
}

std::string seconds_text(const std::string& name, std::size_t n) {
  return name + ": rate from " + std::to_string(n) + " seconds";
}

core::Bps scaled(core::Bps rate, const RateLaw& fitted, const RateLaw& start) {
  return core::Bps{
      std::llround(static_cast<double>(rate.count) * static_cast<double>(fitted.mean.count) /
                   static_cast<double>(start.mean.count))};
}

/// Fits both directions; one that was not recorded takes the other's shape.
bool fit_rates(const TraceFile& recording, const LinkLaw& start, const FitOptions& options,
               LinkFit& fit) {
  const auto direction = [&](const TraceRates& rates, const RateLaw& from, const char* name) {
    std::optional<RateLaw> law;
    const Series seconds = rate_seconds(rates, recording.period);
    const auto wanted = figures_of(seconds);
    if (!wanted) return law;
    law = fit_rate(*wanted, fit.law, from, Search(options, recording.period));
    law->mean = core::Bps{std::llround(wanted->mean * 1e6)};
    fit.taken.push_back(seconds_text(name, summarise(seconds).count));
    return law;
  };
  const auto up = direction(recording.uplink, start.uplink, "uplink");
  const auto down = direction(recording.downlink, start.downlink, "downlink");
  if (!up && !down) return false;
  fit.law.uplink = up.value_or(*(up ? up : down));
  fit.law.downlink = down.value_or(*(down ? down : up));
  if (!up) {
    fit.law.uplink.mean = scaled(start.uplink.mean, *down, start.downlink);
    fit.assumed.push_back("uplink: the downlink's shape, at the start law's share of its mean");
  }
  if (!down) {
    fit.law.downlink.mean = scaled(start.downlink.mean, *up, start.uplink);
    fit.assumed.push_back("downlink: the uplink's shape, at the start law's share of its mean");
  }
  return true;
}

}  // namespace

std::optional<RateFigures> figures_of(const Series& seconds) {
  const Summary s = summarise(seconds);
  if (s.count < kFewestSeconds || s.mean <= 0) return std::nullopt;
  RateFigures f;
  f.mean = s.mean;
  f.cv = s.sd / s.mean;
  f.p5 = s.p5 / s.mean;
  f.p50 = s.p50 / s.mean;
  f.p95 = s.p95 / s.mean;
  f.after_1 = autocorrelation(seconds, 1).value_or(0);
  f.after_3 = autocorrelation(seconds, 3).value_or(0);
  f.after_10 = autocorrelation(seconds, 10).value_or(0);
  f.after_30 = autocorrelation(seconds, 30).value_or(0);
  f.dead = static_cast<double>(std::count(seconds.begin(), seconds.end(), 0.0)) /
           static_cast<double>(s.count);
  return f;
}

core::Expected<LinkFit> fit_link(const TraceFile& recording, const LinkLaw& start,
                                 const FitOptions& options) {
  LinkFit fit;
  fit.law = start;
  const bool capacity = recording.meaning != RateMeaning::carried;
  if (capacity) fit_pauses(recording, fit);
  fit_handovers(recording, fit);
  bool any = capacity && fit_rates(recording, start, options, fit);
  if (!any)
    fit.assumed.push_back(capacity ? "rates: the recording has less than a minute of them"
                                   : "rates: the recording's are what was carried, no capacity");
  if (any) fit_shared(recording, fit);
  any = fit_radio(recording, fit) || any;
  if (!any)
    return core::fail("trace-unfit",
                      "the recording holds neither a minute of rates nor radio values");
  return fit;
}

}  // namespace wanwise::sim
