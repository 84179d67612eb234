#include "engine/core/decide/latency/wait_calibration.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/model_index.hpp"
#include "engine/core/observe/quantise.hpp"
#include "engine/core/observe/window_start.hpp"

namespace wanwise::core {
namespace {

// After a change of load the queue of before drains and a newcomer's first inference is cold: as
// long as a workload's own samples are left out after a move.
constexpr Micros kSettling = seconds(3);
// A predicted wait that changed by less tells of the same load.
constexpr double kSameLoad = 0.1;
// Waits at a quarter of a TX2's load spread like an exponential's, and follow each other: the mean
// of 200 is good to some 15 %.
constexpr std::int64_t kEnough = 200;
// What one sample may count; more is no measurement.
constexpr std::int64_t kMostCompleted = 1'000'000;
constexpr Micros kLongestWindow = seconds(3600);
// Next to a wait this short everything else on the way is noise: timers, LAN, profile rounding.
constexpr double kNoiseUs = 1'000;
// Old conclusions fade with a weight of 3/4; one that is worse than believed counts for half.
constexpr double kBetterWeight = 0.25;
constexpr double kWorseWeight = 0.5;
// What is left of the error of kEnough after a few conclusions.
constexpr double kMargin = 1.25;
// Regular arrivals can halve a wait several times over, bursts multiply it; beyond these the
// profile is wrong rather than the arrivals.
constexpr double kLeast = 0.125;
constexpr double kMost = 4;

/// What a request to the target takes without waiting, where the option runs there on the LAN: by
/// the part of a split that does.
std::optional<Micros> unqueued_on_lan(const Option& option, Index target) {
  if (option.target == target && option.link == kNone) return option.fixed + option.service_mean;
  const Leg& spill = option.spill;
  if (!option.splits() || spill.target != target || spill.link != kNone) return std::nullopt;
  return spill.fixed + spill.service_mean;
}

}  // namespace

void WaitCalibration::expect(Instant now, std::optional<double> wait_us) {
  if (!wait_us) {
    m_since.reset();
    return;
  }
  const bool same = m_since && std::abs(*wait_us - m_expected) <= kSameLoad * m_expected;
  if (same) return;
  m_expected = *wait_us;
  m_since = now + kSettling;
  m_wait_sum = 0;
  m_completed = 0;
}

void WaitCalibration::observe(Instant since, double wait_us, std::int64_t completed) {
  if (!m_since || since < *m_since || completed <= 0) return;
  m_wait_sum += std::max(0.0, wait_us) * static_cast<double>(std::min(completed, kMostCompleted));
  m_completed += std::min(completed, kMostCompleted);
  if (m_completed >= kEnough) conclude();
}

void WaitCalibration::conclude() {
  const double seen = m_wait_sum / static_cast<double>(m_completed);
  m_wait_sum = 0;
  m_completed = 0;
  const double ratio = std::clamp((seen + kNoiseUs) / (m_expected + kNoiseUs), kLeast, kMost);
  const double before = m_ratio.value_or(1.0);
  const double weight = ratio > before ? kWorseWeight : kBetterWeight;
  m_ratio = before + weight * (ratio - before);
  const double believed = std::clamp(*m_ratio * kMargin, kLeast, kMost);
  m_factor = Ppm{sticky_up(m_factor.count, std::llround(believed * 1e6))};
}

WaitLearner::WaitLearner(const Model& model) : m_model(model), m_nodes(model.site.nodes.size()) {}

void WaitLearner::apply(Situation& situation) const {
  for (Index n = 0; n < count(m_nodes); ++n)
    at(situation.targets, n).wait_factor = at(m_nodes, n).factor();
}

void WaitLearner::expect(const Situation& situation, Instant now) {
  Load load(situation);
  for (const WorkloadInput& workload : situation.workloads) {
    if (workload.current != kNone) load.add(workload, at(workload.options, workload.current));
  }
  for (Index n = 0; n < count(m_nodes); ++n) at(m_nodes, n).expect(now, load.poisson_wait(n));
}

bool WaitLearner::learn(const WorkloadSample& sample, const Situation& situation) {
  const Index workload = index_of(m_model.policy.workloads, sample.workload);
  const Index target = target_index(m_model, sample.target);
  if (sample.window < Micros{0} || sample.window > kLongestWindow ||
      sample.observed_at < Instant{} - kLongestWindow) {
    return false;
  }
  if (!sample.mean_latency || workload == kNone || target == kNone || target >= count(m_nodes) ||
      situation.workloads.empty()) {
    return false;
  }
  const WorkloadInput& input = at(situation.workloads, workload);
  if (input.current == kNone) return false;
  const Option& here = at(input.options, input.current);
  const std::optional<Micros> without_wait = unqueued_on_lan(here, target);
  if (!without_wait) return false;
  const auto wait_us =
      static_cast<double>(sample.mean_latency->count) - static_cast<double>(without_wait->count);
  WaitCalibration& node = at(m_nodes, target);
  const Ppm before = node.factor();
  node.observe(window_start(sample), wait_us, sample.completed);
  return node.factor() != before;
}

}  // namespace wanwise::core
