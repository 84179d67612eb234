// The discrete-event kernel: what happens next, and the clock that jumps there. Events of one
// instant run in the order in which they were scheduled, so a run is a pure function of its inputs.
// Owns no handler; a handler outlives the queue's use of it. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

class EventHandler {
 public:
  virtual void on_event(Nanos now, std::uint64_t argument) = 0;

  virtual ~EventHandler() = default;
};

class EventQueue {
 public:
  /// A component keeps a constant number of events pending and a request at most two, so this bound
  /// (128 MiB of events) is only met by a programmer's error.
  static constexpr std::size_t kMaxPending = std::size_t{1} << 22;

  void schedule(Nanos at, EventHandler& handler, std::uint64_t argument = 0);
  /// Runs everything due up to and including `end`; the clock then stands at `end`.
  void run_until(Nanos end);

  [[nodiscard]] Nanos now() const { return m_now; }
  [[nodiscard]] std::uint64_t processed() const { return m_processed; }
  [[nodiscard]] std::size_t pending() const { return m_heap.size(); }

 private:
  struct Entry {
    Nanos at;
    std::uint64_t sequence;
    EventHandler* handler;
    std::uint64_t argument;
  };
  static bool before(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at < b.at : a.sequence < b.sequence;
  }
  Entry take_first();

  std::vector<Entry> m_heap;  ///< binary heap, earliest first
  Nanos m_now = 0;
  std::uint64_t m_sequence = 0;
  std::uint64_t m_processed = 0;
};

}  // namespace wanwise::sim
