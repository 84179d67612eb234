// A link's data plan: what has been used of it in the period under way, and how fast it may be used
// from now on so that it lasts. By the carrier's word (LinkUsage), carried on by the interface's
// counters; without that word the period is taken to begin with the first event. One owner.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/model.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

/// No cap: any rate.
inline constexpr Bps kNoQuota{INT64_MAX};

class DataPlan {
 public:
  /// `cap.period` > 0, `cap.limit` > 0.
  explicit DataPlan(DataCap cap);

  void observe(const LinkCounters& sample);
  void observe(const LinkUsage& usage);

  /// Brings the period and the quota up to `now`.
  void refresh(Instant now);
  /// Rate, both directions together, that the plan allows on average from now on. Coarse and sticky
  /// (quarters of the even rate with half a quarter of play), so that it moves a few times an hour
  /// at most on a monthly plan.
  [[nodiscard]] Bps quota() const { return m_quota; }
  [[nodiscard]] Bytes used() const { return m_used; }
  [[nodiscard]] Bytes limit() const { return m_cap.limit; }
  [[nodiscard]] Micros left(Instant now) const;
  /// Somebody who knows has said what this period has used.
  [[nodiscard]] bool told() const { return m_told; }

 private:
  void begin(Instant at);
  [[nodiscard]] double even_rate() const;
  [[nodiscard]] double allowed_rate(Instant now) const;

  DataCap m_cap;
  Bytes m_used;
  std::optional<Instant> m_ends;
  std::optional<Instant> m_told_at;
  bool m_told = false;
  std::optional<std::uint64_t> m_counted;  ///< tx + rx of the last sample
  std::int64_t m_level = 0;                ///< of the quota, in quarters of the even rate
  bool m_paced = false;                    ///< m_level was set
  Bps m_quota = kNoQuota;
};

}  // namespace wanwise::core
