// Round trips of one link's probe: base (windowed minimum), variation while nothing queues, pace,
// and whether the next one is overdue. `observed_at` of a sample is the moment the probe left
// (IP SLA: latest-oper-start-time). Value type; one owner.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "engine/core/event.hpp"
#include "engine/core/uplink/windowed_min.hpp"

namespace wanwise::core {

class ProbeHistory {
 public:
  explicit ProbeHistory(Micros expected_rtt);

  /// False: late or repeated, ignored. A lost probe counts for the pace only.
  bool observe(const ProbeSample& sample);
  /// The link was quiet when this round trip was measured: it shows the air's own variation.
  void note_quiet(Micros rtt);
  /// The recent round trips are what the path takes now (a handover moved the base for good).
  void adopt_recent_base();

  [[nodiscard]] std::optional<Micros> last() const { return m_last; }
  [[nodiscard]] std::optional<Micros> base() const { return m_base.value(); }
  /// Round trip above the base; zero before there is one.
  [[nodiscard]] Micros inflation(Micros rtt) const;
  /// Inflation above this is a queue and not the air: see the derivation at the definition.
  [[nodiscard]] Micros threshold(double rate_bps) const;
  [[nodiscard]] Micros jitter() const;
  [[nodiscard]] Micros pace() const { return m_pace; }  ///< smallest recent distance of two probes
  /// How long the probe that should be under way has been away; zero before two were seen.
  [[nodiscard]] Micros away(Instant now) const;
  [[nodiscard]] bool any() const { return m_at.has_value(); }
  [[nodiscard]] int lost_in_a_row() const { return m_lost; }

 private:
  static constexpr std::size_t kQuiet = 32;  // a second-largest of 32 is the 95th percentile
  static constexpr std::size_t kRecent = 3;  // as many as the estimator needs to see a new base
  static constexpr std::size_t kPaces = 8;

  WindowedMin m_base;
  Micros m_expected;
  std::optional<Instant> m_expected_until;  ///< the first probes may have met a queue already
  std::optional<Instant> m_at;
  std::optional<Micros> m_last;
  int m_lost = 0;
  Micros m_pace;
  std::array<Micros, kPaces> m_paces{};
  std::size_t m_pace_count = 0;
  std::array<Micros, kRecent> m_recent{};
  std::size_t m_recent_count = 0;
  std::array<Micros, kQuiet> m_quiet{};
  std::size_t m_quiet_count = 0;
};

}  // namespace wanwise::core
