#include "engine/core/observe/objective_watch.hpp"

#include <algorithm>

namespace wanwise::core {
namespace {

/// A window of 2 s at a sample every 100 ms holds 20; more come from a misbehaving clock.
constexpr std::size_t kMostSamples = 64;
/// Misses that n requests may show by chance: with p the allowed share, n*p expected; 3 + 3*n*p is
/// exceeded with probability < 1 % for every n*p (Poisson tail: 0.4 % at n*p = 0.7, falling on both
/// sides).
constexpr std::int64_t kChanceMisses = 3;
/// What one sample may count: a thousand times any site's rate, and kMostSamples of them times a
/// share in ppm still fit.
constexpr std::int64_t kMostFinished = 1'000'000'000;

}  // namespace

ObjectiveWatch::ObjectiveWatch(Objective objective, Micros window)
    : m_objective(objective), m_window(window) {}

void ObjectiveWatch::observe(const WorkloadSample& sample) {
  const std::int64_t missed = std::clamp<std::int64_t>(sample.missed, 0, kMostFinished);
  const std::int64_t finished = std::clamp(sample.completed, missed, kMostFinished);
  m_counted.push_back({sample.observed_at, finished, missed});
  m_finished += finished;
  m_missed += missed;
  const Instant horizon = sample.observed_at - m_window;
  while (m_counted.size() > 1 &&
         (m_counted.front().until <= horizon || m_counted.size() > kMostSamples)) {
    m_finished -= m_counted.front().finished;
    m_missed -= m_counted.front().missed;
    m_counted.pop_front();
  }
  if (sample.latency) m_latency = sample.latency;
}

void ObjectiveWatch::reset() {
  m_counted.clear();
  m_finished = m_missed = 0;
  m_latency.reset();
}

bool ObjectiveWatch::violated() const {
  const std::int64_t allowed_ppm = kWhole.count - m_objective.quantile.count;
  const std::int64_t expected_ppm = m_finished * allowed_ppm;
  return m_missed * kWhole.count > kChanceMisses * kWhole.count + kChanceMisses * expected_ppm;
}

}  // namespace wanwise::core
