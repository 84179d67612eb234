#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "sim/world/air/trace.hpp"
#include "sim/world/kernel/text_file.hpp"

namespace wanwise::sim {
namespace {

using Nanoseconds = std::int64_t;

constexpr Nanoseconds kSecond = 1'000'000'000;
// Thirty days; beyond it a number is not a time of one recording.
constexpr std::int64_t kMaxSeconds = std::int64_t{30} * 86'400;
// A silence longer than this many mean intervals, and than a minute, is worth a note.
constexpr std::int64_t kGapIntervals = 20;
constexpr Nanoseconds kLeastGap = 60 * kSecond;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A whole number of exactly these digits.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || text.front() == '-')
    return std::nullopt;
  return value;
}

/// ".25" or "" as nanoseconds.
std::optional<Nanoseconds> decimals(std::string_view text) {
  if (text.empty()) return 0;
  if (text.size() < 2 || text.size() > 10 || text.front() != '.') return std::nullopt;
  Nanoseconds value = 0;
  Nanoseconds unit = kSecond;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    unit /= 10;
    value += (c - '0') * unit;
  }
  return value;
}

/// "12.5": seconds.
std::optional<Nanoseconds> offset(std::string_view text) {
  const auto dot = std::min(text.find('.'), text.size());
  if (dot == 0 || dot > 7) return std::nullopt;
  const auto whole = digits(text.substr(0, dot));
  const auto part = decimals(text.substr(dot));
  if (!whole || !part || *whole > kMaxSeconds) return std::nullopt;
  return *whole * kSecond + *part;
}

/// "2023-11-16 18:17:03.9799600", as UTC; "+00:00" and "Z" may follow.
std::optional<Nanoseconds> timestamp(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00 00:00:00";
  for (const std::string_view utc : {"+00:00", "Z"})
    if (text.size() > kShape.size() && text.substr(text.size() - utc.size()) == utc)
      text.remove_suffix(utc.size());
  if (text.size() < kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool fits = text[i] == kShape[i] || (i == 10 && text[i] == 'T');
    if (kShape[i] == '0' ? !digit : !fits) return std::nullopt;
  }
  const auto at = [&](std::size_t begin, std::size_t length) {
    return *digits(text.substr(begin, length));
  };
  const std::chrono::year_month_day day{std::chrono::year{at(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(at(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(at(8, 2))}};
  const int hour = at(11, 2), minute = at(14, 2), second = at(17, 2);
  const auto part = decimals(text.substr(kShape.size()));
  if (!day.ok() || hour > 23 || minute > 59 || second > 59 || !part) return std::nullopt;
  // Nanoseconds since 1970 fit until 2262.
  if (day.year() < std::chrono::year{1970} || day.year() > std::chrono::year{2200})
    return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{day}.time_since_epoch().count();
  return (days * 86'400 + hour * 3'600 + minute * 60 + second) * kSecond + *part;
}

struct Format {
  const char* says;
  std::optional<Nanoseconds> (*parse)(std::string_view);
  bool first_column;
};
constexpr Format kAzure{"a time (allowed: YYYY-MM-DD HH:MM:SS.fffffff)", timestamp, true};
constexpr Format kPlain{"an offset (allowed: seconds, 0 to 2592000, with up to 9 decimals)", offset,
                        false};

std::string seconds_text(Nanoseconds ns) {
  return std::to_string(ns / kSecond) + "." + std::to_string(ns % kSecond / (kSecond / 10)) + " s";
}

core::Expected<std::vector<Nanoseconds>> read_times(const std::string& path,
                                                    const std::string& text) {
  std::vector<Nanoseconds> times;
  Lines lines(text);
  std::string_view line;
  const Format* format = nullptr;
  while (lines.next(line)) {
    std::string_view token = trim(line);
    if (token.empty()) continue;
    if (format == nullptr) {
      format = token.substr(0, 9) == "TIMESTAMP" ? &kAzure : &kPlain;
      if (format->first_column) continue;
    }
    if (format->first_column) token = token.substr(0, token.find(','));
    const auto time = format->parse(token);
    if (!time)
      return trace_invalid(path, lines.number(), quoted(token) + " is not " + format->says);
    if (!times.empty() && *time < times.back())
      return trace_invalid(path, lines.number(),
                           quoted(token) +
                               " comes before the line above (allowed: times that do "
                               "not go back)");
    if (!times.empty() && *time - times.front() > kMaxSeconds * kSecond)
      return trace_invalid(path, lines.number(),
                           quoted(token) + " is more than 30 days after the first request");
    times.push_back(*time);
  }
  return times;
}

}  // namespace

core::Expected<LoadedArrivals> read_arrivals(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return core::Unexpected<core::Error>{text.error()};
  const auto times = read_times(path, *text);
  if (!times) return core::Unexpected<core::Error>{times.error()};
  if (times->size() < 2)
    return core::fail("trace-invalid", path + ": holds " + std::to_string(times->size()) +
                                           " requests (allowed: 2 and more)");
  const Nanoseconds span = times->back() - times->front();
  const Nanoseconds interval = span / static_cast<std::int64_t>(times->size() - 1);
  if (interval < 1'000)
    return core::fail("trace-invalid", path + ": more than a million requests a second");
  LoadedArrivals loaded;
  NoteBook notes;
  for (std::size_t i = 0; i < times->size(); ++i) {
    const Nanoseconds since = (*times)[i] - times->front();
    loaded.trace.offsets.push_back(core::Micros{since / 1'000});
    const Nanoseconds gap = i == 0 ? 0 : (*times)[i] - (*times)[i - 1];
    if (gap > kLeastGap && gap > kGapIntervals * interval)
      notes.add("no request for " + seconds_text(gap) + " from " + seconds_text(since - gap) +
                " on");
  }
  loaded.trace.period = core::Micros{(span + interval) / 1'000};
  loaded.notes = notes.take();
  return loaded;
}

}  // namespace wanwise::sim
