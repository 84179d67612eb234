// What carries packets: a serial line of fixed rate, a line whose rate is a trace of delivery
// opportunities, a pipe of constant delay, and the FIFO of a modem or a base station in front of
// them. Each hands on to one sink and owns the packets inside it. One owner; not thread-safe.
#pragma once

#include <optional>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/network/packet.hpp"
#include "sim/world/network/rate_cursor.hpp"

namespace wanwise::sim {

/// Sends packet by packet at a fixed rate.
class SerialLine final : public Drain, public EventHandler {
 public:
  SerialLine(EventQueue& events, core::Bps rate, Feed& feed, PacketSink& out);

  void wake(Nanos now) override;
  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  EventQueue& m_events;
  core::Bps m_rate;
  Feed& m_feed;
  PacketSink& m_out;
  Packet m_packet;
  bool m_busy = false;
};

/// mm-link's semantics: at each opportunity up to 1500 bytes leave, several packets may share it, a
/// packet may span two, what nobody uses is lost.
class TraceLine final : public Drain, public EventHandler {
 public:
  TraceLine(EventQueue& events, RateTrace trace, Feed& feed, PacketSink& out);

  /// Opportunities there are, of those in the trace; spread evenly.
  void set_factor(core::Ppm of_trace) { m_factor = of_trace; }
  void wake(Nanos now) override;
  void on_event(Nanos now, std::uint64_t argument) override;
  /// Gives up the packet that is partly sent, if any.
  std::optional<Packet> abandon();

  /// Bytes sent since the beginning.
  [[nodiscard]] std::uint64_t sent_bytes() const { return m_sent_bytes; }

 private:
  void use_opportunity(Nanos now);
  void arm(Nanos not_before);

  EventQueue& m_events;
  RateCursor m_cursor;
  Feed& m_feed;
  PacketSink& m_out;
  core::Ppm m_factor = core::kWhole;
  std::int64_t m_next = 0;  ///< first opportunity that may still be used
  bool m_armed = false;
  Packet m_packet;
  std::uint32_t m_left = 0;  ///< bytes of m_packet still to send
  std::uint64_t m_sent_bytes = 0;
};

/// Delivers each packet a constant time later.
class Pipe final : public PacketSink, public EventHandler {
 public:
  Pipe(EventQueue& events, Nanos delay, PacketSink& out);

  void accept(Nanos now, const Packet& packet) override;
  void on_event(Nanos now, std::uint64_t argument) override;

 private:
  EventQueue& m_events;
  Nanos m_delay;
  PacketSink& m_out;
  PacketFifo m_packets;
};

struct BufferLimits {
  std::int64_t bytes = 0;           ///< more are dropped at the tail
  std::optional<Nanos> older_than;  ///< dropped at the head; LTE: PDCP's discardTimer
};

/// FIFO in front of a line.
class Buffer final : public PacketSink, public Feed {
 public:
  Buffer(BufferLimits limits, PacketSink& dropped);

  void attach(Drain& line) { m_line = &line; }
  void accept(Nanos now, const Packet& packet) override;
  [[nodiscard]] bool has_packet() const override { return !m_packets.empty(); }
  bool pull(Nanos now, Packet& packet) override;
  /// Everything inside goes to the sink, uncounted.
  void flush(Nanos now);

  [[nodiscard]] std::int64_t bytes() const { return m_bytes; }
  [[nodiscard]] std::uint64_t drops() const { return m_drops; }

 private:
  void drop(Nanos now, const Packet& packet);

  BufferLimits m_limits;
  PacketSink& m_dropped;
  Drain* m_line = nullptr;
  PacketFifo m_packets;
  std::int64_t m_bytes = 0;
  std::uint64_t m_drops = 0;
};

}  // namespace wanwise::sim
