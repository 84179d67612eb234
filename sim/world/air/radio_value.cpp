#include "sim/world/air/radio_value.hpp"

#include <algorithm>
#include <array>

namespace wanwise::sim {
namespace {

// What modems write for "no signal" and "no value".
constexpr std::array<double, 2> kSentinels{-140, -200};

}  // namespace

JudgedValue judge_radio(double raw, const RadioRange& range, double unit) {
  if (range.sentinels && std::find(kSentinels.begin(), kSentinels.end(), raw) != kSentinels.end())
    return {std::nullopt, RadioDoubt::no_signal};
  const double value = raw / unit;
  // RSRQ below -3 dB in tenths is below -30: a small one was written in whole dB.
  if (unit == 10 && value > -3 && value < 0 && raw <= -3) return {std::nullopt, RadioDoubt::tenths};
  if (value > 0 && range.high < 0 && -value >= range.low && -value <= range.high)
    return {std::nullopt, RadioDoubt::minus_sign};
  if (value < range.low || value > range.high) return {std::nullopt, RadioDoubt::range};
  return {value, RadioDoubt::none};
}

}  // namespace wanwise::sim
