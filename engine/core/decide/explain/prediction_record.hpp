// What each workload's places were chosen for and what became of it: a bounded ring of stays per
// workload, and the drift of the predictions at the present one. Fed by the engine, read by people;
// no decision rests on it. One owner.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/core/decide/decide.hpp"
#include "engine/core/decide/explain/prediction_drift.hpp"
#include "engine/core/decide/situation.hpp"
#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/observe/views.hpp"
#include "engine/core/prediction.hpp"
#include "engine/core/spot.hpp"
#include "engine/core/status.hpp"

namespace wanwise::core {

/// Stays kept per workload: more than an hour of the usual 6 moves.
inline constexpr std::size_t kStaysKept = 8;

/// Why a workload leaves where it runs, as the situation of its decision had it.
[[nodiscard]] StayEnd reason_to_leave(const Situation& situation, const Decision& decision,
                                      Index workload);

/// Median of a series in bounded memory: exact up to kKept values, then of every 2nd, 4th … of
/// them, the same spacing over the whole series.
class MedianOfMany {
 public:
  static constexpr std::size_t kKept = 24;
  void add(std::uint32_t value);
  [[nodiscard]] std::uint32_t value() const;  ///< 0 while empty

 private:
  std::array<std::uint32_t, kKept> m_values{};
  std::uint32_t m_seen = 0;
  std::uint32_t m_spacing = 1;
  std::uint32_t m_count = 0;
};

class PredictionLog {
 public:
  /// `model` must outlive this.
  explicit PredictionLog(const Model& model);

  using ForecastOf = std::function<std::optional<Forecast>(Index workload)>;

  /// A move of the workload was ordered.
  void decided(Index workload, const Spot& to, std::optional<Forecast> predicted, StayEnd leaving,
               Instant now);
  /// Where everybody runs. `forecast` is asked for those that are found somewhere new without an
  /// order.
  void follow(const Views& views, const std::vector<bool>& moving, const ForecastOf& forecast,
              Instant now);
  /// `predicted`: for the place where it runs, as of now; absent: nothing to compare with.
  void observe(Index workload, const WorkloadSample& sample, std::optional<Forecast> predicted);

  /// Oldest first; the last one may be the present stay.
  [[nodiscard]] std::vector<PredictionRecord> records(Index workload) const;
  [[nodiscard]] std::optional<PredictionRecord> present(Index workload) const;
  [[nodiscard]] std::optional<Ppm> ratio(Index workload) const;
  void append_degradations(std::vector<Degradation>& out, Instant now) const;

 private:
  /// Times in µs; what does not fit 32 bits is the largest that does.
  struct Stay {
    std::int64_t decided_at = 0;
    std::int64_t since = 0;
    std::int64_t ended_at = 0;
    std::uint32_t p50 = 0, p95 = 0, p99 = 0;
    std::uint32_t requests = 0, late = 0, samples = 0;
    std::uint32_t typical = 0, worst = 0;
    Spot spot;
    bool predicted = false;
    StayEnd end = StayEnd::none;
  };
  static_assert(sizeof(Stay) <= 96);
  struct Order {
    Spot to;
    Instant at;
    std::optional<Forecast> predicted;
    StayEnd leaving = StayEnd::better_place;
  };
  struct Track {
    std::vector<Stay> stays;  ///< at most kStaysKept, oldest first
    std::optional<Order> order;
    MedianOfMany latencies;  ///< of the present stay
    PredictionDrift drift;
  };

  [[nodiscard]] PredictionRecord told(Index workload, const Stay& stay) const;
  static bool present(const Track& track);
  void close(Track& track, StayEnd end, Instant now);
  void open(Track& track, const Spot& spot, Instant decided_at, std::optional<Forecast> predicted,
            Instant now);

  const Model& m_model;
  std::vector<Track> m_tracks;  ///< by workload
};

}  // namespace wanwise::core
