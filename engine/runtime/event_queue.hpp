// The bounded queue between everybody who learns something and the engine. What only tells the
// present (a counter, a probe, where a workload runs) is coalesced: the newest of its key replaces
// the one that still waits, in its place. What tells a happening (ActionDone, RouterSession,
// DrainRequested) is never coalesced nor overtaken: a sample is not merged across it, so a cause is
// never seen after its effect. WorkloadSample carries sums over its window and is never merged.
// post() from any thread, never blocks on anything but the short lock; pop() from the loop's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/ports/clock.hpp"
#include "engine/ports/event_sink.hpp"

namespace wanwise::runtime {

struct QueueLimits {
  /// Telemetry waiting. A site of 4 links with 8 classes, 20 workloads and 8 targets has about 100
  /// keys; the loop empties the queue in under a millisecond. Forty rounds behind is a stall.
  std::size_t telemetry = 4'096;
  /// Happenings waiting: in-flight actions are at most routers plus workloads, sessions flap at the
  /// pace of their back-off. Beyond this a component is broken.
  std::size_t happenings = 1'024;
};

struct QueueCounters {
  std::uint64_t posted = 0;
  std::uint64_t coalesced = 0;
  std::uint64_t telemetry_dropped = 0;   ///< the oldest went to make room
  std::uint64_t happenings_dropped = 0;  ///< the newest was refused; the watchdog answers for it
  std::size_t deepest = 0;
  bool operator==(const QueueCounters&) const = default;
};

class EventQueue final : public ports::EventSink {
 public:
  /// `wake` is called, without the lock, when the queue stops being empty.
  EventQueue(const ports::Clock& clock, std::function<void()> wake, QueueLimits limits = {});

  void post(core::EventBody body) override;

  /// The oldest event, stamped with the moment it was posted.
  [[nodiscard]] std::optional<core::Event> pop();
  [[nodiscard]] bool empty() const;
  [[nodiscard]] QueueCounters counters() const;

 private:
  struct Entry {
    std::uint64_t order = 0;
    core::Event event;
    std::string key;  ///< empty: not coalesced
  };
  using Entries = std::list<Entry>;

  bool insert(core::EventBody body);  ///< true: the queue was empty before
  bool coalesce(const std::string& key, core::Event& event);
  void add_telemetry(std::string key, core::Event event);
  void add_happening(core::Event event);

  const ports::Clock& m_clock;
  const std::function<void()> m_wake;
  const QueueLimits m_limits;

  mutable std::mutex m_mutex;
  Entries m_telemetry;
  Entries m_happenings;
  std::unordered_map<std::string, Entries::iterator> m_newest;  ///< of m_telemetry, by key
  std::uint64_t m_order = 0;
  std::uint64_t m_last_happening = 0;  ///< order of it: samples before it are not merged into
  QueueCounters m_counters;
};

}  // namespace wanwise::runtime
