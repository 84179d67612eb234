// What serves inferences: the face that all disciplines share, and the account of how much was
// worked. Who owns an accelerator says how long a job takes when it starts, because that depends on
// power mode, heat and coldness of that moment. Owns the jobs it holds. One owner; not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "engine/core/check.hpp"
#include "sim/world/kernel/event_queue.hpp"

namespace wanwise::sim {

using JobId = std::uint64_t;

class StationOwner {
 public:
  /// Service time of a job that starts now; negative: its client gave up, skip it.
  virtual Nanos service_time(Nanos now, std::size_t station, JobId job) = 0;
  virtual void served(Nanos now, std::size_t station, JobId job) = 0;
  /// The station died, or its queue was full.
  virtual void lost(Nanos now, std::size_t station, JobId job) = 0;
  /// Which model a job that is submitted wants, from 0: only jobs of one model share a batch.
  [[nodiscard]] virtual std::size_t model_of(std::size_t, JobId) { return 0; }

  virtual ~StationOwner() = default;
};

class Accelerator : public EventHandler {
 public:
  /// Longest queue. At 10 ms a job this is 40 s of work, beyond any client's patience.
  static constexpr std::size_t kMaxWaiting = 4096;

  virtual void submit(Nanos now, JobId job) = 0;
  virtual void set_alive(Nanos now, bool alive) = 0;
  /// Servers from now on. Jobs in service stay: a server that is too many ends with its job.
  virtual void set_servers(Nanos now, std::int32_t servers) = 0;
  [[nodiscard]] virtual std::size_t waiting() const = 0;

  [[nodiscard]] bool alive() const { return m_alive; }
  [[nodiscard]] std::int32_t busy() const { return m_busy; }
  [[nodiscard]] std::int32_t servers() const { return m_servers; }
  /// Sum over the servers of the time they worked until `now`.
  [[nodiscard]] Nanos busy_time(Nanos now) const { return m_busy_time + m_busy * (now - m_since); }
  /// Sum over the servers of the time they were there; those that only end their job included.
  [[nodiscard]] Nanos capacity_time(Nanos now) const {
    return m_capacity_time + std::max(m_busy, m_servers) * (now - m_since);
  }
  [[nodiscard]] std::uint64_t overflows() const { return m_overflows; }

 protected:
  Accelerator(EventQueue& events, StationOwner& owner, std::size_t index, std::int32_t servers)
      : m_events(events), m_owner(owner), m_index(index), m_servers(servers) {
    WANWISE_CHECK(servers > 0 && static_cast<std::uint64_t>(servers) <= kSlotMask);
  }

  /// To be called before each change of what follows.
  void account(Nanos now) {
    m_busy_time = busy_time(now);
    m_capacity_time = capacity_time(now);
    m_since = now;
  }
  void refuse(Nanos now, JobId job) {
    if (m_alive) ++m_overflows;
    m_owner.lost(now, m_index, job);
  }

  // Argument of a completion: server in the low bits, the station's life above it.
  static constexpr unsigned kSlotBits = 20;
  static constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kSlotBits) - 1;

  EventQueue& m_events;
  StationOwner& m_owner;
  std::size_t m_index;
  bool m_alive = true;
  std::int32_t m_servers;
  std::int32_t m_busy = 0;  ///< servers that work

 private:
  Nanos m_busy_time = 0;
  Nanos m_capacity_time = 0;
  Nanos m_since = 0;
  std::uint64_t m_overflows = 0;
};

}  // namespace wanwise::sim
