// One WAN link of the router, both directions: output port, modem (cellular), uplink trace,
// propagation; the base station's queue and the downlink trace on the way back; radio values and
// the probe. Owns all of these. One owner; not thread-safe.
#pragma once

#include <optional>

#include "engine/core/model.hpp"
#include "sim/world/line.hpp"
#include "sim/world/output_port.hpp"
#include "sim/world/probe.hpp"
#include "sim/world/random.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

class WanLinkOwner {
 public:
  /// A packet reached the far end of the link.
  virtual void arrived_far(Nanos now, std::size_t link, const Packet& packet) = 0;
  /// A packet came back to the router.
  virtual void arrived_near(Nanos now, std::size_t link, const Packet& packet) = 0;
  virtual void lost_on_link(Nanos now, std::size_t link, const Packet& packet) = 0;

  virtual ~WanLinkOwner() = default;
};

class WanLink {
 public:
  WanLink(EventQueue& events, WanLinkOwner& owner, std::size_t index, const core::Link& link,
          const LinkTraces& traces, const WorldTuning& tuning, std::uint64_t seed);
  WanLink(const WanLink&) = delete;
  WanLink& operator=(const WanLink&) = delete;

  void send(Nanos now, const Packet& packet) { m_port.enqueue(now, packet); }
  void respond(Nanos now, const Packet& packet) { m_station.accept(now, packet); }
  void configure(Nanos now, std::optional<OutputPolicy> policy);
  void set_uplink_factor(core::Ppm of_trace);

  [[nodiscard]] bool up(Nanos now) const;
  [[nodiscard]] std::optional<RadioReading> radio(Nanos now) const;
  [[nodiscard]] InterfaceReading reading(Nanos now) const;
  [[nodiscard]] std::vector<QueueReading> queues() const { return m_port.readings(); }
  [[nodiscard]] const std::optional<Probe>& probe() const { return m_probe; }
  [[nodiscard]] const core::Link& link() const { return m_link; }
  /// Standing in the modem, bytes: what no shaper reaches.
  [[nodiscard]] std::int64_t modem_bytes() const { return m_modem.bytes(); }

 private:
  /// Hands packets to one of the link's own functions.
  class Tap final : public PacketSink {
   public:
    using Function = void (WanLink::*)(Nanos, const Packet&);
    Tap(WanLink& link, Function function) : m_link(link), m_function(function) {}
    void accept(Nanos now, const Packet& packet) override { (m_link.*m_function)(now, packet); }

   private:
    WanLink& m_link;
    Function m_function;
  };

  [[nodiscard]] bool loses();
  void left_uplink(Nanos now, const Packet& packet);
  void left_downlink(Nanos now, const Packet& packet);
  void at_far_end(Nanos now, const Packet& packet);
  void at_near_end(Nanos now, const Packet& packet);
  void lost(Nanos now, const Packet& packet);
  void probe_out(Nanos now, const Packet& packet) { m_port.enqueue(now, packet); }

  WanLinkOwner& m_owner;
  std::size_t m_index;
  core::Link m_link;
  std::optional<RadioTrace> m_radio;
  core::Ppm m_packet_loss;
  core::Ppm m_factor = core::kWhole;
  Stream m_loss;
  Tap m_lost, m_left_uplink, m_left_downlink, m_far_end, m_near_end, m_probe_out;
  OutputPort m_port;
  Buffer m_modem;
  SerialLine m_bus;  ///< router to modem; cellular only
  TraceLine m_uplink;
  Pipe m_up_pipe;
  Buffer m_station;  ///< base station, or the provider's edge
  TraceLine m_downlink;
  Pipe m_down_pipe;
  std::optional<Probe> m_probe;
  std::uint64_t m_rx_bytes = 0, m_rx_packets = 0;
};

}  // namespace wanwise::sim
