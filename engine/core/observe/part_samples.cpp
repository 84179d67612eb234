#include "engine/core/observe/part_samples.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::core {
namespace {

/// Far beyond any site's, and products with kLongestWindow still fit.
constexpr std::int64_t kMostRequests = 1'000'000'000;
constexpr Micros kLongestWindow = seconds(3600);

WorkloadSample bounded(WorkloadSample sample) {
  sample.arrived = std::clamp<std::int64_t>(sample.arrived, 0, kMostRequests);
  sample.completed = std::clamp<std::int64_t>(sample.completed, 0, kMostRequests);
  sample.missed = std::clamp<std::int64_t>(sample.missed, 0, kMostRequests);
  sample.window = std::min(sample.window, kLongestWindow);
  return sample;
}

/// Arrivals as they would have been counted in another window at the same rate.
std::int64_t arrived_in(Micros window, const WorkloadSample& sample) {
  return sample.arrived * window.count / sample.window.count;
}

std::optional<Micros> mean_of(const WorkloadSample& a, const WorkloadSample& b) {
  if (!a.mean_latency || a.completed == 0) return b.mean_latency;
  if (!b.mean_latency || b.completed == 0) return a.mean_latency;
  // Doubles: a latency times a count may not fit, and this is an average to begin with.
  const double sum = static_cast<double>(a.mean_latency->count) * static_cast<double>(a.completed) +
                     static_cast<double>(b.mean_latency->count) * static_cast<double>(b.completed);
  const double mean = sum / static_cast<double>(a.completed + b.completed);
  return Micros{static_cast<std::int64_t>(mean)};
}

/// The quantile of a mixture is between those of its parts: the larger one is the safe side.
WorkloadSample together(const WorkloadSample& a, const WorkloadSample& b) {
  WorkloadSample whole = a;
  whole.observed_at = std::max(a.observed_at, b.observed_at);
  whole.window = std::max(a.window, b.window);
  whole.arrived = arrived_in(whole.window, a) + arrived_in(whole.window, b);
  whole.completed = a.completed + b.completed;
  whole.missed = a.missed + b.missed;
  whole.latency = std::max(a.latency, b.latency);
  whole.mean_latency = mean_of(a, b);
  return whole;
}

/// What is seen of one part, with the arrivals of the whole.
WorkloadSample alone(WorkloadSample part, Ppm share) {
  part.arrived = part.arrived * kWhole.count / std::max<std::int64_t>(share.count, 1);
  return part;
}

}  // namespace

std::optional<WorkloadSample> PartSamples::take(const WorkloadSample& sample, const Place& place) {
  if (!place.split) {
    return sample.target == place.target ? std::optional{sample} : std::nullopt;
  }
  const bool spilled = sample.target == place.split->target;
  if ((!spilled && sample.target != place.target) || sample.window.count <= 0) return std::nullopt;
  const std::unique_ptr<WorkloadSample> earlier =
      std::exchange(m_waiting, std::make_unique<WorkloadSample>(bounded(sample)));
  if (earlier == nullptr) return std::nullopt;
  WorkloadSample whole;
  if (earlier->target == sample.target) {
    whole = alone(*earlier, spilled ? place.split->share : kWhole - place.split->share);
  } else {
    whole = together(*earlier, *m_waiting);
    m_waiting.reset();
  }
  whole.target = *place.target;
  return whole;
}

}  // namespace wanwise::core
