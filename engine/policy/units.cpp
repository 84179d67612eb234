#include "engine/policy/units.hpp"

#include <algorithm>
#include <optional>

#include "engine/policy/report.hpp"

namespace wanwise::policy {
namespace {

/// One way to write a unit: `multiplier / divisor` core units each.
struct Spelling {
  std::string_view text;
  std::int64_t multiplier;
  std::int64_t divisor = 1;
};

struct UnitTable {
  std::string_view description;
  std::string_view example;
  std::vector<Spelling> spellings;  ///< small to large
};

/// Wide enough that 18 digits times any multiplier never overflow: 1e18 * 3.6e12 < 2^127.
__extension__ using Wide = __int128;

constexpr std::size_t kMaxDigits = 18;

const UnitTable& table(Unit unit) {
  static const UnitTable durations{
      "a duration",
      "100ms",
      {{"us", 1}, {"ms", 1'000}, {"s", 1'000'000}, {"min", 60'000'000}, {"h", 3'600'000'000}}};
  static const UnitTable rates{
      "a bit rate",
      "20Mbps",
      {{"bps", 1}, {"kbps", 1'000}, {"Mbps", 1'000'000}, {"Gbps", 1'000'000'000}}};
  static const UnitTable sizes{"a size",
                               "45KB",
                               {{"B", 1},
                                {"KB", 1'000},
                                {"KiB", 1'024},
                                {"MB", 1'000'000},
                                {"MiB", 1'048'576},
                                {"GB", 1'000'000'000},
                                {"GiB", 1'073'741'824}}};
  static const UnitTable shares{"a percentage", "10%", {{"%", 10'000}}};
  static const UnitTable percents{"a whole percentage", "30%", {{"%", 1}}};
  // 1/min is 16.67 requests per 1000 s, 1/h is 0.28.
  static const UnitTable request_rates{
      "a request rate", "10/s", {{"/h", 10, 36}, {"/min", 100, 6}, {"/s", 1'000}}};
  static const UnitTable per_gb{"a price per gigabyte", "4 USD/GB", {{"USD/GB", 1'000'000'000}}};
  static const UnitTable per_hour{"a price per hour", "0.53 USD/h", {{"USD/h", 1'000'000'000}}};
  static const UnitTable factors{"a factor", "1.5x", {{"x", 1'000'000}}};
  switch (unit) {
    case Unit::duration:
      return durations;
    case Unit::rate:
      return rates;
    case Unit::size:
      return sizes;
    case Unit::share:
      return shares;
    case Unit::percent:
      return percents;
    case Unit::request_rate:
      return request_rates;
    case Unit::usd_per_gb:
      return per_gb;
    case Unit::usd_per_hour:
      return per_hour;
    case Unit::factor:
      return factors;
  }
  return durations;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits without the point and how many of them stand behind it.
struct Decimal {
  std::int64_t digits = 0;
  std::size_t behind_point = 0;
};

/// Takes [0-9]+(.[0-9]+)? without a superfluous leading zero.
std::optional<Decimal> parse_decimal(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string_view fraction;
  if (point != std::string_view::npos) {
    fraction = text.substr(point + 1);
    if (fraction.empty()) return std::nullopt;
  }
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0')) return std::nullopt;
  if (!std::all_of(whole.begin(), whole.end(), is_digit) ||
      !std::all_of(fraction.begin(), fraction.end(), is_digit)) {
    return std::nullopt;
  }
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  if (whole.size() + fraction.size() > kMaxDigits) return std::nullopt;
  Decimal decimal{0, fraction.size()};
  for (const char c : whole) decimal.digits = decimal.digits * 10 + (c - '0');
  for (const char c : fraction) decimal.digits = decimal.digits * 10 + (c - '0');
  return decimal;
}

/// decimal * spelling in core units, or why not.
core::Expected<std::int64_t, UnitError> scale(Unit unit, Decimal decimal,
                                              const Spelling& spelling) {
  Wide divisor = spelling.divisor;
  for (std::size_t i = 0; i < decimal.behind_point; ++i) divisor *= 10;
  const Wide scaled = Wide{decimal.digits} * spelling.multiplier;
  Wide count = scaled / divisor;
  const Wide remainder = scaled % divisor;
  if (remainder != 0) {
    if (spelling.divisor == 1) {
      const std::string finest = unit == Unit::request_rate ? "0.001/s" : format_quantity(unit, 1);
      return core::Unexpected{UnitError{"is finer than " + finest, "multiples of " + finest}};
    }
    if (remainder * 2 >= divisor) ++count;
  }
  if (count > Wide{INT64_MAX}) {
    return core::Unexpected{UnitError{"is too large", allowed_units(unit)}};
  }
  return static_cast<std::int64_t>(count);
}

}  // namespace

core::Expected<std::int64_t, UnitError> parse_quantity(Unit unit, std::string_view text) {
  const auto wrong = [&](std::string message) {
    return core::Unexpected{UnitError{std::move(message), allowed_units(unit)}};
  };
  const auto end =
      std::find_if_not(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  const std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  std::string_view suffix = text.substr(number.size());
  if (suffix.starts_with(' ')) suffix.remove_prefix(1);
  if (text.starts_with('-')) return wrong("is negative");
  const auto decimal = parse_decimal(number);
  if (!decimal) return wrong("is not " + std::string{describe(unit)});
  if (suffix.empty()) return wrong("has no unit");
  std::vector<std::string> known;
  for (const Spelling& spelling : table(unit).spellings) {
    if (spelling.text == suffix) return scale(unit, *decimal, spelling);
    known.emplace_back(spelling.text);
  }
  return wrong("has unknown unit " + in_quotes(suffix) + did_you_mean(suffix, known));
}

core::Expected<core::DataCap, UnitError> parse_data_cap(std::string_view text) {
  struct Period {
    std::string_view name;
    std::int64_t days;
  };
  static constexpr Period kPeriods[] = {{"day", 1}, {"week", 7}, {"month", 30}};
  constexpr std::int64_t kDay = 86'400;
  const std::string allowed = "20GB/month; periods: day, week, month";
  const auto slash = text.find('/');
  const auto size = parse_quantity(Unit::size, text.substr(0, slash));
  if (!size) return core::Unexpected{UnitError{size.error().message, allowed}};
  if (*size == 0) return core::Unexpected{UnitError{"is nothing", allowed}};
  if (slash == std::string_view::npos) {
    return core::Unexpected{UnitError{"has no period", allowed}};
  }
  const std::string_view name = text.substr(slash + 1);
  for (const Period& period : kPeriods) {
    if (period.name == name) {
      return core::DataCap{core::Bytes{*size}, core::seconds(period.days * kDay)};
    }
  }
  return core::Unexpected{UnitError{"has unknown period " + in_quotes(name), allowed}};
}

std::string format_quantity(Unit unit, std::int64_t count) {
  const auto& spellings = table(unit).spellings;
  const bool spaced = unit == Unit::usd_per_gb || unit == Unit::usd_per_hour;
  const auto written = [&](std::string number, const Spelling& spelling) {
    return std::move(number) + (spaced ? " " : "") + std::string{spelling.text};
  };
  for (auto it = spellings.rbegin(); it != spellings.rend(); ++it) {
    if (it->divisor == 1 && count != 0 && count % it->multiplier == 0) {
      return written(std::to_string(count / it->multiplier), *it);
    }
  }
  // The smallest spelling that divides a power of ten, as a decimal fraction of it.
  const auto base = std::find_if(spellings.begin(), spellings.end(),
                                 [](const auto& spelling) { return spelling.divisor == 1; });
  std::string fraction = std::to_string(count % base->multiplier + base->multiplier).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  std::string whole = std::to_string(count / base->multiplier);
  return written(fraction.empty() ? whole : whole + '.' + fraction, *base);
}

std::string_view describe(Unit unit) {
  return table(unit).description;
}

std::string allowed_units(Unit unit) {
  const UnitTable& units = table(unit);
  std::vector<std::string> names;
  for (const Spelling& spelling : units.spellings) names.emplace_back(spelling.text);
  return std::string{units.example} + "; units: " + listed(names);
}

}  // namespace wanwise::policy
