// An accelerator that works on all its jobs at once, as a GPU's time slices do: with n jobs on c
// servers each is served at the rate min(1, c/n). Exact and event-driven by virtual time: the
// service one job has had since the station was last empty, the same for all of them (Kleinrock,
// "Queueing Systems" II, 4.4), so an event costs the logarithm of the jobs. Owns them. One owner;
// not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/compute/accelerator.hpp"

namespace wanwise::sim {

class SharingStation final : public Accelerator {
 public:
  SharingStation(EventQueue& events, StationOwner& owner, std::size_t index, std::int32_t servers)
      : Accelerator(events, owner, index, servers) {}

  /// Starts at once; its work is what service_time() says now, whatever changes later.
  void submit(Nanos now, JobId job) override;
  void set_alive(Nanos now, bool alive) override;
  void set_servers(Nanos now, std::int32_t servers) override;
  /// Jobs beyond those that could have a server for themselves.
  [[nodiscard]] std::size_t waiting() const override {
    return m_shares.size() - static_cast<std::size_t>(m_busy);
  }

  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  struct Share {
    double finish;        ///< in virtual time
    std::uint64_t order;  ///< of submission: decides ties
    JobId job;
  };
  static bool later(const Share& a, const Share& b) {
    return a.finish != b.finish ? a.finish > b.finish : a.order > b.order;
  }
  [[nodiscard]] double rate() const;
  void catch_up(Nanos now);
  void rearm(Nanos now);

  std::vector<Share> m_shares;  ///< binary heap, first to finish on top
  double m_virtual = 0;         ///< nanoseconds of service
  Nanos m_virtual_at = 0;
  std::uint64_t m_order = 0;
  std::uint64_t m_epoch = 0;  ///< completions foreseen in an earlier epoch are stale
};

}  // namespace wanwise::sim
