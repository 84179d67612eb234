#include "engine/core/observe/data_plan.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::core {
namespace {

/// Share of the period over which what was saved may be spent, and ahead of which use stops: a day
/// of a month. The burst allowance is so a thirtieth of the cap: what a day may use, used at once.
constexpr std::int64_t kDays = 30;
/// What is not paced out: a decision comes seconds after the counters, and a carrier counts headers
/// of its own. GTP-U over UDP and IP adds 36 to 44 bytes to packets of 500 to 1500: 3 to 8 % of the
/// short ones; most carriers bill without it, so one percent.
constexpr double kPaced = 0.99;
/// Steps of the quota, per even rate.
constexpr std::int64_t kSteps = 4;
constexpr double kBits = 8;
constexpr double kMicrosPerSecond = 1e6;
/// The last second of a period divides by a second.
constexpr std::int64_t kShortest = 1'000'000;
/// Beyond any plan: sums stay far from the end of the integers.
constexpr std::int64_t kMostBytes = INT64_MAX / 4;
constexpr std::uint64_t kMostCounted = static_cast<std::uint64_t>(kMostBytes);

Bytes sum(Bytes used, std::uint64_t more) {
  const auto bytes = static_cast<std::int64_t>(std::min(more, kMostCounted));
  return Bytes{std::min(used.count + bytes, kMostBytes)};
}

}  // namespace

DataPlan::DataPlan(DataCap cap) : m_cap(cap) {
  WANWISE_CHECK(cap.period.count > 0 && cap.limit.count > 0);
}

void DataPlan::begin(Instant at) {
  if (!m_ends) m_ends = at + m_cap.period;
}

void DataPlan::observe(const LinkCounters& sample) {
  begin(sample.observed_at);
  const std::uint64_t counted = sample.tx_bytes + sample.rx_bytes;
  // A counter below the last one began again at nought: what it shows was used since.
  if (m_counted) m_used = sum(m_used, counted >= *m_counted ? counted - *m_counted : counted);
  m_counted = counted;
}

void DataPlan::observe(const LinkUsage& usage) {
  if (m_told_at && usage.observed_at < *m_told_at) return;
  m_told_at = usage.observed_at;
  m_told = true;
  m_used = Bytes{std::clamp<std::int64_t>(usage.used.count, 0, kMostBytes)};
  m_ends =
      usage.observed_at + Micros{std::clamp<std::int64_t>(usage.left.count, 0, m_cap.period.count)};
}

Micros DataPlan::left(Instant now) const {
  return m_ends ? std::max(*m_ends - now, Micros{}) : m_cap.period;
}

double DataPlan::even_rate() const {
  return kBits * kMicrosPerSecond * static_cast<double>(m_cap.limit.count) * kPaced /
         static_cast<double>(m_cap.period.count);
}

/// What is left less the even share of the days after the coming one, over that day: who is ahead
/// by a day's share gets nothing, who has saved may spend it within a day.
double DataPlan::allowed_rate(Instant now) const {
  const std::int64_t day = std::max<std::int64_t>(m_cap.period.count / kDays, 1);
  const std::int64_t rest = left(now).count;
  const auto later = static_cast<double>(std::max<std::int64_t>(rest - day, 0));
  const double paced = static_cast<double>(m_cap.limit.count) * kPaced;
  const double reserved = paced * later / static_cast<double>(m_cap.period.count);
  const double free = paced - static_cast<double>(m_used.count) - reserved;
  const auto span = static_cast<double>(std::max(std::min(rest, day), std::min(day, kShortest)));
  return std::max(0.0, free) * kBits * kMicrosPerSecond / span;
}

void DataPlan::refresh(Instant now) {
  begin(now);
  if (now >= *m_ends) {
    const std::int64_t periods = (now - *m_ends).count / m_cap.period.count + 1;
    m_ends = *m_ends + m_cap.period * periods;
    m_used = {};
    m_told = false;
  }
  const double step = even_rate() / kSteps;
  // Savings of a whole period are kDays even rates; the cast is safe long before.
  const double steps = std::min(allowed_rate(now) / step, 4.0 * kDays * kSteps);
  const auto seen = static_cast<double>(m_level);
  if (!m_paced || steps >= seen + 1.5 || steps < seen - 0.5 || steps <= 0) {
    m_level = static_cast<std::int64_t>(steps);
  }
  m_paced = true;
  m_quota = Bps{static_cast<std::int64_t>(step * static_cast<double>(m_level))};
}

}  // namespace wanwise::core
