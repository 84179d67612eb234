#include "sim/world/network/probe.hpp"

#include "engine/core/check.hpp"
#include "sim/world/network/packet_draw.hpp"

namespace wanwise::sim {
namespace {
constexpr std::uint64_t kStart = 0;
constexpr std::uint64_t kTimeout = 1;
}  // namespace

Probe::Probe(EventQueue& events, ProbeSettings settings, Nanos first, PacketSink& out)
    : m_events(events), m_settings(settings), m_out(out) {
  WANWISE_CHECK(settings.period > 0 && settings.timeout > 0);
  WANWISE_CHECK(settings.timeout <= settings.period);
  m_reading.entry = settings.entry;
  m_events.schedule(first, *this, kStart);
}

void Probe::start(Nanos now) {
  ++m_operation;
  m_waiting = true;
  m_started = now;
  // The timeout is scheduled before the next start, so it runs first when both fall together.
  m_events.schedule(now + m_settings.timeout, *this, kTimeout);
  m_events.schedule(now + m_settings.period, *this, kStart);
  Packet packet;
  packet.id = m_operation;
  packet.key = request_key(m_settings.entry, m_operation);
  packet.bytes = kBytes;
  packet.kind = PacketKind::probe;
  m_out.accept(now, packet);
}

void Probe::returned(Nanos now, const Packet& echo) {
  if (!m_waiting || echo.id != m_operation) return;
  m_waiting = false;
  ++m_reading.successes;
  m_reading.rtt = to_micros(now - m_started);
  m_reading.started_at = to_instant(m_started);
}

void Probe::on_event(Nanos now, std::uint64_t argument) {
  if (argument == kStart) {
    start(now);
    return;
  }
  if (!m_waiting || now - m_started < m_settings.timeout) return;
  m_waiting = false;
  ++m_reading.failures;
  m_reading.rtt.reset();
  m_reading.started_at = to_instant(m_started);
}

}  // namespace wanwise::sim
