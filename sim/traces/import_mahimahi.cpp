// mahimahi (mm-link(1)): a time in ms a line, each an opportunity of 1500 bytes.
#include "sim/traces/import_rows.hpp"

namespace wanwise::sim {
namespace {

// A pause that requests feel as an outage; it is data, no defect.
constexpr core::Micros kLongPause = core::seconds(1);

std::optional<Direction> direction_of(std::string_view name) {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  if (name.ends_with(".up")) return Direction::uplink;
  if (name.ends_with(".down")) return Direction::downlink;
  return std::nullopt;
}

struct Pauses {
  std::int64_t count = 0;
  core::Micros longest, at;
  void add(core::Micros from, core::Micros to) {
    if (to - from <= kLongPause) return;
    ++count;
    if (to - from <= longest) return;
    longest = to - from;
    at = from;
  }
};

std::string seconds_text(core::Micros t) {
  return std::to_string(t.count / 1'000'000) + "." + std::to_string(t.count / 100'000 % 10) + " s";
}

}  // namespace

core::Expected<ImportedTrace> import_mahimahi(std::string_view text, const std::string& name,
                                              const ImportOptions& options) {
  const auto direction = options.direction ? options.direction : direction_of(name);
  if (!direction)
    return core::fail("trace-direction",
                      name +
                          ": which direction it is stands neither in its name (.up, .down) nor "
                          "in --direction");
  ImportedTrace result;
  std::vector<core::Micros> list;
  Pauses pauses;
  Lines lines(text);
  std::string_view line;
  core::Micros last;
  while (lines.next(line)) {
    const std::string_view token = trimmed(line);
    if (token.empty()) continue;
    const auto ms = to_integer(token);
    if (!ms || *ms < 0 || *ms > kMaxTracePeriod.count / 1000)
      return trace_invalid(name, lines.number(),
                           quoted(token) +
                               " is not a time (allowed: milliseconds since the start, 0 to " +
                               std::to_string(kMaxTracePeriod.count / 1000) + ")");
    const core::Micros at = core::milliseconds(*ms);
    ++result.report.rows;
    if (at < last) {
      result.report.add(DefectKind::time_back, "time", lines.number(), token);
      continue;
    }
    if (list.size() == kMaxOpportunities)
      return trace_invalid(name, lines.number(),
                           "more than " + std::to_string(kMaxOpportunities) + " opportunities");
    pauses.add(last, at);
    last = at;
    list.push_back(at);
  }
  if (list.empty()) return core::fail("trace-invalid", name + ": holds no delivery opportunity");
  if (last.count == 0) return trace_invalid(name, lines.number(), "the last time is 0: no length");
  result.file.period = last;  // mm-link begins again at the last opportunity's time
  (*direction == Direction::uplink ? result.file.uplink : result.file.downlink).opportunities =
      std::move(list);
  if (pauses.count > 0)
    result.report.remarks.push_back(
        std::to_string(pauses.count) + " pauses without delivery beyond 1 s, the longest " +
        seconds_text(pauses.longest) + " from " + seconds_text(pauses.at) + " on");
  return result;
}

}  // namespace wanwise::sim
