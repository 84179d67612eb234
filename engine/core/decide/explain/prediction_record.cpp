#include "engine/core/decide/explain/prediction_record.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/search/solver.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/text.hpp"

namespace wanwise::core {
namespace {

/// The first requests after a move meet a cold accelerator and the queue that built up meanwhile:
/// as long as a workload's own samples are left out (observe/workload_state.cpp).
constexpr Micros kSettling = seconds(3);
constexpr std::uint32_t kMost32 = std::numeric_limits<std::uint32_t>::max();
/// What one sample may count and cover; more is no measurement.
constexpr std::int64_t kMostCompleted = 1'000'000'000;
constexpr Micros kLongestWindow = seconds(3600);

std::uint32_t narrow(std::int64_t value) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, kMost32));
}

Micros widen(std::uint32_t micros) {
  return micros == kMost32 ? kNever : Micros{micros};
}

void count_up(std::uint32_t& counter, std::int64_t by) {
  counter = narrow(counter + by);
}

}  // namespace

StayEnd reason_to_leave(const Situation& situation, const Decision& decision, Index workload) {
  const WorkloadInput& input = at(situation.workloads, workload);
  if (input.current == kNone) return StayEnd::target_lost;
  if (at(input.options, input.current).discredited) return StayEnd::missed;
  Assignment stays = decision.chosen;
  at(stays, workload) = input.current;
  return at(predict(situation, stays), workload) > input.objective ? StayEnd::late
                                                                   : StayEnd::better_place;
}

void MedianOfMany::add(std::uint32_t value) {
  if (m_seen == kMost32 || m_seen++ % m_spacing != 0) return;
  if (m_count == kKept) {
    for (std::size_t i = 0; i < kKept / 2; ++i) m_values[i] = m_values[2 * i];
    m_count = kKept / 2;
    m_spacing *= 2;
    if ((m_seen - 1) % m_spacing != 0) return;
  }
  m_values[m_count++] = value;
}

std::uint32_t MedianOfMany::value() const {
  if (m_count == 0) return 0;
  auto sorted = m_values;
  const auto middle = sorted.begin() + (m_count - 1) / 2;
  std::nth_element(sorted.begin(), middle, sorted.begin() + m_count);
  return *middle;
}

PredictionLog::PredictionLog(const Model& model)
    : m_model(model), m_tracks(model.policy.workloads.size()) {}

bool PredictionLog::present(const Track& track) {
  return !track.stays.empty() && track.stays.back().end == StayEnd::none;
}

void PredictionLog::close(Track& track, StayEnd end, Instant now) {
  if (!present(track)) return;
  Stay& stay = track.stays.back();
  stay.typical = track.latencies.value();
  stay.ended_at = now.micros;
  stay.end = end;
}

void PredictionLog::open(Track& track, const Spot& spot, Instant decided_at,
                         std::optional<Forecast> predicted, Instant now) {
  if (track.stays.size() == kStaysKept) track.stays.erase(track.stays.begin());
  Stay stay;
  stay.decided_at = decided_at.micros;
  stay.since = now.micros;
  stay.spot = spot;
  stay.predicted = predicted.has_value();
  if (predicted) {
    stay.p50 = narrow(predicted->p50.count);
    stay.p95 = narrow(predicted->p95.count);
    stay.p99 = narrow(predicted->p99.count);
  }
  track.stays.push_back(stay);
  track.latencies = {};
  track.drift.reset();
}

void PredictionLog::decided(Index workload, const Spot& to, std::optional<Forecast> predicted,
                            StayEnd leaving, Instant now) {
  at(m_tracks, workload).order = Order{to, now, predicted, leaving};
}

