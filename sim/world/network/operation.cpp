#include "sim/world/network/operation.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "sim/world/network/packet_draw.hpp"
#include "sim/world/network/probe.hpp"

namespace wanwise::sim {
namespace {

constexpr std::uint64_t kBegin = 0;
constexpr std::uint64_t kSend = 1;
constexpr std::uint64_t kEnd = 2;
// udp-jitter: 32 bytes of data (IOS `request-data-size` default), 8 of UDP, 20 of IP.
constexpr std::uint32_t kJitterBytes = 60;
constexpr std::uint64_t kNumberMask = 0xFFFF;  // of an operation, in a packet's id

}  // namespace

Operation::Operation(EventQueue& events, OperationConfig config, PacketSink& out)
    : m_events(events), m_config(std::move(config)), m_out(out) {
  WANWISE_CHECK(m_config.packets > 0 && m_config.packets <= kMaxOperationPackets);
  WANWISE_CHECK(m_config.period.count > 0 && m_config.timeout.count > 0);
  WANWISE_CHECK(m_config.packets == 1 || m_config.interval.count > 0);
  m_reading.entry = m_config.entry;
  m_reading.packets = m_config.packets;
  later(events.now(), kBegin);
}

void Operation::later(Nanos at, std::uint64_t argument) {
  ++m_pending;
  m_events.schedule(at, *this, argument);
}

void Operation::begin(Nanos now) {
  finish();  // one that is longer than its period ends here
  ++m_number;
  m_running = true;
  m_started = now;
  m_sent.clear();
  m_rounds.clear();
  later(now + to_nanos(m_config.period), kBegin);
  send(now);
}

void Operation::send(Nanos now) {
  const std::uint64_t index = m_sent.size();
  m_sent.push_back(now);
  m_rounds.emplace_back();
  const bool last = m_sent.size() == m_config.packets;
  later(now + to_nanos(last ? m_config.timeout : m_config.interval), last ? kEnd : kSend);
  Packet packet;
  packet.id = kMark | std::uint64_t{m_config.entry} << 32 | (m_number & kNumberMask) << 16 | index;
  packet.key = request_key(m_config.entry, m_number) + index;
  packet.bytes = m_config.packets == 1 ? Probe::kBytes : kJitterBytes;
  packet.dscp = m_config.dscp;
  packet.kind = PacketKind::probe;
  m_out.accept(now, packet);
}

void Operation::returned(Nanos now, const Packet& echo) {
  const std::uint64_t index = echo.id & 0xFFFF;
  if (!m_running || ((echo.id >> 16) & kNumberMask) != (m_number & kNumberMask) ||
      index >= m_rounds.size() || now - m_sent[index] > to_nanos(m_config.timeout)) {
    return;  // of an operation that is over, or too late
  }
  m_rounds[index] = now - m_sent[index];
  const bool all = m_sent.size() == m_config.packets &&
                   std::all_of(m_rounds.begin(), m_rounds.end(),
                               [](const auto& round) { return round.has_value(); });
  if (all) finish();
}

void Operation::finish() {
  if (!m_running) return;
  m_running = false;
  Nanos sum = 0, differences = 0;
  std::int64_t back = 0, pairs = 0;
  std::optional<Nanos> before;
  OperationReading& out = m_reading;
  out.min = out.max = out.avg = out.jitter = std::nullopt;
  for (const auto& round : m_rounds) {
    if (!round) continue;
    out.min = std::min(out.min.value_or(to_micros(*round)), to_micros(*round));
    out.max = std::max(out.max.value_or(to_micros(*round)), to_micros(*round));
    if (before) {
      differences += *round > *before ? *round - *before : *before - *round;
      ++pairs;
    }
    before = round;
    sum += *round;
    ++back;
  }
  if (back > 0) out.avg = to_micros(sum / back);
  if (pairs > 0) out.jitter = to_micros(differences / pairs);
  out.lost = m_config.packets - static_cast<std::uint32_t>(back);
  ++(back > 0 ? out.successes : out.failures);
  out.started_at = to_instant(m_started);
}

void Operation::on_event(Nanos now, std::uint64_t argument) {
  --m_pending;
  if (m_stopped) return;
  if (argument == kBegin) {
    begin(now);
  } else if (argument == kSend) {
    if (m_running && m_sent.size() < m_config.packets) send(now);
  } else if (!m_sent.empty() && now - m_sent.back() >= to_nanos(m_config.timeout)) {
    finish();
  }
}

}  // namespace wanwise::sim
