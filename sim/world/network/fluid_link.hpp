// A WAN link by whole requests (Detail::requests): the classes as fluids, then the modem's FIFO on
// the uplink trace, propagation and hops, and the base station's FIFO on the downlink trace on the
// way back; a handful of events a request. Counters, probe and radio are those of PacketLink. Owns
// all of its parts. One owner; not thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "sim/world/network/fluid_line.hpp"
#include "sim/world/network/fluid_port.hpp"
#include "sim/world/network/wan_link.hpp"

namespace wanwise::sim {

class FluidLink final : public WanLink {
 public:
  FluidLink(EventQueue& events, WanLinkOwner& owner, const WanLinkParts& parts);

  void send(Nanos now, const Packet& train) override;
  void respond(Nanos now, const Packet& train) override;
  void configure(Nanos now, std::optional<OutputPolicy> policy) override;
  [[nodiscard]] std::vector<QueueReading> queues(Nanos now) const override;
  [[nodiscard]] std::int64_t modem_bytes(Nanos now) const override;

 private:
  /// Hands trains to one of the link's own functions.
  class Joint final : public TrainSink {
   public:
    using Function = void (FluidLink::*)(Nanos, Nanos, const Packet&);
    Joint(FluidLink& link, Function function) : m_link(link), m_function(function) {}
    void accept(Nanos first, Nanos last, const Packet& train) override {
      (m_link.*m_function)(first, last, train);
    }

   private:
    FluidLink& m_link;
    Function m_function;
  };
  class Tap final : public PacketSink {
   public:
    using Function = void (FluidLink::*)(Nanos, const Packet&);
    Tap(FluidLink& link, Function function) : m_link(link), m_function(function) {}
    void accept(Nanos now, const Packet& train) override { (m_link.*m_function)(now, train); }

   private:
    FluidLink& m_link;
    Function m_function;
  };
  /// One direction of the hops, the last one first.
  using Chain = std::vector<std::unique_ptr<FluidLine>>;

  void flush(Nanos now) override;
  void uplink_factor_changed(Nanos now, core::Ppm of_trace) override;
  void count_sent(Nanos now, InterfaceReading& reading) const override;

  static Chain chain(EventQueue& events, const std::vector<Hop>& hops, TrainSink& out,
                     PacketSink& dropped);
  void left_port(Nanos first, Nanos last, const Packet& train);
  void crossed_up(Nanos first, Nanos last, const Packet& train);
  void behind_hops(Nanos, Nanos last, const Packet& train) { at_far_end(last, train); }
  void into_station(Nanos first, Nanos last, const Packet& train);
  void crossed_down(Nanos first, Nanos last, const Packet& train);
  void dropped(Nanos now, const Packet& train) { lost(now, train); }
  [[nodiscard]] std::optional<Packet> survivors(Nanos now, const Packet& train,
                                                std::uint32_t losses);

  Nanos m_one_way;
  Tap m_dropped, m_probe_out;
  Joint m_left_port, m_crossed_up, m_behind_hops, m_into_station, m_crossed_down;
  FluidLine m_uplink;  ///< the modem's FIFO and the air, or the wire behind a slower shaper
  FluidLine m_wire;    ///< propagation only, where the port has the line's own pace
  FluidPort m_port;
  Chain m_up_hops, m_down_hops;
  FluidLine m_downlink;  ///< base station, or the provider's edge
};

}  // namespace wanwise::sim