void PredictionLog::follow(const Views& views, const std::vector<bool>& moving,
                           const ForecastOf& forecast, Instant now) {
  for (Index w = 0; w < count(m_tracks); ++w) {
    if (moving[static_cast<std::size_t>(w)]) continue;
    Track& track = at(m_tracks, w);
    const std::optional<Spot>& spot = at(views.workloads, w).place;
    const bool there = present(track) && spot && track.stays.back().spot == *spot;
    // An order that led elsewhere, or nowhere, failed.
    const std::optional<Order> order = std::exchange(track.order, std::nullopt);
    if (there || (!spot && !present(track))) continue;
    const bool ours = order && spot && order->to == *spot;
    close(track, ours ? order->leaving : StayEnd::by_others, now);
    if (!spot) continue;
    if (ours) {
      open(track, *spot, order->at, order->predicted, now);
    } else {
      open(track, *spot, now, forecast(w), now);
    }
  }
}

void PredictionLog::observe(Index workload, const WorkloadSample& sample,
                            std::optional<Forecast> predicted) {
  Track& track = at(m_tracks, workload);
  if (!present(track) || track.order) return;
  if (sample.window < Micros{0} || sample.window > kLongestWindow) return;
  Stay& stay = track.stays.back();
  const Index target = target_index(m_model, sample.target);
  const bool here = target != kNone && stay.spot.uses(target);
  const Instant settled = Instant{stay.since} + kSettling;
  if (!here || sample.observed_at < settled + sample.window) return;
  const std::int64_t late = std::clamp<std::int64_t>(sample.missed, 0, kMostCompleted);
  count_up(stay.late, late);
  count_up(stay.requests, std::clamp(sample.completed, late, kMostCompleted));
  if (!sample.latency) return;
  count_up(stay.samples, 1);
  stay.worst = std::max(stay.worst, narrow(sample.latency->count));
  track.latencies.add(narrow(sample.latency->count));
  const Ppm quantile = at(m_model.policy.workloads, workload).objective.quantile;
  // The forecast of a split is that of its later part, and a sample is of either.
  if (predicted && !stay.spot.splits()) track.drift.observe(sample, *predicted, quantile);
}

PredictionRecord PredictionLog::told(Index workload, const Stay& stay) const {
  const Objective& objective = at(m_model.policy.workloads, workload).objective;
  PredictionRecord record;
  record.quantile = objective.quantile;
  record.objective = objective.latency;
  record.decided_at = Instant{stay.decided_at};
  record.since = Instant{stay.since};
  record.place = place_of(m_model, stay.spot);
  if (stay.predicted)
    record.predicted = Forecast{widen(stay.p50), widen(stay.p95), widen(stay.p99)};
  record.requests = stay.requests;
  record.late = stay.late;
  record.samples = stay.samples;
  if (stay.samples > 0) {
    const bool now = stay.end == StayEnd::none;
    record.typical = Micros{now ? at(m_tracks, workload).latencies.value() : stay.typical};
    record.worst = Micros{stay.worst};
  }
  record.end = stay.end;
  if (stay.end != StayEnd::none) record.ended_at = Instant{stay.ended_at};
  return record;
}

std::vector<PredictionRecord> PredictionLog::records(Index workload) const {
  const Track& track = at(m_tracks, workload);
  std::vector<PredictionRecord> records;
  for (const Stay& stay : track.stays) records.push_back(told(workload, stay));
  return records;
}

std::optional<PredictionRecord> PredictionLog::present(Index workload) const {
  const Track& track = at(m_tracks, workload);
  if (!present(track)) return std::nullopt;
  return told(workload, track.stays.back());
}

std::optional<Ppm> PredictionLog::ratio(Index workload) const {
  const Track& track = at(m_tracks, workload);
  return present(track) ? track.drift.ratio() : std::nullopt;
}

void PredictionLog::append_degradations(std::vector<Degradation>& out, Instant now) const {
  for (Index w = 0; w < count(m_tracks); ++w) {
    const Track& track = at(m_tracks, w);
    const auto ratio = track.drift.ratio();
    if (!present(track) || !ratio || !track.drift.off(now)) continue;
    out.push_back({"prediction-off", at(m_model.policy.workloads, w).name.text,
                   "latencies are " + text(*ratio) + " of those predicted"});
  }
}

}  // namespace wanwise::core
