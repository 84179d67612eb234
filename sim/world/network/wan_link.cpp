#include "sim/world/network/wan_link.hpp"

#include <algorithm>

#include "sim/world/network/fluid_link.hpp"
#include "sim/world/network/packet_link.hpp"

namespace wanwise::sim {
namespace {

// No modem has less: two requests of 32 KB.
constexpr std::int64_t kModemBytesFloor = 65'536;
// Probes of different links start apart, as operations configured one after the other do.
constexpr Nanos kFirstProbe = 100'000'000;
constexpr Nanos kProbeSpacing = 37'000'000;

std::int64_t depth_bytes(core::Bps rate, core::Micros depth) {
  return std::max(kModemBytesFloor, rate.count / 8 * depth.count / 1'000'000);
}

/// 10 log10 of a share, in thousandths of a dB; nothing below -20 dB, where a modem detaches.
core::MilliDb in_db(core::Ppm share) {
  constexpr double kLn10 = 2.302585092994045684;
  if (share.count <= 10'000) return core::MilliDb{-20'000};
  const double db = 10 * portable_log(static_cast<double>(share.count) * 1e-6) / kLn10;
  return core::MilliDb{static_cast<std::int64_t>(db * 1000)};
}

/// The values that hold at this moment.
const RadioReading& at(const RadioTrace& radio, Nanos now) {
  const core::Micros offset{to_micros(now).count % std::max<std::int64_t>(1, radio.period.count)};
  const auto after =
      std::upper_bound(radio.points.begin(), radio.points.end(), offset,
                       [](core::Micros t, const RadioPoint& point) { return t < point.offset; });
  // Before the first point the last one of the repetition before still holds.
  return after == radio.points.begin() ? radio.points.back().reading : (after - 1)->reading;
}

}  // namespace

BufferLimits modem_limits(const core::Link& link, const WorldTuning& tuning) {
  BufferLimits limits{depth_bytes(link.uplink, tuning.modem_depth), std::nullopt};
  if (tuning.modem_discard) limits.older_than = to_nanos(*tuning.modem_discard);
  return limits;
}

BufferLimits station_limits(const core::Link& link, const WorldTuning& tuning) {
  return {depth_bytes(link.downlink, tuning.modem_depth), std::nullopt};
}

WanLink::WanLink(WanLinkOwner& owner, const WanLinkParts& parts)
    : m_owner(owner),
      m_index(parts.index),
      m_link(parts.link),
      m_radio(parts.traces.radio),
      m_loss(parts.tuning.loss.count > 0 ? parts.tuning.loss : parts.world.packet_loss),
      m_loss_up(parts.seed, "loss/" + parts.link.name.text + "/up"),
      m_loss_down(parts.seed, "loss/" + parts.link.name.text + "/down") {}

void WanLink::start_probe(EventQueue& events, const WorldTuning& tuning, PacketSink& out) {
  m_events = &events;
  m_probe_way = &out;
  if (!m_link.probe) return;
  const auto& setup = m_link.probe_setup;
  const ProbeSettings settings{*m_link.probe, to_nanos(setup ? setup->period : tuning.probe_period),
                               to_nanos(setup ? setup->timeout : tuning.probe_timeout)};
  m_probe.emplace(events, settings, kFirstProbe + static_cast<Nanos>(m_index) * kProbeSpacing, out);
}

void WanLink::run(const std::vector<OperationConfig>& all) {
  std::vector<std::unique_ptr<Operation>> before = std::exchange(m_operations, {});
  for (const OperationConfig& config : all) {
    if (config.interface != m_link.interface) continue;
    const auto same = std::find_if(before.begin(), before.end(), [&](const auto& running) {
      return running != nullptr && running->config() == config;
    });
    m_operations.push_back(same != before.end()
                               ? std::move(*same)
                               : std::make_unique<Operation>(*m_events, config, *m_probe_way));
  }
  for (auto& left : before) {
    if (left == nullptr) continue;
    left->stop();
    m_stopped.push_back(std::move(left));
  }
  std::erase_if(m_stopped, [](const auto& stopped) { return stopped->forgotten(); });
}

void WanLink::probe_returned(Nanos now, const Packet& packet) {
  if ((packet.id & Operation::kMark) == 0) {
    m_probe->returned(now, packet);
    return;
  }
  for (const auto& operation : m_operations) {
    if (operation->config().entry == Operation::entry_of(packet)) operation->returned(now, packet);
  }
}

void WanLink::set_uplink_factor(Nanos now, core::Ppm of_trace) {
  m_factor = of_trace;
  uplink_factor_changed(now, of_trace);
}

void WanLink::set_up(Nanos now, bool up) {
  if (up == m_admin_up) return;
  m_admin_up = up;
  if (up) return;
  m_shut_at = now;
  flush(now);
}

std::uint32_t WanLink::losses(const PacketDraw& draw, const Packet& packet) const {
  if (m_loss.count == 0) return 0;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < packet.train; ++i)
    if (draw.below(m_loss, packet.key + i, packet.resends)) ++count;
  return count;
}

void WanLink::at_far_end(Nanos now, const Packet& packet) {
  m_owner.arrived_far(now, m_index, packet);
}

void WanLink::at_near_end(Nanos now, const Packet& packet) {
  m_rx_bytes += packet.bytes;
  m_rx_packets += packet.train;
  if (packet.kind == PacketKind::probe) {
    probe_returned(now, packet);
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
  RadioReading reading = at(*m_radio, now);
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
  if (!m_admin_up) return false;
  if (!m_radio || m_radio->points.empty()) return true;
  return at(*m_radio, now).in_service;
}

InterfaceReading WanLink::reading(Nanos now) const {
  InterfaceReading r;
  r.interface = m_link.interface;
  r.up = up(now);
  r.rx_bytes = m_rx_bytes;
  r.rx_packets = m_rx_packets;
  count_sent(now, r);
  return r;
}

std::unique_ptr<WanLink> make_wan_link(EventQueue& events, WanLinkOwner& owner,
                                       const WanLinkParts& parts) {
  switch (parts.world.detail) {
    case Detail::packets:
      break;
    case Detail::requests:
      return std::make_unique<FluidLink>(events, owner, parts);
  }
  return std::make_unique<PacketLink>(events, owner, parts);
}

}  // namespace wanwise::sim
