// An IP SLA operation that somebody configured on the router: one packet (icmp-echo) or several a
// fixed time apart (udp-jitter), in the class of its code point, to a responder just behind the
// link. Its result is there when the last packet is back or given up. Unlike Probe, which the site
// document names and which runs from the beginning, it comes and goes. One owner; not thread-safe.
#pragma once

#include <vector>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/network/packet.hpp"
#include "sim/world/network/qos_config.hpp"
#include "sim/world/world.hpp"

namespace wanwise::sim {

class Operation final : public EventHandler {
 public:
  /// Packets of operations have this bit in their id, so that they are told from a Probe's.
  static constexpr std::uint64_t kMark = std::uint64_t{1} << 63;

  /// Starts at once; `out` takes the packets.
  Operation(EventQueue& events, OperationConfig config, PacketSink& out);

  /// Sends nothing more. It must be kept until the queue has forgotten it.
  void stop() { m_stopped = true; }
  [[nodiscard]] bool forgotten() const { return m_stopped && m_pending == 0; }

  void returned(Nanos now, const Packet& echo);
  void on_event(Nanos now, std::uint64_t argument) override;
  [[nodiscard]] const OperationConfig& config() const { return m_config; }
  [[nodiscard]] const OperationReading& reading() const { return m_reading; }
  /// Whose packet it is.
  [[nodiscard]] static std::uint32_t entry_of(const Packet& packet) {
    return static_cast<std::uint32_t>((packet.id >> 32) & 0x7FFF'FFFFU);
  }

 private:
  void begin(Nanos now);
  void send(Nanos now);
  void finish();
  void later(Nanos at, std::uint64_t argument);

  EventQueue& m_events;
  const OperationConfig m_config;
  PacketSink& m_out;
  OperationReading m_reading;
  bool m_stopped = false;
  bool m_running = false;
  std::uint64_t m_number = 0;  ///< of the operation, from 1
  std::uint32_t m_pending = 0;
  Nanos m_started = 0;
  std::vector<Nanos> m_sent;                   ///< by packet, of this operation
  std::vector<std::optional<Nanos>> m_rounds;  ///< by packet: its round trip
};

}  // namespace wanwise::sim
