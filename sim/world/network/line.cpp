#include "sim/world/network/line.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {

SerialLine::SerialLine(EventQueue& events, core::Bps rate, Feed& feed, PacketSink& out)
    : m_events(events), m_rate(rate), m_feed(feed), m_out(out) {
  WANWISE_CHECK(rate.count > 0);
}

void SerialLine::wake(Nanos now) {
  if (m_busy) return;
  m_busy = true;  // before the pull: a feed that refills wakes us again
  m_busy = m_feed.pull(now, m_packet);
  if (m_busy) m_events.schedule(now + transmission(m_packet.bytes, m_rate), *this);
}

void SerialLine::on_event(Nanos now, std::uint64_t) {
  const Packet sent = m_packet;
  m_busy = false;
  wake(now);
  m_out.accept(now, sent);
}

TraceLine::TraceLine(EventQueue& events, RateTrace trace, Feed& feed, PacketSink& out)
    : m_events(events), m_cursor(std::move(trace)), m_feed(feed), m_out(out) {}

void TraceLine::arm(Nanos not_before) {
  if (m_cursor.empty()) return;
  m_next = m_cursor.first_at_or_after(not_before, m_next);
  m_armed = true;
  m_events.schedule(m_cursor.time_of(m_next), *this);
}

void TraceLine::wake(Nanos now) {
  if (!m_armed) arm(now);
}

void TraceLine::use_opportunity(Nanos now) {
  std::uint32_t room = kMtu;
  while (room > 0) {
    if (m_left == 0) {
      if (!m_feed.pull(now, m_packet)) return;
      m_left = m_packet.bytes;
    }
    const std::uint32_t part = std::min(room, m_left);
    room -= part;
    m_left -= part;
    m_sent_bytes += part;
    if (m_left == 0) m_out.accept(now, m_packet);
  }
}

void TraceLine::on_event(Nanos now, std::uint64_t) {
  // m_armed stays set meanwhile: a feed that refills must not arm us a second time.
  while (m_cursor.time_of(m_next) == now) {
    for (auto grants = m_cursor.grants(m_next, m_factor); grants > 0; --grants)
      use_opportunity(now);
    ++m_next;
  }
  m_armed = false;
  if (m_left > 0 || m_feed.has_packet()) arm(now);
}

std::optional<Packet> TraceLine::abandon() {
  if (m_left == 0) return std::nullopt;
  m_left = 0;
  return m_packet;
}

Pipe::Pipe(EventQueue& events, Nanos delay, PacketSink& out)
    : m_events(events), m_delay(delay), m_out(out) {
  WANWISE_CHECK(delay >= 0);
}

void Pipe::accept(Nanos now, const Packet& packet) {
  if (m_packets.empty()) m_events.schedule(now + m_delay, *this);
  Packet late = packet;
  late.since = now + m_delay;
  m_packets.push(late);
}

void Pipe::on_event(Nanos now, std::uint64_t) {
  // Only what is inside now: a sink may hand a packet straight back.
  for (std::size_t n = m_packets.size(); n > 0 && m_packets.front().since <= now; --n)
    m_out.accept(now, m_packets.pop());
  if (!m_packets.empty()) m_events.schedule(m_packets.front().since, *this);
}

Buffer::Buffer(BufferLimits limits, PacketSink& dropped) : m_limits(limits), m_dropped(dropped) {}

void Buffer::drop(Nanos now, const Packet& packet) {
  ++m_drops;
  m_dropped.accept(now, packet);
}

void Buffer::accept(Nanos now, const Packet& packet) {
  if (m_bytes + packet.bytes > m_limits.bytes) {
    drop(now, packet);
    return;
  }
  Packet waiting = packet;
  waiting.since = now;
  m_packets.push(waiting);
  m_bytes += packet.bytes;
  if (m_line != nullptr) m_line->wake(now);
}

bool Buffer::pull(Nanos now, Packet& packet) {
  while (!m_packets.empty()) {
    packet = m_packets.pop();
    m_bytes -= packet.bytes;
    if (!m_limits.older_than || now - packet.since <= *m_limits.older_than) return true;
    drop(now, packet);
  }
  return false;
}

void Buffer::flush(Nanos now) {
  PacketFifo gone;
  std::swap(gone, m_packets);
  m_bytes = 0;
  while (!gone.empty()) m_dropped.accept(now, gone.pop());
}

}  // namespace wanwise::sim
