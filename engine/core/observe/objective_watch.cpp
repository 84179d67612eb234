#include "engine/core/observe/objective_watch.hpp"

#include <algorithm>
#include <bit>

namespace wanwise::core {
namespace {

/// ln 2 in thousandths, rounded up.
constexpr std::int64_t kNatsPerDoubling = 694;
/// Of a request rate in mHz: the requests of ten hours.
constexpr std::int64_t kTenHours = 36;
/// "It goes on" is given up when the opposite is twice as likely; the patient test, which exists to
/// tell 3 % from 1 %, wants ten to one.
constexpr std::int64_t kQuickRelief = 693;
constexpr std::int64_t kPatientRelief = 2'303;
/// A radio outage makes any number of misses of one cause. Four windows in which it goes wrong are
/// not one outage.
constexpr std::int64_t kWindowsToTell = 4;
/// As many requests as the quick test needs: when no demand came for that long, it starts anew.
constexpr std::int64_t kSilentRequests = 8;
/// What one sample may count: a thousand times any site's rate; times a score it still fits.
constexpr std::int64_t kMostFinished = 1'000'000'000;
constexpr MilliHz kLeastRate{1};

/// At least ln(requests in ten hours), by doublings: no libm in what decides.
std::int64_t alarm_limit(MilliHz rate) {
  const std::int64_t requests =
      std::clamp(rate, kLeastRate, MilliHz{kMostFinished}).count * kTenHours;
  const auto doublings = std::bit_width(static_cast<std::uint64_t>(requests));
  return static_cast<std::int64_t>(doublings) * kNatsPerDoubling;
}

}  // namespace

// With p allowed and p' = R p / (1 - p + R p): ln(p'/p) for a miss, ln((1-p)/(1-p')) for a hit.
const std::array<ObjectiveWatch::Row, 3> ObjectiveWatch::kRows{{
    {10'000, {2'822, 174}, {1'079, 20}},
    {50'000, {2'328, 668}, {1'003, 95}},
    {500'000, {644, 2'351}, {405, 693}},
}};

const ObjectiveWatch::Row& ObjectiveWatch::row_of(Objective objective) {
  const std::int64_t allowed = kWhole.count - objective.quantile.count;
  for (const Row& row : kRows)
    if (allowed <= row.allowed_ppm) return row;
  return kRows.back();
}

ObjectiveWatch::ObjectiveWatch(Objective objective, MilliHz rate, Micros window)
    : m_window(window),
      m_silence(std::max(window, Micros{seconds(1'000).count * kSilentRequests /
                                        std::max(rate, kLeastRate).count})),
      m_quick{row_of(objective).quick, alarm_limit(rate), kQuickRelief, alarm_limit(rate)},
      m_patient{row_of(objective).patient, alarm_limit(rate), kPatientRelief,
                alarm_limit(rate) / kWindowsToTell} {}

void ObjectiveWatch::Test::add(std::int64_t hits, std::int64_t misses) {
  const std::int64_t worse = misses * scores.miss - hits * scores.hit;
  if (alarmed) {
    sum = std::max<std::int64_t>(0, sum - worse);
    if (sum >= relief) forget();
    return;
  }
  // What one window adds is cut; what it takes away is not.
  in_window = std::max(in_window + worse, -before);
  sum = std::clamp<std::int64_t>(before + std::min(in_window, most), 0, limit);
  if (sum < limit) return;
  forget();
  alarmed = true;
}

void ObjectiveWatch::Test::begin_window() {
  before = sum;
  in_window = 0;
}

void ObjectiveWatch::Test::forget() {
  sum = before = in_window = 0;
  alarmed = false;
}

void ObjectiveWatch::observe(const WorkloadSample& sample) {
  const std::int64_t misses = std::clamp<std::int64_t>(sample.missed, 0, kMostFinished);
  const std::int64_t hits = std::clamp(sample.completed, misses, kMostFinished) - misses;
  if (sample.latency) m_latency = sample.latency;
  if (m_asked_at && sample.observed_at - *m_asked_at > m_silence) {
    m_quick.forget();
    m_patient.forget();
  }
  if (sample.arrived > 0 || hits + misses > 0) m_asked_at = sample.observed_at;
  if (hits + misses == 0) return;
  if (!m_window_ends || sample.observed_at >= *m_window_ends) {
    m_quick.begin_window();
    m_patient.begin_window();
    m_window_ends = sample.observed_at + m_window;
  }
  m_quick.add(hits, misses);
  m_patient.add(hits, misses);
}

void ObjectiveWatch::reset() {
  m_quick.forget();
  m_patient.forget();
  m_window_ends.reset();
  m_asked_at.reset();
  m_latency.reset();
}

std::int64_t ObjectiveWatch::misses_to_tell() const {
  return (m_quick.limit + m_quick.scores.miss - 1) / m_quick.scores.miss;
}

}  // namespace wanwise::core
