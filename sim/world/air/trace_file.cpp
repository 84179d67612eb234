#include "sim/world/air/trace_file.hpp"

#include <algorithm>

#include "sim/world/kernel/text_file.hpp"
#include "sim/world/network/packet.hpp"

namespace wanwise::sim {
namespace {

// 1500 bytes in the unit of "bits per second times microseconds".
constexpr std::int64_t kOpportunity = std::int64_t{kMtu} * 8 * 1'000'000;

core::Micros unknown_time(const std::vector<RatePoint>& steps, core::Micros period) {
  core::Micros sum;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (!steps[i].rate)
      sum += (i + 1 < steps.size() ? steps[i + 1].offset : period) - steps[i].offset;
  return sum;
}

std::string tenths(core::Micros t) {
  return std::to_string(t.count / 1'000'000) + "." + std::to_string(t.count / 100'000 % 10) + " s";
}

core::Unexpected<core::Error> invalid(const std::string& path, const std::string& message) {
  return core::fail("trace-invalid", path + ": " + message);
}

}  // namespace

std::pair<std::string, std::optional<Direction>> split_direction(const std::string& name) {
  for (const Direction direction : {Direction::uplink, Direction::downlink}) {
    const std::string suffix = std::string("#") + name_of(direction);
    if (name.size() > suffix.size() && name.ends_with(suffix))
      return {name.substr(0, name.size() - suffix.size()), direction};
  }
  return {name, std::nullopt};
}

core::Expected<RateTrace> opportunities_of(const std::vector<RatePoint>& steps,
                                           core::Micros period) {
  RateTrace trace;
  trace.period = period;
  const auto known = std::find_if(steps.begin(), steps.end(),
                                  [](const RatePoint& p) { return p.rate.has_value(); });
  std::int64_t rate = known == steps.end() ? 0 : known->rate->count;
  std::int64_t gathered = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].rate) rate = steps[i].rate->count;
    const core::Micros end = i + 1 < steps.size() ? steps[i + 1].offset : period;
    core::Micros at = steps[i].offset;
    while (rate > 0) {
      const std::int64_t wait = (kOpportunity - gathered + rate - 1) / rate;
      if (wait > (end - at).count) break;
      at += core::Micros{wait};
      gathered += wait * rate - kOpportunity;
      if (trace.opportunities.size() == kMaxOpportunities)
        return core::fail("trace-invalid", "more than " + std::to_string(kMaxOpportunities) +
                                               " opportunities of 1500 bytes");
      trace.opportunities.push_back(at);
    }
    gathered += (end - at).count * rate;
  }
  if (trace.opportunities.empty())
    return core::fail("trace-invalid", "its rate never carries one packet");
  return trace;
}

core::Expected<LoadedRate> rate_of(const TraceFile& file, std::optional<Direction> direction,
                                   const std::string& path) {
  if (!direction) {
    if (!file.uplink.empty() && !file.downlink.empty())
      return invalid(path, "has both directions (allowed: PATH#uplink, PATH#downlink)");
    direction = file.uplink.empty() ? Direction::downlink : Direction::uplink;
  }
  const TraceRates& rates = *direction == Direction::uplink ? file.uplink : file.downlink;
  if (rates.empty()) return invalid(path, std::string("has no ") + name_of(*direction) + " rate");
  if (file.meaning == RateMeaning::carried)
    return invalid(path,
                   "its rates are what was carried, not what the link could carry (allowed: "
                   "capacity, throughput)");
  LoadedRate loaded;
  NoteBook notes;
  if (file.meaning == RateMeaning::throughput)
    notes.add("rates are one transfer's throughput: a lower bound of the capacity");
  if (!rates.opportunities.empty()) {
    loaded.trace = {rates.opportunities, file.period};
  } else {
    auto made = opportunities_of(rates.steps, file.period);
    if (!made) return invalid(path, made.error().message);
    loaded.trace = std::move(*made);
    const core::Micros unknown = unknown_time(rates.steps, file.period);
    if (unknown.count > 0)
      notes.add(tenths(unknown) + " of " + tenths(file.period) +
                " have no rate; the last one holds");
  }
  loaded.notes = notes.take();
  return loaded;
}

core::Expected<LoadedRadio> radio_of(const TraceFile& file, const std::string& path) {
  if (file.radio.empty()) return invalid(path, "has no radio values");
  LoadedRadio loaded;
  loaded.trace = {file.radio, file.period};
  return loaded;
}

}  // namespace wanwise::sim
