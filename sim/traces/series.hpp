// A trace's values as series of one value a second, for statistics and plots. Pure; any thread.
#pragma once

#include "sim/traces/statistics.hpp"
#include "sim/world/air/trace_file.hpp"

namespace wanwise::sim {

enum class RadioField { rsrp, rsrq, sinr, rssi };
inline constexpr RadioField kRadioFields[] = {RadioField::rsrp, RadioField::rsrq, RadioField::sinr,
                                              RadioField::rssi};

[[nodiscard]] const char* name_of(RadioField field);
[[nodiscard]] const char* unit_of(RadioField field);
[[nodiscard]] double value_of(const RadioReading& reading, RadioField field);  ///< or kUnknown

/// Mb/s in each whole second. A second of steps is known when at least half of it is.
[[nodiscard]] Series rate_seconds(const TraceRates& rates, core::Micros period);
/// The reading that holds at each whole second, unknown where the last is older than `hold`.
[[nodiscard]] Series radio_seconds(const std::vector<RadioPoint>& radio, RadioField field,
                                   core::Micros period, core::Micros hold = core::seconds(3));
/// Median of the second's round trips, in ms.
[[nodiscard]] Series rtt_seconds(const std::vector<RttPoint>& rtt, core::Micros period);

}  // namespace wanwise::sim
