#include "sim/traces/info.hpp"

#include <algorithm>
#include <cmath>

#include "sim/traces/series.hpp"

namespace wanwise::sim {
namespace {

// Shorter stretches are the spacing of packets at a low rate.
constexpr core::Micros kPause = core::milliseconds(100);

double seconds_of(core::Micros t) {
  return static_cast<double>(t.count) / 1e6;
}

/// Points, step and gaps of times at which a value is known.
void describe_times(SeriesInfo& info, const std::vector<core::Micros>& times) {
  info.points = times.size();
  std::vector<double> steps;
  for (std::size_t i = 1; i < times.size(); ++i)
    steps.push_back(seconds_of(times[i] - times[i - 1]));
  if (steps.empty()) return;
  std::vector<double> sorted = steps;
  std::sort(sorted.begin(), sorted.end());
  info.step_seconds = quantile(sorted, 0.5);
  for (const double step : steps) {
    if (step < 1.8 * info.step_seconds || step < 1) continue;
    ++info.gaps;
    info.longest_gap_seconds = std::max(info.longest_gap_seconds, step);
  }
}

void describe_memory(SeriesInfo& info, const Series& seconds) {
  info.after_1 = autocorrelation(seconds, 1);
  info.after_10 = autocorrelation(seconds, 10);
}

SeriesInfo rate_info(const TraceRates& rates, Direction direction, core::Micros period) {
  SeriesInfo info;
  info.name = name_of(direction);
  info.unit = "Mb/s";
  const Series seconds = rate_seconds(rates, period);
  if (rates.steps.empty()) {
    info.points = rates.opportunities.size();
    info.step_seconds = seconds_of(period) / static_cast<double>(info.points);
  } else {
    std::vector<core::Micros> times;
    for (const RatePoint& p : rates.steps)
      if (p.rate) times.push_back(p.offset);
    describe_times(info, times);
  }
  info.summary = summarise(seconds);
  describe_memory(info, seconds);
  return info;
}

std::optional<SeriesInfo> radio_info(const TraceFile& file, RadioField field) {
  std::vector<core::Micros> times;
  Series values;
  for (const auto& [offset, reading] : file.radio) {
    const double value = value_of(reading, field);
    values.push_back(value);
    if (!std::isnan(value)) times.push_back(offset);
  }
  if (times.empty()) return std::nullopt;
  SeriesInfo info;
  info.name = name_of(field);
  info.unit = unit_of(field);
  describe_times(info, times);
  info.summary = summarise(values);
  info.summary.cv.reset();  // the zero of a level in dB is no zero
  describe_memory(info, radio_seconds(file.radio, field, file.period));
  return info;
}

SeriesInfo rtt_info(const TraceFile& file) {
  SeriesInfo info;
  info.name = "rtt";
  info.unit = "ms";
  std::vector<core::Micros> times;
  Series values;
  for (const RttPoint& p : file.rtt) {
    times.push_back(p.offset);
    values.push_back(p.rtt ? static_cast<double>(p.rtt->count) / 1000 : kUnknown);
  }
  describe_times(info, times);
  info.summary = summarise(values);
  describe_memory(info, rtt_seconds(file.rtt, file.period));
  return info;
}

DeliveryInfo delivery_info(const TraceRates& rates, Direction direction, core::Micros period) {
  DeliveryInfo info;
  info.name = name_of(direction);
  for (const double mbps : rate_seconds(rates, period)) {
    if (std::isnan(mbps)) continue;
    ++info.known_seconds;
    if (mbps <= 0) ++info.dead_seconds;
  }
  for (const auto& [from, to] : pauses_of(rates, period, kPause))
    info.longest_pause_seconds = std::max(info.longest_pause_seconds, seconds_of(to - from));
  return info;
}

void describe_radio(TraceInfo& info, const TraceFile& file) {
  if (file.radio.empty()) return;
  std::vector<double> times(std::size_t{6}, 0.0);
  double all = 0;
  double out = 0;
  double with_cell = 0;
  for (std::size_t i = 0; i < file.radio.size(); ++i) {
    const auto& [offset, reading] = file.radio[i];
    const core::Micros end = i + 1 < file.radio.size() ? file.radio[i + 1].offset : file.period;
    const double span = seconds_of(end - offset);
    all += span;
    times[static_cast<std::size_t>(reading.access)] += span;
    if (!reading.in_service) out += span;
    if (reading.cell) with_cell += span;
  }
  if (all <= 0) return;
  info.out_of_service_share = out / all;
  for (std::size_t i = 0; i < times.size(); ++i)
    if (times[i] > 0)
      info.access_shares.emplace_back(name_of(static_cast<core::RadioAccess>(i)), times[i] / all);
  if (with_cell > 0)
    info.handovers_per_minute =
        static_cast<double>(handovers_of(file.radio).size()) / (with_cell / 60);
}

void describe_correlations(TraceInfo& info, const TraceFile& file) {
  const auto add = [&](const std::string& name, const Series& series) {
    for (const RadioField field : {RadioField::rsrp, RadioField::sinr, RadioField::rsrq})
      if (const auto c = correlate(series, radio_seconds(file.radio, field, file.period)))
        info.correlations.push_back({name, name_of(field), *c});
  };
  const Series up = rate_seconds(file.uplink, file.period);
  const Series down = rate_seconds(file.downlink, file.period);
  add("uplink", up);
  add("downlink", down);
  add("rtt", rtt_seconds(file.rtt, file.period));
  if (const auto both = correlate(up, down))
    info.correlations.push_back({"uplink", "downlink", *both});
}

}  // namespace

std::vector<core::Micros> handovers_of(const std::vector<RadioPoint>& radio) {
  std::vector<core::Micros> list;
  std::optional<std::int64_t> last;
  for (const auto& [offset, reading] : radio) {
    if (!reading.cell) continue;
    if (last && *last != *reading.cell) list.push_back(offset);
    last = reading.cell;
  }
  return list;
}

std::vector<std::pair<core::Micros, core::Micros>> pauses_of(const TraceRates& rates,
                                                             core::Micros period,
                                                             core::Micros shortest) {
  std::vector<std::pair<core::Micros, core::Micros>> pauses;
  const auto add = [&](core::Micros from, core::Micros to) {
    if (to - from >= shortest) pauses.emplace_back(from, to);
  };
  if (!rates.opportunities.empty()) {
    core::Micros last;
    for (const core::Micros t : rates.opportunities) {
      add(last, t);
      last = t;
    }
    return pauses;
  }
  std::optional<core::Micros> from;
  for (const RatePoint& point : rates.steps) {
    const bool dead = point.rate && point.rate->count == 0;
    if (dead && !from) from = point.offset;
    if (!dead && from) {
      add(*from, point.offset);
      from.reset();
    }
  }
  if (from) add(*from, period);
  return pauses;
}

TraceInfo info_of(const TraceFile& file) {
  TraceInfo info;
  info.source = file.source;
  info.licence = file.licence;
  info.origin = file.origin;
  info.meaning = name_of(file.meaning);
  info.seconds = seconds_of(file.period);
  for (const Direction direction : {Direction::uplink, Direction::downlink}) {
    const TraceRates& rates = direction == Direction::uplink ? file.uplink : file.downlink;
    if (rates.empty()) continue;
    info.series.push_back(rate_info(rates, direction, file.period));
    info.delivery.push_back(delivery_info(rates, direction, file.period));
  }
  for (const RadioField field : kRadioFields)
    if (auto radio = radio_info(file, field)) info.series.push_back(std::move(*radio));
  if (!file.rtt.empty()) {
    info.series.push_back(rtt_info(file));
    info.probes = file.rtt.size();
    info.probes_lost = static_cast<std::size_t>(
        std::count_if(file.rtt.begin(), file.rtt.end(), [](const RttPoint& p) { return !p.rtt; }));
  }
  describe_radio(info, file);
  describe_correlations(info, file);
  return info;
}

}  // namespace wanwise::sim
