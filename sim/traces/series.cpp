#include "sim/traces/series.hpp"

#include <algorithm>
#include <cmath>

#include "sim/world/network/packet.hpp"

namespace wanwise::sim {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr double kMegabitsPerOpportunity = kMtu * 8.0 / 1e6;

std::size_t whole_seconds(core::Micros period) {
  return static_cast<std::size_t>(period.count / kSecond);
}

Series of_opportunities(const std::vector<core::Micros>& list, core::Micros period) {
  Series bins(whole_seconds(period), 0.0);
  for (const core::Micros t : list)
    if (const auto bin = static_cast<std::size_t>(t.count / kSecond); bin < bins.size())
      bins[bin] += kMegabitsPerOpportunity;
  return bins;
}

Series of_steps(const std::vector<RatePoint>& steps, core::Micros period) {
  Series bits(whole_seconds(period), 0.0);
  Series known(bits.size(), 0.0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].rate) continue;
    const std::int64_t end = (i + 1 < steps.size() ? steps[i + 1].offset : period).count;
    for (std::int64_t at = steps[i].offset.count; at < end;) {
      const auto bin = static_cast<std::size_t>(at / kSecond);
      if (bin >= bits.size()) break;
      const std::int64_t to = std::min(end, (at / kSecond + 1) * kSecond);
      bits[bin] += static_cast<double>(steps[i].rate->count) * static_cast<double>(to - at) / 1e6;
      known[bin] += static_cast<double>(to - at) / 1e6;
      at = to;
    }
  }
  for (std::size_t i = 0; i < bits.size(); ++i)
    bits[i] = known[i] >= 0.5 ? bits[i] / known[i] / 1e6 : kUnknown;
  return bits;
}

}  // namespace

const char* name_of(RadioField field) {
  switch (field) {
    case RadioField::rsrp:
      return "rsrp";
    case RadioField::rsrq:
      return "rsrq";
    case RadioField::sinr:
      return "sinr";
    case RadioField::rssi:
      return "rssi";
  }
  return "";
}

const char* unit_of(RadioField field) {
  return field == RadioField::rsrp || field == RadioField::rssi ? "dBm" : "dB";
}

double value_of(const RadioReading& reading, RadioField field) {
  const auto known = [](const auto& value) {
    return value ? static_cast<double>(*value) : kUnknown;
  };
  switch (field) {
    case RadioField::rsrp:
      return known(reading.rsrp_dbm);
    case RadioField::rsrq:
      return known(reading.rsrq_db);
    case RadioField::sinr:
      return reading.sinr ? static_cast<double>(reading.sinr->count) / 1000 : kUnknown;
    case RadioField::rssi:
      return known(reading.rssi_dbm);
  }
  return kUnknown;
}

Series rate_seconds(const TraceRates& rates, core::Micros period) {
  if (rates.empty()) return {};
  return rates.steps.empty() ? of_opportunities(rates.opportunities, period)
                             : of_steps(rates.steps, period);
}

Series radio_seconds(const std::vector<RadioPoint>& radio, RadioField field, core::Micros period,
                     core::Micros hold) {
  Series series(radio.empty() ? 0 : whole_seconds(period), kUnknown);
  std::size_t next = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const core::Micros at = core::seconds(static_cast<std::int64_t>(i));
    while (next < radio.size() && radio[next].offset <= at) ++next;
    if (next > 0 && at - radio[next - 1].offset <= hold)
      series[i] = value_of(radio[next - 1].reading, field);
  }
  return series;
}

Series rtt_seconds(const std::vector<RttPoint>& rtt, core::Micros period) {
  Series series(rtt.empty() ? 0 : whole_seconds(period), kUnknown);
  Series of_second;
  for (std::size_t i = 0; i < rtt.size(); ++i) {
    const std::int64_t second = rtt[i].offset.count / kSecond;
    if (rtt[i].rtt) of_second.push_back(static_cast<double>(rtt[i].rtt->count) / 1000);
    const bool last = i + 1 == rtt.size() || rtt[i + 1].offset.count / kSecond != second;
    if (!last || of_second.empty()) continue;
    std::sort(of_second.begin(), of_second.end());
    if (static_cast<std::size_t>(second) < series.size())
      series[static_cast<std::size_t>(second)] = quantile(of_second, 0.5);
    of_second.clear();
  }
  return series;
}

}  // namespace wanwise::sim
