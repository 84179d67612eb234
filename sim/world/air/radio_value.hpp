// Whether a number from a recording can be the radio value its column says: the one judgement all
// readers share. Pure; any thread.
#pragma once

#include <optional>

namespace wanwise::sim {

/// A radio value's reported range. `sentinels`: -140 and -200 stand for "no signal".
struct RadioRange {
  const char* name;
  double low, high;
  bool sentinels = false;
};

// 3GPP TS 36.133 9.1.4 and 9.1.7, 38.133 10.1.6, 10.1.11 and 10.1.16 (RSRP -156 to -31 dBm, RSRQ
// -43 to 20 dB, SINR -23 to 40 dB); RSSI as AT+CSQ has it (27.007 8.5), with room for modems that
// report beyond its ends.
inline constexpr RadioRange kRsrpRange{"rsrp", -156, -31, true};
inline constexpr RadioRange kRsrqRange{"rsrq", -43, 20};
inline constexpr RadioRange kSinrRange{"sinr", -23, 40};
inline constexpr RadioRange kRssiRange{"rssi", -125, -25};

enum class RadioDoubt { none, no_signal, tenths, minus_sign, range };

struct JudgedValue {
  std::optional<double> value;  ///< only without a doubt
  RadioDoubt doubt = RadioDoubt::none;
};

/// `unit`: what the column's number is divided by (10 for tenths of a dB).
[[nodiscard]] JudgedValue judge_radio(double raw, const RadioRange& range, double unit = 1);

}  // namespace wanwise::sim
