#include "sim/world/wan_link.hpp"

#include <algorithm>

namespace wanwise::sim {
namespace {

// USB 2.0 high speed, the slowest bus that modems of this class hang on: the router hands packets
// over about twenty times faster than the air takes them, so without a shaper no queue forms in the
// router and none of its classes matters.
constexpr core::Bps kModemBusRate{480'000'000};
// No modem has less: two requests of 32 KB.
constexpr std::int64_t kModemBytesFloor = 65'536;
// Probes of different links start apart, as operations configured one after the other do.
constexpr Nanos kFirstProbe = 100'000'000;
constexpr Nanos kProbeSpacing = 37'000'000;

std::int64_t depth_bytes(core::Bps rate, core::Micros depth) {
  return std::max(kModemBytesFloor, rate.count / 8 * depth.count / 1'000'000);
}

BufferLimits modem_limits(const core::Link& link, const WorldTuning& tuning) {
  BufferLimits limits{depth_bytes(link.uplink, tuning.modem_depth), std::nullopt};
  if (tuning.modem_discard) limits.older_than = to_nanos(*tuning.modem_discard);
  return limits;
}

BufferLimits station_limits(const core::Link& link, const WorldTuning& tuning) {
  return {depth_bytes(link.downlink, tuning.modem_depth), std::nullopt};
}

/// 10 log10 of a share, in thousandths of a dB; nothing below -20 dB, where a modem detaches.
core::MilliDb in_db(core::Ppm share) {
  constexpr double kLn10 = 2.302585092994045684;
  if (share.count <= 10'000) return core::MilliDb{-20'000};
  const double db = 10 * portable_log(static_cast<double>(share.count) * 1e-6) / kLn10;
  return core::MilliDb{static_cast<std::int64_t>(db * 1000)};
}

}  // namespace

WanLink::WanLink(EventQueue& events, WanLinkOwner& owner, std::size_t index, const core::Link& link,
                 const LinkTraces& traces, const WorldTuning& tuning, std::uint64_t seed)
    : m_owner(owner),
      m_index(index),
      m_link(link),
      m_radio(traces.radio),
      m_packet_loss(tuning.packet_loss),
      m_loss(seed, "loss/" + link.name.text),
      m_lost(*this, &WanLink::lost),
      m_left_uplink(*this, &WanLink::left_uplink),
      m_left_downlink(*this, &WanLink::left_downlink),
      m_far_end(*this, &WanLink::at_far_end),
      m_near_end(*this, &WanLink::at_near_end),
      m_probe_out(*this, &WanLink::probe_out),
      m_port(events, PortSettings{link.uplink, tuning.tx_ring, std::nullopt}, m_lost),
      m_modem(modem_limits(link, tuning), m_lost),
      m_bus(events, kModemBusRate, m_port, m_modem),
      m_uplink(events, traces.uplink,
               link.kind == core::LinkKind::cellular ? static_cast<Feed&>(m_modem) : m_port,
               m_left_uplink),
      m_up_pipe(events, to_nanos(link.rtt) / 2, m_far_end),
      m_station(station_limits(link, tuning), m_lost),
      m_downlink(events, traces.downlink, m_station, m_left_downlink),
      m_down_pipe(events, to_nanos(link.rtt) / 2, m_near_end) {
  switch (link.kind) {
    case core::LinkKind::cellular:
      m_port.attach(m_bus);
      m_modem.attach(m_uplink);
      break;
    case core::LinkKind::wired:
      m_port.attach(m_uplink);
      break;
  }
  m_station.attach(m_downlink);
  if (link.probe) {
    const ProbeSettings settings{*link.probe, to_nanos(tuning.probe_period),
                                 to_nanos(tuning.probe_timeout)};
    m_probe.emplace(events, settings, kFirstProbe + static_cast<Nanos>(index) * kProbeSpacing,
                    m_probe_out);
  }
}

void WanLink::configure(Nanos now, std::optional<OutputPolicy> policy) {
  m_port.configure(now, std::move(policy));
}

void WanLink::set_uplink_factor(core::Ppm of_trace) {
  m_factor = of_trace;
  m_uplink.set_factor(of_trace);
}

bool WanLink::loses() {
  if (m_packet_loss.count == 0) return false;
  return m_loss.uniform() * 1e6 < static_cast<double>(m_packet_loss.count);
}

void WanLink::left_uplink(Nanos now, const Packet& packet) {
  if (loses()) {
    lost(now, packet);
  } else {
    m_up_pipe.accept(now, packet);
  }
}

void WanLink::left_downlink(Nanos now, const Packet& packet) {
  if (loses()) {
    lost(now, packet);
  } else {
    m_down_pipe.accept(now, packet);
  }
}

void WanLink::at_far_end(Nanos now, const Packet& packet) {
  if (packet.kind == PacketKind::probe) {
    m_station.accept(now, packet);
  } else {
    m_owner.arrived_far(now, m_index, packet);
  }
}

void WanLink::at_near_end(Nanos now, const Packet& packet) {
  m_rx_bytes += packet.bytes;
  ++m_rx_packets;
  if (packet.kind == PacketKind::probe) {
    m_probe->returned(now, packet);
  } else {
    m_owner.arrived_near(now, m_index, packet);
  }
}

void WanLink::lost(Nanos now, const Packet& packet) {
  // A lost probe is found by its timeout.
  if (packet.kind != PacketKind::probe) m_owner.lost_on_link(now, m_index, packet);
}

std::optional<RadioReading> WanLink::radio(Nanos now) const {
  if (!m_radio || m_radio->points.empty()) return std::nullopt;
  const core::Micros offset{to_micros(now).count %
                            std::max<std::int64_t>(1, m_radio->period.count)};
  const auto after =
      std::upper_bound(m_radio->points.begin(), m_radio->points.end(), offset,
                       [](core::Micros t, const RadioPoint& point) { return t < point.offset; });
  // Before the first point the last one of the repetition before still holds.
  RadioReading reading =
      after == m_radio->points.begin() ? m_radio->points.back().reading : (after - 1)->reading;
  if (m_factor < core::kWhole) {
    // A collapse that the trace does not contain must show on the air too: at low SINR capacity is
    // proportional to the received power (Shannon), so a share of it is as many dB less.
    const core::MilliDb less = in_db(m_factor);
    if (reading.sinr) *reading.sinr += less;
    const auto whole = static_cast<std::int32_t>(less.count / 1000);
    if (reading.rsrp_dbm) *reading.rsrp_dbm = std::max(-140, *reading.rsrp_dbm + whole);
    if (reading.rssi_dbm) *reading.rssi_dbm = std::max(-113, *reading.rssi_dbm + whole);
  }
  return reading;
}

bool WanLink::up(Nanos now) const {
  const auto reading = radio(now);
  return !reading || reading->in_service;
}

InterfaceReading WanLink::reading(Nanos now) const {
  InterfaceReading r;
  r.interface = m_link.interface;
  r.up = up(now);
  r.tx_bytes = m_port.counters().tx_bytes;
  r.tx_packets = m_port.counters().tx_packets;
  r.tx_drops = m_port.counters().drops;
  r.rx_bytes = m_rx_bytes;
  r.rx_packets = m_rx_packets;
  return r;
}

}  // namespace wanwise::sim
