// Packet traffic and its observer, for tests of ports and lines by themselves.
#pragma once

#include <vector>

#include "sim/world/kernel/event_queue.hpp"
#include "sim/world/kernel/random.hpp"
#include "sim/world/network/packet.hpp"

namespace wanwise::sim::testing {

/// Sends packets of one size and code point into a sink: Poisson, or at a constant rate.
template <class Enqueue>
class Traffic final : public EventHandler {
 public:
  Traffic(EventQueue& events, Enqueue enqueue, Packet packet, double mean_interval, bool poisson,
          std::uint64_t limit = ~std::uint64_t{0})
      : m_events(events),
        m_enqueue(std::move(enqueue)),
        m_packet(packet),
        m_interval(mean_interval),
        m_poisson(poisson),
        m_limit(limit),
        m_stream(21, "traffic/" + std::to_string(packet.flow)) {
    m_events.schedule(next(0), *this);
  }
  void on_event(Nanos now, std::uint64_t) override {
    if (m_sent == m_limit) return;
    m_packet.id = m_sent++;
    m_packet.since = now;
    m_events.schedule(next(now), *this);
    m_enqueue(now, m_packet);
  }
  [[nodiscard]] std::uint64_t sent() const { return m_sent; }

 private:
  Nanos next(Nanos now) {
    return now + static_cast<Nanos>(m_poisson ? m_stream.exponential(m_interval) : m_interval);
  }
  EventQueue& m_events;
  Enqueue m_enqueue;
  Packet m_packet;
  double m_interval;
  bool m_poisson;
  std::uint64_t m_limit;
  Stream m_stream;
  std::uint64_t m_sent = 0;
};

struct Delivery {
  Nanos at;
  Packet packet;
};

/// Adds up what arrives, by flow; keeps it if asked.
class Observer final : public PacketSink {
 public:
  explicit Observer(bool keep = false) : m_keep(keep) {}
  void accept(Nanos now, const Packet& packet) override {
    if (packet.flow >= bytes.size()) {
      bytes.resize(packet.flow + 1u);
      packets.resize(packet.flow + 1u);
      m_sojourn.resize(packet.flow + 1u);
    }
    bytes[packet.flow] += packet.bytes;
    ++packets[packet.flow];
    m_sojourn[packet.flow] += static_cast<double>(now - packet.since);
    if (m_keep) deliveries.push_back({now, packet});
  }
  [[nodiscard]] double sojourn_ms(std::size_t flow) const {
    return m_sojourn[flow] / static_cast<double>(packets[flow]) * 1e-6;
  }
  std::vector<std::int64_t> bytes;
  std::vector<std::int64_t> packets;
  std::vector<Delivery> deliveries;

 private:
  bool m_keep;
  std::vector<double> m_sojourn;
};

inline Packet packet(std::uint16_t flow, std::uint32_t bytes, std::uint8_t dscp) {
  Packet p;
  p.flow = flow;
  p.bytes = bytes;
  p.dscp = core::Dscp{dscp};
  return p;
}

}  // namespace wanwise::sim::testing
