// The IP SLA icmp-echo operation that measures a link: one small packet a period, its round trip or
// a timeout. RFC 792 echo; IOS `ip sla … icmp-echo`. One owner; not thread-safe.
#pragma once

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/network/packet.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

struct ProbeSettings {
  std::uint32_t entry = 0;
  Nanos period = kNanosPerSecond;
  Nanos timeout = kNanosPerSecond;  ///< not longer than the period
};

class Probe final : public EventHandler {
 public:
  /// 28 bytes of data (IOS `request-data-size` default), 8 of ICMP, 20 of IP.
  static constexpr std::uint32_t kBytes = 56;

  /// Starts operations from `first` on; `out` takes the packets.
  Probe(EventQueue& events, ProbeSettings settings, Nanos first, PacketSink& out);

  /// The echo of one of our packets came back.
  void returned(Nanos now, const Packet& echo);
  void on_event(Nanos now, std::uint64_t argument) override;
  [[nodiscard]] const ProbeReading& reading() const { return m_reading; }

 private:
  void start(Nanos now);

  EventQueue& m_events;
  ProbeSettings m_settings;
  PacketSink& m_out;
  std::uint64_t m_operation = 0;
  bool m_waiting = false;
  Nanos m_started = 0;
  ProbeReading m_reading;
};

}  // namespace wanwise::sim
