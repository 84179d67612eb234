#include "engine/core/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::core {
namespace {

/// `value` in units of `unit`, with `decimals` digits behind the point, none of them a trailing
/// zero.
std::string decimal(std::int64_t value, std::int64_t unit, int decimals) {
  const bool negative = value < 0;
  std::int64_t scale = 1;
  for (int d = 0; d < decimals; ++d) scale *= 10;
  const std::int64_t magnitude = negative ? -value : value;
  std::int64_t whole = magnitude / unit;
  std::int64_t fraction = (magnitude % unit * scale + unit / 2) / unit;
  if (fraction == scale) {
    ++whole;
    fraction = 0;
  }
  std::string digits = std::to_string(fraction);
  digits.insert(0,
                static_cast<std::size_t>(decimals) -
                    std::min(digits.size(), static_cast<std::size_t>(decimals)),
                '0');
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  std::string out = (negative ? "-" : "") + std::to_string(whole);
  if (!digits.empty() && decimals > 0) out += "." + digits;
  return out;
}

struct Step {
  std::int64_t from;
  std::string_view name;
};

template <std::size_t N>
std::string stepped(std::int64_t value, const std::array<Step, N>& steps) {
  for (const Step& step : steps) {
    if (value >= step.from) return decimal(value, step.from, 1) + " " + std::string{step.name};
  }
  return std::to_string(value) + " " + std::string{steps.back().name};
}

}  // namespace

std::string text(Micros time) {
  if (time >= kNever) return "never";
  const bool precise = time < milliseconds(10);
  if (time < seconds(10)) return decimal(time.count, 1'000, precise ? 1 : 0) + " ms";
  return decimal(time.count, 1'000'000, 1) + " s";
}

std::string text(Bps rate) {
  static constexpr std::array<Step, 4> kSteps{
      {{1'000'000'000, "Gbps"}, {1'000'000, "Mbps"}, {1'000, "kbps"}, {1, "bps"}}};
  return stepped(rate.count, kSteps);
}

std::string text(MilliHz rate) {
  return decimal(rate.count, 1'000, 1) + "/s";
}

std::string text(Ppm share) {
  return decimal(share.count, 10'000, 1) + " %";
}

std::string text(NanoUsd money) {
  return decimal(money.count, 1'000'000'000, 4) + " USD";
}

std::string text(Bytes size) {
  static constexpr std::array<Step, 4> kSteps{
      {{1'000'000'000, "GB"}, {1'000'000, "MB"}, {1'000, "KB"}, {1, "B"}}};
  return stepped(size.count, kSteps);
}

}  // namespace wanwise::core
