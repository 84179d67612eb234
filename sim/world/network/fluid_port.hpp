// An output interface of the router for whole trains (Detail::requests): the classes of OutputPort
// as fluids. Priority is served first, the others share what it leaves by their percentages
// (generalised processor sharing: Parekh, Gallager, 1993), all together no faster than the parent
// shaper. Policer, limits, early drops and counters are those of the packets; a train that meets
// them loses its last packets. Owns its queues and trains. One owner; not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/network/class_queue.hpp"
#include "sim/world/network/output_port.hpp"
#include "sim/world/network/pace.hpp"
#include "sim/world/network/packet_draw.hpp"
#include "sim/world/network/train.hpp"

namespace wanwise::sim {

struct FluidPortSettings {
  core::Bps line_rate;  ///< what percentages refer to where no shaper is set
  core::Bps bus_rate;   ///< to a modem: how fast it takes them
  /// Without a modem the line itself sets the pace wherever the shaper does not.
  std::optional<RateTrace> line;
  std::optional<Wred> wred = std::nullopt;
};

class FluidPort final : public EventHandler {
 public:
  FluidPort(EventQueue& events, FluidPortSettings settings, TrainSink& out, PacketSink& dropped,
            PacketDraw early_draw);

  void configure(Nanos now, std::optional<OutputPolicy> policy);
  void enqueue(Nanos now, const Packet& train);
  void set_factor(Nanos now, core::Ppm of_trace);
  /// The interface is shut: everything inside goes to the sink, uncounted.
  void flush(Nanos now);
  void on_event(Nanos now, std::uint64_t argument) override;

  /// The line itself sets the pace: what leaves here has been sent on it.
  [[nodiscard]] bool by_line() const { return m_by_line; }
  [[nodiscard]] PortCounters counters(Nanos now) const;
  /// Nothing without an output policy, as on the router.
  [[nodiscard]] std::vector<QueueReading> readings(Nanos now) const;

 private:
  /// What a class has besides ClassQueue: its first train is being served.
  struct Head {
    double left = 0;          ///< bytes of it still to serve
    Nanos began = -1;         ///< -1: its service has not begun
    std::size_t packets = 0;  ///< of all trains of the class
  };

  /// What the line's trace offers now, on average; there is one.
  [[nodiscard]] core::Bps line_mean() const;
  [[nodiscard]] bool shaped() const;
  [[nodiscard]] bool passes_through() const { return !m_policy && !m_settings.line; }
  void set_pace();
  void push(std::size_t queue, const Packet& train);
  void advance(Nanos now);
  [[nodiscard]] std::size_t first_priority() const;
  [[nodiscard]] double shares() const;
  [[nodiscard]] double to_next_completion() const;
  void serve(Nanos now, std::size_t queue, double bytes);
  void complete(Nanos now, std::size_t queue);
  void plan(Nanos now);
  [[nodiscard]] double served(Nanos now, std::size_t queue) const;
  [[nodiscard]] double drain_rate(std::size_t queue) const;
  [[nodiscard]] std::uint32_t admit(Nanos now, std::size_t queue, const Packet& train);
  [[nodiscard]] std::uint32_t police(Nanos now, std::size_t queue, const Packet& train,
                                     std::uint32_t packets);
  void drop(Nanos now, std::size_t queue, const Packet& train);

  EventQueue& m_events;
  FluidPortSettings m_settings;
  TrainSink& m_out;
  PacketSink& m_dropped;
  PacketDraw m_early_draw;
  std::optional<OutputPolicy> m_policy;
  std::vector<ClassQueue> m_queues;  ///< priority first, class-default last
  std::vector<Head> m_heads;         ///< by position in m_queues
  std::size_t m_priorities = 0;
  std::size_t m_trains = 0;  ///< in all queues
  std::optional<Pace> m_pace;
  bool m_by_line = false;     ///< the pace is the line's
  bool m_was_shaped = false;  ///< the pace is a shaper's
  core::Ppm m_factor = core::kWhole;
  Nanos m_at = 0;  ///< served up to here
  Nanos m_wake_at = -1;
  PortCounters m_counters;
};

}  // namespace wanwise::sim
