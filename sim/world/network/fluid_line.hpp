// A buffer, the line behind it and its propagation for whole trains: what Buffer, SerialLine or
// TraceLine, and Pipe do packet by packet, in one event for each train. Departures are known when a
// train enters, because the line serves first come, first served; they are found anew when the
// trace's factor changes. Losses are told when the train would have arrived. Owns the trains
// inside. One owner; not thread-safe.
#pragma once

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/network/line.hpp"
#include "sim/world/network/line_clock.hpp"
#include "sim/world/network/train.hpp"

namespace wanwise::sim {

class FluidLine final : public TrainSink, public EventHandler {
 public:
  FluidLine(EventQueue& events, LineClock clock, BufferLimits limits, Nanos delay, TrainSink& out,
            PacketSink& dropped);

  /// What does not fit the buffer is dropped at once: the last packets of the train.
  void accept(Nanos first, Nanos last, const Packet& train) override;
  void on_event(Nanos now, std::uint64_t argument) override;
  void set_factor(Nanos now, core::Ppm of_trace);
  /// What has not left goes to the sink, uncounted; what propagates arrives.
  void flush(Nanos now);

  /// Waiting and not yet sent.
  [[nodiscard]] std::int64_t bytes(Nanos now) const;
  [[nodiscard]] std::uint64_t drops() const { return m_drops; }

 private:
  struct Item {
    Packet train;
    Nanos first = 0, last = 0;  ///< as it came
    Nanos began = 0;            ///< the line turned to it
    Nanos head_left = 0;        ///< its first packet had left
    Nanos departs = 0;
    std::int64_t left = 0;  ///< bytes to send since `began`
    bool lost = false;      ///< too old when its turn came
  };

  void settle(Nanos now);
  void enter(Item item);
  void send(Item& item);
  void discard(Item item);
  [[nodiscard]] Nanos last_departure() const;
  [[nodiscard]] static std::int64_t progress(const Item& item, Nanos now);
  void arm();

  EventQueue& m_events;
  LineClock m_clock;
  BufferLimits m_limits;
  Nanos m_delay;
  TrainSink& m_out;
  PacketSink& m_dropped;
  Fifo<Item> m_items;          ///< those that have left and propagate, then those that wait
  std::size_t m_departed = 0;  ///< of them
  std::int64_t m_bytes = 0;    ///< `left` of those that wait
  Nanos m_armed = -1;          ///< when the next event of ours comes
  std::uint64_t m_drops = 0;   ///< packets
};

}  // namespace wanwise::sim
