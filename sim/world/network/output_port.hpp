// An output interface of the router: class queues (LLQ with its policer, CBWFQ by deficit round
// robin, class-default), the parent shaper, and the transmit ring behind them, from which the line
// pulls. Without an output policy: one FIFO. Owns its queues and packets; hands drops to a sink.
// One owner; not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/network/class_queue.hpp"
#include "sim/world/network/packet.hpp"
#include "sim/world/network/packet_draw.hpp"

namespace wanwise::sim {

/// Transmit ring. IOS sizes it (`tx-ring-limit`) from the line; 4 full packets are 2.4 ms of a
/// 20 Mb/s line, a quarter of the shaper's burst: enough to keep the line busy, little to wait for.
inline constexpr std::uint32_t kTxRingPackets = 4;

struct PortSettings {
  core::Bps line_rate;                      ///< what percentages refer to where no shaper is set
  std::uint32_t tx_ring = kTxRingPackets;   ///< packets between the scheduler and the line; 0: none
  std::optional<std::size_t> queue_limit;   ///< of every class, packets; absent: IOS XE's defaults
  std::optional<Wred> wred = std::nullopt;  ///< early drops in all but the priority classes
};

struct PortCounters {
  std::uint64_t tx_packets = 0, tx_bytes = 0, drops = 0;
};

class OutputPort final : public Feed, public EventHandler {
 public:
  OutputPort(EventQueue& events, PortSettings settings, PacketSink& dropped,
             PacketDraw early_draw = PacketDraw(0, "wred"));

  /// The line that pulls from here; set once, before the first packet.
  void attach(Drain& line) { m_line = &line; }
  void configure(Nanos now, std::optional<OutputPolicy> policy);
  void enqueue(Nanos now, const Packet& packet);
  /// The interface is shut: everything inside goes to the sink, uncounted.
  void flush(Nanos now);

  [[nodiscard]] bool has_packet() const override {
    return !m_ring.empty() || (m_settings.tx_ring == 0 && m_backlog > 0);
  }
  bool pull(Nanos now, Packet& packet) override;
  void on_event(Nanos now, std::uint64_t argument) override;

  [[nodiscard]] const PortCounters& counters() const { return m_counters; }
  /// Nothing without an output policy, as on the router.
  [[nodiscard]] std::vector<QueueReading> readings() const;
  [[nodiscard]] std::size_t backlog() const { return m_backlog; }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  void build_queues();
  void carry_over(Nanos now, std::vector<ClassQueue>& old);
  bool polices(Nanos now, ClassQueue& queue, const Packet& packet) const;
  bool drops_early(Nanos now, ClassQueue& queue, const Packet& packet) const;
  void drop(Nanos now, ClassQueue& queue, const Packet& packet);
  [[nodiscard]] std::size_t select();
  [[nodiscard]] std::size_t select_by_deficit();
  bool move_one(Nanos now);
  void fill_ring(Nanos now);

  EventQueue& m_events;
  PortSettings m_settings;
  PacketSink& m_dropped;
  PacketDraw m_early_draw;
  Drain* m_line = nullptr;
  std::optional<OutputPolicy> m_policy;
  std::optional<TokenBucket> m_shaper;
  std::vector<ClassQueue> m_queues;  ///< priority first, class-default last
  std::size_t m_priorities = 0;
  std::int64_t m_largest_share = 1;
  std::size_t m_turn = 0;     ///< of DRR
  std::size_t m_backlog = 0;  ///< packets in m_queues
  PacketFifo m_ring;
  Nanos m_wake_at = -1;  ///< a shaper's wake-up is scheduled for then
  PortCounters m_counters;
};

}  // namespace wanwise::sim
