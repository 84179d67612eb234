#include "adapters/kubernetes/api/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace wanwise::kubernetes {
namespace {

/// What one unit of the suffix is; nothing for what is no suffix.
std::optional<double> factor_of(std::string_view suffix) {
  static constexpr std::array<std::pair<std::string_view, double>, 16> kSuffixes{{{"", 1.0},
                                                                                  {"n", 1e-9},
                                                                                  {"u", 1e-6},
                                                                                  {"m", 1e-3},
                                                                                  {"k", 1e3},
                                                                                  {"M", 1e6},
                                                                                  {"G", 1e9},
                                                                                  {"T", 1e12},
                                                                                  {"P", 1e15},
                                                                                  {"E", 1e18},
                                                                                  {"Ki", 0x1p10},
                                                                                  {"Mi", 0x1p20},
                                                                                  {"Gi", 0x1p30},
                                                                                  {"Ti", 0x1p40},
                                                                                  {"Pi", 0x1p50},
                                                                                  {"Ei", 0x1p60}}};
  for (const auto& [name, factor] : kSuffixes) {
    if (name == suffix) return factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_quantity(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  // "1E" is an exa and "1E3" a thousand: from_chars takes an exponent only where digits follow.
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  const auto factor = factor_of({rest, static_cast<std::size_t>(end - rest)});
  if (!factor) return std::nullopt;
  const double milli = std::ceil(number * *factor * 1000.0 - 1e-6);
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (milli >= static_cast<double>(kMost)) return kMost;
  if (milli <= -static_cast<double>(kMost)) return -kMost;
  return static_cast<std::int64_t>(milli);
}

}  // namespace wanwise::kubernetes
