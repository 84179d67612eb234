#include <charconv>

#include "sim/world/air/trace.hpp"
#include "sim/world/air/trace_file.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

// Thirty days; beyond it a number is not a time of a recording.
constexpr std::int64_t kMaxMilliseconds = std::int64_t{30} * 24 * 3600 * 1000;
// A pause that requests feel as an outage.
constexpr std::int64_t kGapMilliseconds = 1000;

std::string seconds_text(std::int64_t ms) {
  const std::string tenths = std::to_string(ms % 1000 / 100);
  return std::to_string(ms / 1000) + "." + tenths + " s";
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

core::Expected<LoadedRate> read_rate_trace(const std::string& name) {
  const auto [path, direction] = split_direction(name);
  const auto text = read_text(path);
  if (!text) return core::Unexpected<core::Error>{text.error()};
  if (is_trace_file(*text)) {
    const auto file = parse_trace(*text, path);
    if (!file) return core::Unexpected<core::Error>{file.error()};
    return rate_of(*file, direction, path);
  }
  LoadedRate loaded;
  NoteBook notes;
  Lines lines(*text);
  std::string_view line;
  std::int64_t last = 0;
  while (lines.next(line)) {
    const std::string_view token = trim(line);
    if (token.empty()) continue;
    std::int64_t ms = 0;
    const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), ms);
    if (problem != std::errc{} || end != token.data() + token.size() || ms < 0 ||
        ms > kMaxMilliseconds)
      return trace_invalid(path, lines.number(),
                           quoted(token) +
                               " is not a time (allowed: milliseconds since the start, 0 to " +
                               std::to_string(kMaxMilliseconds) + ")");
    if (ms < last)
      return trace_invalid(path, lines.number(),
                           std::to_string(ms) + " comes after " + std::to_string(last) +
                               " (allowed: times that do not go back)");
    if (ms - last > kGapMilliseconds)
      notes.add(lines.number(), "no delivery for " + seconds_text(ms - last) + " from " +
                                    seconds_text(last) + " on");
    last = ms;
    loaded.trace.opportunities.push_back(core::milliseconds(ms));
  }
  if (loaded.trace.opportunities.empty())
    return core::fail("trace-invalid", path + ": holds no delivery opportunity");
  if (last == 0) return trace_invalid(path, lines.number(), "the last time is 0: no length");
  // mm-link begins again at the last opportunity's time.
  loaded.trace.period = core::milliseconds(last);
  loaded.notes = notes.take();
  return loaded;
}

}  // namespace wanwise::sim
