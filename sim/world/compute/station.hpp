// An accelerator that is a FIFO in front of c servers. Owns the waiting jobs. One owner; not
// thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/world/compute/accelerator.hpp"

namespace wanwise::sim {

class Station final : public Accelerator {
 public:
  Station(EventQueue& events, StationOwner& owner, std::size_t index, std::int32_t servers);

  void submit(Nanos now, JobId job) override;
  void set_alive(Nanos now, bool alive) override;
  void set_servers(Nanos now, std::int32_t servers) override;
  [[nodiscard]] std::size_t waiting() const override { return m_waiting.size(); }

  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  struct Slot {
    JobId job = 0;
    bool busy = false;
  };
  void start_on_idle(Nanos now);
  void start_next(Nanos now, std::size_t slot);

  std::vector<Slot> m_slots;  ///< as many as there ever were servers
  std::deque<JobId> m_waiting;
  std::uint64_t m_life = 0;  ///< completions of an earlier life are stale
};

}  // namespace wanwise::sim
