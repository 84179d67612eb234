// One WAN link of the router, both directions, as the world and the telemetry see it. How finely it
// is played is the implementation's: PacketLink (packet_link.hpp) moves every packet, FluidLink
// (fluid_link.hpp) whole requests. Here is what both have: radio values, administrative state,
// losses, limits. One owner; not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/core/model.hpp"
#include "sim/world/network/line.hpp"
#include "sim/world/network/operation.hpp"
#include "sim/world/network/packet_draw.hpp"
#include "sim/world/network/probe.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

class WanLinkOwner {
 public:
  /// A packet or a train reached the clouds' side of the link and its hops.
  virtual void arrived_far(Nanos now, std::size_t link, const Packet& packet) = 0;
  /// It came back to the router.
  virtual void arrived_near(Nanos now, std::size_t link, const Packet& packet) = 0;
  virtual void lost_on_link(Nanos now, std::size_t link, const Packet& packet) = 0;

  virtual ~WanLinkOwner() = default;
};

/// What a link is made from.
struct WanLinkParts {
  std::size_t index = 0;  ///< told to the owner
  core::Link link;
  LinkTraces traces;
  LinkTuning tuning;
  WorldTuning world;
  std::uint64_t seed = 1;
};

class WanLink {
 public:
  WanLink(WanLinkOwner& owner, const WanLinkParts& parts);
  virtual ~WanLink() = default;
  WanLink(const WanLink&) = delete;
  WanLink& operator=(const WanLink&) = delete;

  /// Towards the clouds; and back from them.
  virtual void send(Nanos now, const Packet& packet) = 0;
  virtual void respond(Nanos now, const Packet& packet) = 0;
  virtual void configure(Nanos now, std::optional<OutputPolicy> policy) = 0;
  void set_uplink_factor(Nanos now, core::Ppm of_trace);
  /// Administratively down: out of service, and what is inside is lost.
  void set_up(Nanos now, bool up);

  [[nodiscard]] bool up(Nanos now) const;
  [[nodiscard]] std::optional<RadioReading> radio(Nanos now) const;
  [[nodiscard]] InterfaceReading reading(Nanos now) const;
  [[nodiscard]] virtual std::vector<QueueReading> queues(Nanos now) const = 0;
  [[nodiscard]] const std::optional<Probe>& probe() const { return m_probe; }
  /// The operations of this link among `all` run from now on; those that ran go on.
  void run(const std::vector<OperationConfig>& all);
  [[nodiscard]] const std::vector<std::unique_ptr<Operation>>& operations() const {
    return m_operations;
  }
  [[nodiscard]] const core::Link& link() const { return m_link; }
  /// Standing in the modem, bytes: what no shaper reaches.
  [[nodiscard]] virtual std::int64_t modem_bytes(Nanos now) const = 0;

 protected:
  /// Everything in the queues and on the air goes to lost().
  virtual void flush(Nanos now) = 0;
  virtual void uplink_factor_changed(Nanos now, core::Ppm of_trace) = 0;
  /// tx_* and tx_drops of the reading.
  virtual void count_sent(Nanos now, InterfaceReading& reading) const = 0;

  void start_probe(EventQueue& events, const WorldTuning& tuning, PacketSink& out);
  /// Drawn for each packet of a train; the number that are lost.
  [[nodiscard]] std::uint32_t losses_up(const Packet& packet) const {
    return losses(m_loss_up, packet);
  }
  [[nodiscard]] std::uint32_t losses_down(const Packet& packet) const {
    return losses(m_loss_down, packet);
  }
  void at_far_end(Nanos now, const Packet& packet);
  void at_near_end(Nanos now, const Packet& packet);
  void lost(Nanos now, const Packet& packet);
  [[nodiscard]] bool admin_up() const { return m_admin_up; }
  /// Was it shut while something was on its way that arrives now and took `way`?
  [[nodiscard]] bool cut(Nanos now, Nanos way) const {
    return m_shut_at >= 0 && now - way <= m_shut_at;
  }

 private:
  void probe_returned(Nanos now, const Packet& packet);
  [[nodiscard]] std::uint32_t losses(const PacketDraw& draw, const Packet& packet) const;

  WanLinkOwner& m_owner;
  std::size_t m_index;
  core::Link m_link;
  std::optional<RadioTrace> m_radio;
  core::Ppm m_loss;
  PacketDraw m_loss_up, m_loss_down;
  core::Ppm m_factor = core::kWhole;
  bool m_admin_up = true;
  Nanos m_shut_at = -1;  ///< last time
  std::optional<Probe> m_probe;
  EventQueue* m_events = nullptr;     ///< of the operations
  PacketSink* m_probe_way = nullptr;  ///< into this link
  std::vector<std::unique_ptr<Operation>> m_operations;
  std::vector<std::unique_ptr<Operation>> m_stopped;  ///< the queue still knows them
  std::uint64_t m_rx_bytes = 0, m_rx_packets = 0;
};

/// Bounds of the modem's FIFO, and of the base station's.
[[nodiscard]] BufferLimits modem_limits(const core::Link& link, const WorldTuning& tuning);
[[nodiscard]] BufferLimits station_limits(const core::Link& link, const WorldTuning& tuning);

// USB 2.0 high speed, the slowest bus that modems of this class hang on: the router hands packets
// over about twenty times faster than the air takes them, so without a shaper no queue forms in the
// router and none of its classes matters.
inline constexpr core::Bps kModemBusRate{480'000'000};

/// By the world's Detail.
[[nodiscard]] std::unique_ptr<WanLink> make_wan_link(EventQueue& events, WanLinkOwner& owner,
                                                     const WanLinkParts& parts);

}  // namespace wanwise::sim
