// What was predicted for a workload at a place it took, and what then happened there. A snapshot
// for people, kept per stay; nothing in it feeds back. Value type.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/forecast.hpp"
#include "engine/core/place.hpp"

namespace wanwise::core {

/// Why a stay ended.
enum class StayEnd : std::uint8_t {
  none,          ///< it runs there still
  target_lost,   ///< dead, drained, or no path leads there any more
  missed,        ///< more requests were late than the objective allows
  late,          ///< predicted to break the objective
  better_place,  ///< another place was better, for itself or to make room
  by_others,     ///< somebody other than wanwise moved or stopped it
};

struct PredictionRecord {
  Instant decided_at;
  Instant since;  ///< it runs there
  Place place;
  Ppm quantile{990'000};  ///< of the objective
  Micros objective;
  std::optional<Forecast> predicted;  ///< when it was decided; absent: suspended

  // What the samples since said, those of the first seconds left out: cold, and with the queue of
  // the move. A sample tells one latency, at the objective's quantile of its own few requests; the
  // quantile of all of them together cannot be had from that. Kept is the median sample and the
  // worst.
  std::int64_t requests = 0;
  std::int64_t late = 0;  ///< after the objective's latency, or lost
  std::int64_t samples = 0;
  std::optional<Micros> typical;  ///< median of the samples' latencies
  std::optional<Micros> worst;

  std::optional<Instant> ended_at;
  StayEnd end = StayEnd::none;
  bool operator==(const PredictionRecord&) const = default;
};

/// The forecast's value at an objective's quantile, which is one of its three.
[[nodiscard]] constexpr Micros at_quantile(const Forecast& forecast, Ppm quantile) {
  if (quantile.count >= 990'000) return forecast.p99;
  return quantile.count >= 950'000 ? forecast.p95 : forecast.p50;
}

}  // namespace wanwise::core
