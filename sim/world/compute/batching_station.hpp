// An accelerator with dynamic batching, as inference servers do it (Triton's dynamic_batching): a
// server that is free takes up to `largest` waiting jobs of one model, and waits for more until the
// oldest of them has waited `longest_wait`. A batch of n lasts the mean of its jobs' own times,
// times 1 + (n - 1) * marginal. Models take turns by their oldest job. Owns the waiting jobs. One
// owner; not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sim/world/compute/accelerator.hpp"
#include "sim/world/compute/target_tuning.hpp"

namespace wanwise::sim {

class BatchingStation final : public Accelerator {
 public:
  BatchingStation(EventQueue& events, StationOwner& owner, std::size_t index, std::int32_t servers,
                  Batching rule);

  void submit(Nanos now, JobId job) override;
  void set_alive(Nanos now, bool alive) override;
  void set_servers(Nanos now, std::int32_t servers) override;
  [[nodiscard]] std::size_t waiting() const override { return m_waiting; }
  /// Batches that were started.
  [[nodiscard]] std::uint64_t batches() const { return m_batches; }

  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  struct Waiting {
    JobId job;
    Nanos since;
    std::uint64_t order;
  };
  using Batch = std::vector<JobId>;
  static constexpr std::uint64_t kTimer = kSlotMask;  ///< in place of a server's number

  void start_what_is_ready(Nanos now);
  [[nodiscard]] std::deque<Waiting>* oldest_ready(Nanos now);
  void start_batch(Nanos now, std::deque<Waiting>& queue);
  void wait_for_more(Nanos now);

  Batching m_rule;
  std::vector<std::deque<Waiting>> m_queues;  ///< by model
  std::size_t m_waiting = 0;                  ///< in all of them
  std::vector<Batch> m_slots;                 ///< empty: idle
  std::uint64_t m_order = 0;
  std::uint64_t m_life = 0;         ///< events of an earlier life are stale
  std::optional<Nanos> m_timer_at;  ///< when a batch that is not full starts
  std::uint64_t m_batches = 0;
};

}  // namespace wanwise::sim
