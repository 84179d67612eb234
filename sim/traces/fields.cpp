#include "sim/traces/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace wanwise::sim {
namespace {

Fields split_blanks(std::string_view line) {
  Fields fields;
  std::size_t at = 0;
  while (fields.size() < kMaxFields) {
    at = line.find_first_not_of(" \t", at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = end;
  }
  return fields;
}

/// Takes `digits` digits off the front.
bool take_number(std::string_view& text, std::size_t digits, int& value) {
  if (text.size() < digits) return false;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + digits, value);
  if (problem != std::errc{} || end != text.data() + digits || value < 0) return false;
  text.remove_prefix(digits);
  return true;
}

bool take_one_of(std::string_view& text, std::string_view allowed) {
  if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
std::int64_t days_of(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = y / 400;
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

struct Separators {
  std::string_view date, between, clock;
};

std::optional<double> date_time(std::string_view& text, const Separators& s) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  const bool read =
      take_number(text, 4, year) && take_one_of(text, s.date) && take_number(text, 2, month) &&
      take_one_of(text, s.date) && take_number(text, 2, day) && take_one_of(text, s.between) &&
      take_number(text, 2, hour) && take_one_of(text, s.clock) && take_number(text, 2, minute) &&
      take_one_of(text, s.clock) && take_number(text, 2, second);
  if (!read || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
      second > 60)
    return std::nullopt;
  return static_cast<double>(days_of(year, month, day) * 86'400 + hour * 3600 + minute * 60 +
                             second);
}

}  // namespace

Fields split_fields(std::string_view line, char separator) {
  if (separator == ' ') return split_blanks(line);
  Fields fields;
  std::size_t at = 0;
  while (at <= line.size() && fields.size() < kMaxFields) {
    if (at < line.size() && line[at] == '"') {
      const std::size_t close = std::min(line.find('"', at + 1), line.size());
      fields.push_back(line.substr(at + 1, close - at - 1));
      at = std::min(line.find(separator, close), line.size()) + 1;
      continue;
    }
    const std::size_t end = std::min(line.find(separator, at), line.size());
    fields.push_back(trimmed(line.substr(at, end - at)));
    at = end + 1;
  }
  return fields;
}

char guess_separator(std::string_view line) {
  char best = ' ';
  std::ptrdiff_t most = 0;
  for (const char c : {',', ';', '\t'}) {
    const auto count = std::count(line.begin(), line.end(), c);
    if (count > most) {
      most = count;
      best = c;
    }
  }
  return best;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> to_number(std::string_view token) {
  double value = 0;
  const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (problem != std::errc{} || end != token.data() + token.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<std::int64_t> to_integer(std::string_view token, int base) {
  std::int64_t value = 0;
  const auto [end, problem] =
      std::from_chars(token.data(), token.data() + token.size(), value, base);
  if (problem != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return value;
}

std::optional<double> iso_seconds(std::string_view token) {
  auto seconds = date_time(token, {"-", "T ", ":"});
  if (!seconds) return std::nullopt;
  if (take_one_of(token, ".,")) {
    double unit = 0.1;
    bool any = false;
    while (!token.empty() && token.front() >= '0' && token.front() <= '9') {
      *seconds += unit * (token.front() - '0');
      unit /= 10;
      any = true;
      token.remove_prefix(1);
    }
    if (!any) return std::nullopt;
  }
  if (token.empty() || token == "Z") return seconds;
  const bool east = token.front() == '+';
  int hours = 0;
  int minutes = 0;
  if (!take_one_of(token, "+-") || !take_number(token, 2, hours)) return std::nullopt;
  (void)take_one_of(token, ":");
  if (!take_number(token, 2, minutes) || !token.empty()) return std::nullopt;
  return *seconds - (east ? 1 : -1) * (hours * 3600 + minutes * 60);
}

std::optional<double> ucc_seconds(std::string_view token) {
  const auto seconds = date_time(token, {".", "_", "."});
  return token.empty() ? seconds : std::nullopt;
}

std::optional<core::RadioAccess> to_access(std::string_view name) {
  using core::RadioAccess;
  static constexpr std::array<std::pair<std::string_view, RadioAccess>, 21> kNames{{
      {"", RadioAccess::none},         {"-", RadioAccess::none},
      {"none", RadioAccess::none},     {"GSM", RadioAccess::gsm},
      {"GPRS", RadioAccess::gsm},      {"EDGE", RadioAccess::gsm},
      {"2G", RadioAccess::gsm},        {"3G", RadioAccess::umts},
      {"UMTS", RadioAccess::umts},     {"HSPA", RadioAccess::umts},
      {"HSPA+", RadioAccess::umts},    {"HSDPA", RadioAccess::umts},
      {"HSUPA", RadioAccess::umts},    {"4G", RadioAccess::lte},
      {"LTE", RadioAccess::lte},       {"LTE-A", RadioAccess::lte},
      {"5G", RadioAccess::nr_nsa},     {"5G NSA", RadioAccess::nr_nsa},
      {"nr-nsa", RadioAccess::nr_nsa}, {"5G SA", RadioAccess::nr_sa},
      {"nr-sa", RadioAccess::nr_sa},
  }};
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (const auto& [text, access] : kNames)
    if (std::equal(text.begin(), text.end(), name.begin(), name.end(),
                   [&](char a, char b) { return lower(a) == lower(b); }))
      return access;
  return std::nullopt;
}

}  // namespace wanwise::sim
