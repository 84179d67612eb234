// What a trace file holds, in figures: what `wanwise trace info` prints. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/traces/statistics.hpp"
#include "sim/world/air/trace_file.hpp"

namespace wanwise::sim {

struct SeriesInfo {
  std::string name;         ///< uplink, downlink, rsrp, rsrq, sinr, rssi, rtt
  std::string unit;         ///< Mb/s, dBm, dB, ms
  std::size_t points = 0;   ///< as recorded
  double step_seconds = 0;  ///< median between them
  std::size_t gaps = 0;     ///< steps without a point or with an unknown one, beyond 1.8 times that
  double longest_gap_seconds = 0;
  Summary summary;  ///< rates: of whole seconds; radio and round trips: of the points
  std::optional<double> after_1, after_10;  ///< autocorrelation of whole seconds
};

/// Of one direction.
struct DeliveryInfo {
  std::string name;
  std::size_t dead_seconds = 0;  ///< whole seconds without any delivery
  std::size_t known_seconds = 0;
  double longest_pause_seconds = 0;  ///< without an opportunity, or at rate 0; 0: none of 100 ms
};

struct CorrelationInfo {
  std::string a, b;
  Correlation correlation;
};

struct TraceInfo {
  std::string source, licence, origin, meaning;
  double seconds = 0;
  std::vector<SeriesInfo> series;
  std::vector<DeliveryInfo> delivery;
  std::optional<double> handovers_per_minute;  ///< changes of the cell; nothing without cells
  std::vector<std::pair<std::string, double>> access_shares;  ///< of the time with a reading
  double out_of_service_share = 0;
  std::size_t probes = 0, probes_lost = 0;
  std::vector<CorrelationInfo> correlations;  ///< of whole seconds
};

[[nodiscard]] TraceInfo info_of(const TraceFile& file);

/// Cells changed between two readings that both know theirs.
[[nodiscard]] std::vector<core::Micros> handovers_of(const std::vector<RadioPoint>& radio);
/// Stretches without any delivery of at least `shortest`: begin and end.
[[nodiscard]] std::vector<std::pair<core::Micros, core::Micros>> pauses_of(const TraceRates& rates,
                                                                           core::Micros period,
                                                                           core::Micros shortest);

}  // namespace wanwise::sim
