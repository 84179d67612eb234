// Weighted fair queueing (PGPS) beside the fluid it approximates (GPS), for the bounds of Parekh
// and Gallager (IEEE/ACM ToN 1993). A feed of the tests' own: a router schedules by deficit. One
// owner.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/world/network/packet.hpp"

namespace wanwise::acceptance {

class WfqFeed final : public sim::Feed {
 public:
  /// Weights add up to 1.
  WfqFeed(std::vector<double> weights, core::Bps rate)
      : m_weights(std::move(weights)), m_finish(m_weights.size()), m_rate(rate) {}
  void attach(sim::Drain& line) { m_line = &line; }

  /// The number of the packet: its key in gps_finish().
  std::uint64_t enqueue(sim::Nanos now, const sim::Packet& packet);
  [[nodiscard]] bool has_packet() const override { return !m_waiting.empty(); }
  bool pull(sim::Nanos now, sim::Packet& packet) override;

  /// When the fluid server finishes each packet, ns; to be read after settle().
  [[nodiscard]] const std::vector<double>& gps_finish() const { return m_gps_finish; }
  void settle() { advance(1e18); }
  [[nodiscard]] std::uint64_t last_pulled() const { return m_last_pulled; }

 private:
  struct Entry {
    sim::Packet packet;
    std::uint64_t number;
  };
  void advance(double now);

  std::vector<double> m_weights;
  std::vector<double> m_finish;  ///< virtual, of each flow's last packet
  core::Bps m_rate;
  sim::Drain* m_line = nullptr;
  double m_virtual = 0, m_at = 0;
  std::multimap<double, Entry> m_waiting;                                ///< by virtual finish
  std::multimap<double, std::pair<std::size_t, std::uint64_t>> m_fluid;  ///< flow, number
  std::vector<std::uint32_t> m_in_fluid = std::vector<std::uint32_t>(m_weights.size());
  std::vector<double> m_gps_finish;
  std::uint64_t m_last_pulled = 0;
};

}  // namespace wanwise::acceptance
