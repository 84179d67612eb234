// What stands and falls in the class queues of one WAN link: whether our own shaper holds traffic
// back, and how much. Value type; one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

#include "engine/core/event.hpp"

namespace wanwise::core {

class ClassBacklog {
 public:
  /// Queues of one policy-map; IOS XE allows 64 classes in one (a MQC limit of the ISR family).
  static constexpr std::size_t kMaxClasses = 64;

  /// False: late, repeated, or one class too many.
  bool observe(const ClassCounters& sample);

  /// The class is policed: what it drops is its cap's doing and did not wait for the shaper.
  void policed(const std::set<ClassName>& classes) { m_policed = classes; }

  /// Bytes standing in all queues, by the latest samples not older than `oldest`.
  [[nodiscard]] std::int64_t standing(Instant oldest) const;
  /// How long a packet that enters the probe's class now waits for the packets of that class in
  /// front of it; the whole backlog when that class is not reported. `bps`: rate of the shaper.
  [[nodiscard]] Micros probe_wait(Instant oldest, double bps) const;
  /// Share of the probe's class that its own queue dropped over the last two samples, 0..1.
  [[nodiscard]] double probe_drop_share(Instant oldest) const;
  /// At least `bytes` stood both at the latest samples and at the ones before them, which were
  /// taken at or before `start`, with `tolerance`: traffic waited throughout the period.
  [[nodiscard]] bool stood_throughout(Instant start, Micros tolerance, std::int64_t bytes) const;
  /// Bytes that came between the last two samples and were not sent: dropped, or standing now and
  /// not before. The latest samples are not older than `oldest`.
  [[nodiscard]] double withheld(Instant oldest) const;
  /// Any class dropped between its last two samples, the latest not older than `oldest`.
  [[nodiscard]] bool dropped(Instant oldest) const;
  [[nodiscard]] std::uint64_t overflow() const { return m_overflow; }

 private:
  struct Queue {
    Instant at;
    Instant before_at;
    std::int64_t standing = 0;
    std::int64_t before_standing = 0;
    std::uint64_t tx_bytes = 0;
    std::uint64_t drop_bytes = 0;
    double bps = 0;         ///< sent between the last two samples
    double drop_share = 0;  ///< of what came between the last two samples
    double lost = 0;        ///< bytes dropped between the last two samples
    bool dropped = false;
    bool twice = false;  ///< two samples seen
  };
  std::map<ClassName, Queue> m_queues;
  std::set<ClassName> m_policed;
  std::uint64_t m_overflow = 0;
};

}  // namespace wanwise::core
