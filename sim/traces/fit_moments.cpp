#include "sim/traces/fit_moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/traces/info.hpp"
#include "sim/traces/series.hpp"

namespace wanwise::sim {
namespace {

// A pause requests feel; packets at 24 kb/s are this far apart.
constexpr core::Micros kShortestPause = core::milliseconds(500);
// A connection is re-established within this (T310 + T311 at their usual 1 s each, 3GPP TS 36.331);
// longer ones are no coverage.
constexpr core::Micros kHole = core::seconds(2);
constexpr std::size_t kFewestReadings = 60;

// Longer outages are no link's habit: replay the recording for those.
constexpr core::Micros kLongestPause = core::seconds(600);

PauseLaw pause_law(const std::vector<core::Micros>& lengths, double minutes) {
  PauseLaw law;
  if (lengths.empty() || minutes <= 0) return law;
  law.per_minute = static_cast<double>(lengths.size()) / minutes;
  law.shortest = *std::min_element(lengths.begin(), lengths.end());
  law.longest = std::max(*std::max_element(lengths.begin(), lengths.end()), law.shortest * 11 / 10);
  law.shortest = std::min(law.shortest, kLongestPause);
  law.longest = std::min(law.longest, kLongestPause);
  std::vector<double> seconds;
  for (const core::Micros t : lengths) seconds.push_back(static_cast<double>(t.count) / 1e6);
  law.tail = pareto_exponent(seconds, static_cast<double>(law.shortest.count) / 1e6,
                             static_cast<double>(law.longest.count) / 1e6)
                 .value_or(0);
  return law;
}

/// A run of dead steps is a pause that began within the step before it and ended within the one
/// after: one step longer, on average.
core::Micros hidden_part(const TraceRates& rates) {
  if (rates.steps.size() < 2) return {};
  std::vector<core::Micros> steps;
  for (std::size_t i = 1; i < rates.steps.size(); ++i)
    steps.push_back(rates.steps[i].offset - rates.steps[i - 1].offset);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// The direction that pauses are read from.
const TraceRates& main_rates(const TraceFile& recording) {
  return recording.uplink.empty() ? recording.downlink : recording.uplink;
}

struct LogRates {
  Series values;
  explicit LogRates(const Series& seconds) : values(seconds) {
    for (double& x : values) x = x > 0 ? std::log(x) : kUnknown;
  }
};

double slow_share(const RateLaw& law) {
  return law.slow_sd / std::sqrt(law.slow_sd * law.slow_sd + law.fast_sd * law.fast_sd);
}

/// Correlation time from the autocorrelation ten seconds later, or one where that is nothing.
std::optional<double> correlation_seconds(const Series& series) {
  for (const std::size_t lag : {std::size_t{10}, std::size_t{1}}) {
    const auto r = autocorrelation(series, lag);
    if (r && *r > 0.05 && *r < 1) return -static_cast<double>(lag) / std::log(*r);
  }
  return std::nullopt;
}

bool fit_value(const TraceFile& recording, RadioField field, const Series& log_rate, double share,
               RadioLaw& law, LinkFit& fit) {
  const Series series = radio_seconds(recording.radio, field, recording.period);
  const Summary s = summarise(series);
  if (s.count < kFewestReadings) {
    fit.assumed.push_back(std::string(name_of(field)) + ": not recorded");
    return false;
  }
  law.mean = s.mean;
  law.sd = std::max(s.sd, 0.1);
  if (const auto seconds = correlation_seconds(series)) law.seconds = *seconds;
  if (const auto with = correlate(series, log_rate); with && share > 0)
    law.with_rate = std::clamp(with->r / share, 0.0, 0.95);
  fit.taken.push_back(std::string(name_of(field)) + ": from " + std::to_string(s.count) +
                      " seconds");
  return true;
}

}  // namespace

std::optional<double> pareto_exponent(const std::vector<double>& lengths, double shortest,
                                      double longest) {
  if (lengths.size() < 3 || longest <= shortest * 1.01) return std::nullopt;
  double mean_log = 0;
  for (const double x : lengths)
    mean_log +=
        std::log(std::clamp(x, shortest, longest) / shortest) / static_cast<double>(lengths.size());
  const double range = std::log(longest / shortest);
  // E[ln(x/L)] of the bounded law falls in its exponent: bisection.
  const auto expected = [&](double a) { return 1 / a - range / std::expm1(a * range); };
  double low = 1e-3;
  double high = 20;
  for (int round = 0; round < 60; ++round) {
    const double middle = (low + high) / 2;
    (expected(middle) > mean_log ? low : high) = middle;
  }
  return (low + high) / 2;
}

void fit_pauses(const TraceFile& recording, LinkFit& fit) {
  const TraceRates& rates = main_rates(recording);
  if (rates.empty()) return;
  const core::Micros hidden = hidden_part(rates);
  std::vector<core::Micros> failures;
  std::vector<core::Micros> holes;
  for (const auto& [from, to] : pauses_of(rates, recording.period, kShortestPause))
    (to - from < kHole ? failures : holes).push_back(to - from + hidden);
  const Summary s = summarise(rate_seconds(rates, recording.period));
  const double minutes = static_cast<double>(s.count) / 60;
  fit.law.failure = pause_law(failures, minutes);
  fit.law.hole = pause_law(holes, minutes);
  fit.taken.push_back("pauses: " + std::to_string(failures.size()) + " of 0.5 to 2 s, " +
                      std::to_string(holes.size()) + " longer");
}

void fit_handovers(const TraceFile& recording, LinkFit& fit) {
  const TraceInfo info = info_of(recording);
  if (!info.handovers_per_minute) {
    fit.assumed.push_back("handovers: no cells were recorded");
    return;
  }
  fit.law.handover.per_minute = *info.handovers_per_minute;
  fit.taken.push_back("handovers: from " + std::to_string(recording.radio.size()) + " readings");
  std::array<std::size_t, 6> count{};
  for (const RadioPoint& p : recording.radio) ++count[static_cast<std::size_t>(p.reading.access)];
  const auto most = std::max_element(count.begin() + 1, count.end());
  if (*most > 0) fit.law.access = static_cast<core::RadioAccess>(most - count.begin());
}

void fit_shared(const TraceFile& recording, LinkFit& fit) {
  const LogRates up(rate_seconds(recording.uplink, recording.period));
  const LogRates down(rate_seconds(recording.downlink, recording.period));
  const auto r = correlate(up.values, down.values);
  if (!r) {
    fit.assumed.push_back("shared part of the directions: they were not recorded together");
    return;
  }
  const double most = slow_share(fit.law.uplink) * slow_share(fit.law.downlink);
  fit.law.shared = std::clamp(r->r / std::max(most, 1e-3), 0.0, 1.0);
  fit.taken.push_back("shared part of the directions: from " + std::to_string(r->pairs) +
                      " seconds");
}

bool fit_radio(const TraceFile& recording, LinkFit& fit) {
  if (recording.radio.empty()) {
    fit.assumed.push_back("radio values: none were recorded");
    return false;
  }
  const bool capacity = recording.meaning != RateMeaning::carried;
  const LogRates log_rate(capacity ? rate_seconds(main_rates(recording), recording.period)
                                   : Series{});
  const double share = slow_share(recording.uplink.empty() ? fit.law.downlink : fit.law.uplink);
  bool any = fit_value(recording, RadioField::rsrp, log_rate.values, share, fit.law.rsrp, fit);
  any = fit_value(recording, RadioField::sinr, log_rate.values, share, fit.law.sinr, fit) || any;
  return fit_value(recording, RadioField::rsrq, log_rate.values, share, fit.law.rsrq, fit) || any;
}

}  // namespace wanwise::sim
