// An accelerator: a FIFO in front of c servers. Who owns the station says how long a job takes when
// it starts, because that depends on power mode, heat and coldness of that moment. Owns the waiting
// jobs. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/world/event_queue.hpp"

namespace wanwise::sim {

using JobId = std::uint64_t;

class StationOwner {
 public:
  /// Service time of a job that starts now; negative: its client gave up, skip it.
  virtual Nanos service_time(Nanos now, std::size_t station, JobId job) = 0;
  virtual void served(Nanos now, std::size_t station, JobId job) = 0;
  /// The station died, or its queue was full.
  virtual void lost(Nanos now, std::size_t station, JobId job) = 0;

  virtual ~StationOwner() = default;
};

class Station final : public EventHandler {
 public:
  /// Longest queue. At 10 ms a job this is 40 s of work, beyond any client's patience.
  static constexpr std::size_t kMaxWaiting = 4096;

  Station(EventQueue& events, StationOwner& owner, std::size_t index, std::int32_t servers);

  void submit(Nanos now, JobId job);
  void set_alive(Nanos now, bool alive);

  [[nodiscard]] bool alive() const { return m_alive; }
  [[nodiscard]] std::size_t waiting() const { return m_waiting.size(); }
  [[nodiscard]] std::int32_t busy() const { return m_busy; }
  [[nodiscard]] std::int32_t servers() const { return static_cast<std::int32_t>(m_slots.size()); }
  /// Sum over the servers of the time they worked until `now`.
  [[nodiscard]] Nanos busy_time(Nanos now) const { return m_busy_time + m_busy * (now - m_since); }
  [[nodiscard]] std::uint64_t overflows() const { return m_overflows; }

  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  struct Slot {
    JobId job = 0;
    bool busy = false;
  };
  void account(Nanos now);
  void start_next(Nanos now, std::size_t slot);

  EventQueue& m_events;
  StationOwner& m_owner;
  std::size_t m_index;
  std::vector<Slot> m_slots;
  std::deque<JobId> m_waiting;
  bool m_alive = true;
  std::uint64_t m_life = 0;  ///< completions of an earlier life are stale
  std::int32_t m_busy = 0;
  Nanos m_busy_time = 0;
  Nanos m_since = 0;
  std::uint64_t m_overflows = 0;
};

}  // namespace wanwise::sim
