#include "adapters/cli/units_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace wanwise::cli {
namespace {

/// Decimals of a value shown with three significant digits.
int decimals_of(double magnitude) {
  int decimals = 2;
  for (double limit = 9.995; decimals > 0 && magnitude >= limit; limit *= 10) --decimals;
  return decimals;
}

std::string without_trailing_zeros(std::string number) {
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number == "-0" ? "0" : number;
}

std::string decimal(double value, int decimals) {
  return without_trailing_zeros(fmt::format("{:.{}f}", value, decimals));
}

struct Unit {
  double size;
  std::string_view name;
};

/// In the largest unit that leaves a one before the point, counting what rounds up to it.
template <std::size_t N>
std::string in_units(std::int64_t count, const std::array<Unit, N>& units) {
  const double value = static_cast<double>(count);
  const double magnitude = std::abs(value);
  std::size_t chosen = 0;
  while (chosen + 1 < N && magnitude / units[chosen].size >= 999.5) ++chosen;
  const double shown = value / units[chosen].size;
  return fmt::format("{} {}", decimal(shown, decimals_of(std::abs(shown))), units[chosen].name);
}

/// "1 min 5 s", "2 h", "3 d 4 h": two steps of a duration from a minute up.
std::string long_duration(std::int64_t seconds) {
  struct Step {
    std::int64_t seconds;
    std::string_view name;
  };
  constexpr std::array<Step, 4> kSteps{{{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}}};
  const auto* large = std::find_if(kSteps.begin(), kSteps.end(),
                                   [&](const Step& step) { return seconds >= step.seconds; });
  const auto* small = large + 1;
  std::string out = fmt::format("{} {}", seconds / large->seconds, large->name);
  const std::int64_t rest = seconds % large->seconds / small->seconds;
  if (rest > 0) out += fmt::format(" {} {}", rest, small->name);
  return out;
}

}  // namespace

std::string text(core::Micros duration) {
  // From 59.95 s on, three digits would read as a minute.
  if (duration.count >= 59'950'000) {
    // Rounded without adding to a count that may be the largest there is.
    const bool up = duration.count % 1'000'000 >= 500'000;
    return long_duration(duration.count / 1'000'000 + (up ? 1 : 0));
  }
  constexpr std::array<Unit, 3> kUnits{{{1, "µs"}, {1e3, "ms"}, {1e6, "s"}}};
  return in_units(duration.count, kUnits);
}

std::string text(core::Bps rate) {
  constexpr std::array<Unit, 4> kUnits{{{1, "bps"}, {1e3, "kbps"}, {1e6, "Mbps"}, {1e9, "Gbps"}}};
  return in_units(rate.count, kUnits);
}

std::string text(core::Bytes size) {
  constexpr std::array<Unit, 5> kUnits{
      {{1, "B"}, {1e3, "KB"}, {1e6, "MB"}, {1e9, "GB"}, {1e12, "TB"}}};
  return in_units(size.count, kUnits);
}

std::string text(core::Ppm share) {
  const double percent = static_cast<double>(share.count) / 1e4;
  return decimal(percent, decimals_of(std::abs(percent))) + "%";
}

std::string text(core::MilliHz rate) {
  const double per_second = static_cast<double>(rate.count) / 1e3;
  // Below one a second, every digit there is: 0.004/s is a request every four minutes, not none.
  const int decimals = std::abs(per_second) < 1 ? 3 : decimals_of(std::abs(per_second));
  return decimal(per_second, decimals) + "/s";
}

std::string text(core::NanoUsd money) {
  const double usd = static_cast<double>(money.count) / 1e9;
  int decimals = decimals_of(std::abs(usd));
  // Small prices keep two significant digits, down to the unit's last.
  for (double limit = 0.095; decimals < 9 && usd != 0 && std::abs(usd) < limit; limit /= 10) {
    ++decimals;
  }
  return decimal(usd, decimals) + " USD";
}

std::string factor_text(core::Ppm factor) {
  const double times = static_cast<double>(factor.count) / 1e6;
  return decimal(times, decimals_of(std::abs(times))) + "x";
}

std::string dbm_text(core::MilliDb level) {
  return decimal(static_cast<double>(level.count) / 1e3, 1) + " dBm";
}

std::string db_text(core::MilliDb level) {
  return decimal(static_cast<double>(level.count) / 1e3, 1) + " dB";
}

std::string clock_text(core::Micros since) {
  return fmt::format("{:>6.1f} s", static_cast<double>(since.count) / 1e6);
}

std::string access_text(core::RadioAccess access) {
  switch (access) {
    case core::RadioAccess::none:
      return "no radio";
    case core::RadioAccess::gsm:
      return "GSM";
    case core::RadioAccess::umts:
      return "UMTS";
    case core::RadioAccess::lte:
      return "LTE";
    case core::RadioAccess::nr_nsa:
      return "5G NSA";
    case core::RadioAccess::nr_sa:
      return "5G SA";
  }
  return "no radio";
}

}  // namespace wanwise::cli
