// A WAN link packet by packet: output port, modem (cellular), uplink trace, propagation, hops; the
// base station's queue and the downlink trace on the way back. Owns all of these. One owner; not
// thread-safe.
#pragma once

#include "sim/world/network/hops.hpp"
#include "sim/world/network/output_port.hpp"
#include "sim/world/network/wan_link.hpp"

namespace wanwise::sim {

class PacketLink final : public WanLink {
 public:
  PacketLink(EventQueue& events, WanLinkOwner& owner, const WanLinkParts& parts);

  void send(Nanos now, const Packet& packet) override;
  void respond(Nanos now, const Packet& packet) override;
  void configure(Nanos now, std::optional<OutputPolicy> policy) override;
  [[nodiscard]] std::vector<QueueReading> queues(Nanos) const override { return m_port.readings(); }
  [[nodiscard]] std::int64_t modem_bytes(Nanos) const override { return m_modem.bytes(); }

 private:
  /// Hands packets to one of the link's own functions.
  class Tap final : public PacketSink {
   public:
    using Function = void (PacketLink::*)(Nanos, const Packet&);
    Tap(PacketLink& link, Function function) : m_link(link), m_function(function) {}
    void accept(Nanos now, const Packet& packet) override { (m_link.*m_function)(now, packet); }

   private:
    PacketLink& m_link;
    Function m_function;
  };

  void flush(Nanos now) override;
  void uplink_factor_changed(Nanos now, core::Ppm of_trace) override;
  void count_sent(Nanos now, InterfaceReading& reading) const override;

  void left_uplink(Nanos now, const Packet& packet);
  void left_downlink(Nanos now, const Packet& packet);
  void crossed_up(Nanos now, const Packet& packet);
  void crossed_down(Nanos now, const Packet& packet);
  void behind_hops(Nanos now, const Packet& packet) { at_far_end(now, packet); }
  void into_station(Nanos now, const Packet& packet);
  void dropped(Nanos now, const Packet& packet) { lost(now, packet); }

  Nanos m_one_way;
  Tap m_dropped, m_left_uplink, m_left_downlink, m_crossed_up, m_crossed_down, m_behind_hops,
      m_into_station, m_probe_out;
  OutputPort m_port;
  Buffer m_modem;
  SerialLine m_bus;  ///< router to modem; cellular only
  TraceLine m_uplink;
  Pipe m_up_pipe;
  Hops m_up_hops, m_down_hops;
  Buffer m_station;  ///< base station, or the provider's edge
  TraceLine m_downlink;
  Pipe m_down_pipe;
};

}  // namespace wanwise::sim
