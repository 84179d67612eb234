#include "adapters/iosxe/read/event_time.hpp"

#include <algorithm>
#include <charconv>

namespace wanwise::iosxe {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

/// Days since 1970-01-01 of a date of the Gregorian calendar (the usual era arithmetic, with years
/// that begin in March).
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = year / 400;
  const std::int64_t year_of_era = year % 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

/// Takes `digits` digits off the front of `text`.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text.data() + digits;
  const auto [stop, wrong] = std::from_chars(text.data(), end, value);
  if (wrong != std::errc{} || stop != end || text.front() == '-') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

/// ".123" -> 123000 and the weight of its last digit; no more than microseconds count.
RouterTime take_fraction(std::string_view& text) {
  if (!take(text, '.')) return {0, core::Micros{kSecond}};
  RouterTime fraction{0, core::Micros{kSecond}};
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (fraction.resolution.count > 1) {
      fraction.resolution = fraction.resolution / 10;
      fraction.micros += (text.front() - '0') * fraction.resolution.count;
    }
    text.remove_prefix(1);
  }
  return fraction;
}

/// Seconds east of UTC: "Z", "+02:00". Nothing may follow.
std::optional<std::int64_t> read_zone(std::string_view text) {
  if (text == "Z") return 0;
  const bool east = text.starts_with('+');
  if (!east && !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return east ? seconds : -seconds;
}

}  // namespace

std::optional<RouterTime> parse_router_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, 'T')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second) return std::nullopt;
  const bool sane = *year >= 1970 && *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31 &&
                    *hour <= 23 && *minute <= 59 && *second <= 60;
  if (!sane) return std::nullopt;
  const RouterTime fraction = take_fraction(text);
  const auto zone = read_zone(text);
  if (!zone) return std::nullopt;
  const std::int64_t seconds =
      days_from_civil(*year, *month, *day) * 86'400 + *hour * 3600 + *minute * 60 + *second - *zone;
  return RouterTime{seconds * kSecond + fraction.micros, fraction.resolution};
}

std::optional<std::int64_t> ClockOffset::offset() const {
  if (m_slices.empty()) return std::nullopt;
  return std::min_element(m_slices.begin(), m_slices.end(),
                          [](const Slice& a, const Slice& b) { return a.smallest < b.smallest; })
      ->smallest;
}

core::Instant ClockOffset::observe(const RouterTime& event, core::Instant received) {
  const std::int64_t difference = received.micros - event.micros;
  while (!m_slices.empty() && m_slices.front().start <= received.micros - kWindow.count)
    m_slices.pop_front();
  if (m_slices.empty() || received.micros - m_slices.back().start >= kSlice.count) {
    m_slices.push_back({received.micros, difference});
  } else {
    m_slices.back().smallest = std::min(m_slices.back().smallest, difference);
  }
  const std::int64_t held_up = difference - *offset();
  // A time cut to whole seconds says nothing about what happened within one.
  const bool within_a_tick = event.resolution.count >= kSecond && held_up < event.resolution.count;
  return within_a_tick ? received : received - core::Micros{held_up};
}

}  // namespace wanwise::iosxe
