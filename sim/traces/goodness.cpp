#include "sim/traces/goodness.hpp"

#include <algorithm>
#include <cmath>

#include "sim/traces/fit.hpp"
#include "sim/traces/series.hpp"

namespace wanwise::sim {
namespace {

enum class Kind { size, share };  ///< judged by relative or by absolute error

Verdict judge(const FigureFit& f, Kind kind) {
  const double error = std::abs(f.generated - f.recorded);
  const double size = std::abs(f.recorded);
  if (f.recorded >= f.low && f.recorded <= f.high) return Verdict::agrees;
  if (kind == Kind::share)
    return error <= 0.03 ? Verdict::agrees : error <= 0.1 ? Verdict::near : Verdict::off;
  return error <= 0.1 * size    ? Verdict::agrees
         : error <= 0.25 * size ? Verdict::near
                                : Verdict::off;
}

FigureFit compare(const std::string& name, const std::string& unit, double recorded,
                  Series generated, Kind kind) {
  FigureFit f;
  f.name = name;
  f.unit = unit;
  f.recorded = recorded;
  std::sort(generated.begin(), generated.end());
  for (const double x : generated) f.generated += x / static_cast<double>(generated.size());
  f.low = quantile(generated, 0.05);
  f.high = quantile(generated, 0.95);
  if (recorded != 0) f.relative_error = (f.generated - recorded) / std::abs(recorded);
  f.verdict = judge(f, kind);
  return f;
}

struct Shown {
  const char* name;
  const char* unit;
  double RateFigures::*figure;
  bool of_mean;  ///< shown as a rate
  Kind kind;
};
constexpr Shown kShown[] = {
    {"mean", "Mb/s", &RateFigures::mean, false, Kind::size},
    {"coefficient of variation", "", &RateFigures::cv, false, Kind::size},
    {"p5", "Mb/s", &RateFigures::p5, true, Kind::size},
    {"p50", "Mb/s", &RateFigures::p50, true, Kind::size},
    {"p95", "Mb/s", &RateFigures::p95, true, Kind::size},
    {"autocorrelation 1 s", "", &RateFigures::after_1, false, Kind::share},
    {"autocorrelation 10 s", "", &RateFigures::after_10, false, Kind::share},
    {"dead seconds", "share", &RateFigures::dead, false, Kind::share},
};

// Links are made at no more than this mean and their rates scaled: a packet then is a thousandth of
// a second's rate, and a fast link costs no more than a slow one.
constexpr double kMadeMean = 12e6;

double reduced(core::Bps& mean) {
  const double factor = std::max(1.0, static_cast<double>(mean.count) / kMadeMean);
  mean = core::Bps{std::llround(static_cast<double>(mean.count) / factor)};
  return factor;
}

struct Links {
  std::vector<GeneratedLink> made;
  double up = 1, down = 1;  ///< how much slower than the law they are

  Links(LinkLaw law, core::Micros length, const GoodnessOptions& options)
      : up(reduced(law.uplink.mean)), down(reduced(law.downlink.mean)) {
    for (std::size_t i = 0; i < options.links; ++i)
      made.push_back(generate(law, length, options.first_seed + i));
  }
};

std::optional<DirectionFit> compare_rates(const TraceFile& recording, Direction direction,
                                          const Links& links) {
  const bool up = direction == Direction::uplink;
  const Series recorded =
      rate_seconds(up ? recording.uplink : recording.downlink, recording.period);
  const auto wanted = figures_of(recorded);
  if (!wanted) return std::nullopt;
  DirectionFit fit;
  fit.name = name_of(direction);
  fit.recorded_size = effective_size(recorded);
  Series pooled;
  std::vector<RateFigures> made;
  for (const GeneratedLink& link : links.made) {
    const RateTrace& trace = up ? link.uplink : link.downlink;
    Series seconds = rate_seconds({trace.opportunities, {}}, trace.period);
    for (double& mbps : seconds) mbps *= up ? links.up : links.down;
    made.push_back(figures_of(seconds).value_or(RateFigures{}));
    fit.generated_size += effective_size(seconds);
    pooled.insert(pooled.end(), seconds.begin(), seconds.end());
  }
  const auto shown = [](const RateFigures& f, const Shown& s) {
    return f.*s.figure * (s.of_mean ? f.mean : 1);
  };
  for (const Shown& s : kShown) {
    Series values;
    for (const RateFigures& f : made) values.push_back(shown(f, s));
    fit.figures.push_back(compare(s.name, s.unit, shown(*wanted, s), std::move(values), s.kind));
  }
  fit.ks = kolmogorov_smirnov(recorded, fit.recorded_size, pooled, fit.generated_size);
  return fit;
}

void compare_radio(const TraceFile& recording, RadioField field,
                   const std::vector<GeneratedLink>& links, std::vector<FigureFit>& out) {
  const Series recorded = radio_seconds(recording.radio, field, recording.period);
  const Summary wanted = summarise(recorded);
  if (wanted.count == 0) return;
  Series means;
  Series sds;
  Series after_1;
  Series after_10;
  for (const GeneratedLink& link : links) {
    const Series series = radio_seconds(link.radio.points, field, link.radio.period);
    const Summary s = summarise(series);
    means.push_back(s.mean);
    sds.push_back(s.sd);
    after_1.push_back(autocorrelation(series, 1).value_or(0));
    after_10.push_back(autocorrelation(series, 10).value_or(0));
  }
  const std::string name = name_of(field);
  const std::string unit = unit_of(field);
  out.push_back(compare(name + " mean", unit, wanted.mean, means, Kind::size));
  out.push_back(compare(name + " sd", "dB", wanted.sd, sds, Kind::size));
  out.push_back(compare(name + " autocorrelation 1 s", "", autocorrelation(recorded, 1).value_or(0),
                        after_1, Kind::share));
  out.push_back(compare(name + " autocorrelation 10 s", "",
                        autocorrelation(recorded, 10).value_or(0), after_10, Kind::share));
}

}  // namespace

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::agrees:
      return "agrees";
    case Verdict::near:
      return "near";
    case Verdict::off:
      return "off";
  }
  return "";
}

Goodness goodness_of(const TraceFile& recording, const LinkLaw& law,
                     const GoodnessOptions& options) {
  const core::Micros length = std::clamp(recording.period, core::seconds(60), options.longest);
  const Links links(law, length, options);
  Goodness goodness;
  goodness.links = options.links;
  goodness.link_seconds = static_cast<double>(length.count) / 1e6;
  if (recording.meaning != RateMeaning::carried)
    for (const Direction direction : {Direction::uplink, Direction::downlink})
      if (auto fit = compare_rates(recording, direction, links))
        goodness.rates.push_back(std::move(*fit));
  for (const RadioField field : {RadioField::rsrp, RadioField::sinr, RadioField::rsrq})
    compare_radio(recording, field, links.made, goodness.radio);
  return goodness;
}

}  // namespace wanwise::sim
