#include "sim/world/network/packet_link.hpp"

#include <utility>

namespace wanwise::sim {
namespace {

std::vector<Hop> reversed(const std::vector<Hop>& hops) {
  return {hops.rbegin(), hops.rend()};
}

}  // namespace

PacketLink::PacketLink(EventQueue& events, WanLinkOwner& owner, const WanLinkParts& parts)
    : WanLink(owner, parts),
      m_one_way(to_nanos(parts.link.rtt) / 2),
      m_dropped(*this, &PacketLink::dropped),
      m_left_uplink(*this, &PacketLink::left_uplink),
      m_left_downlink(*this, &PacketLink::left_downlink),
      m_crossed_up(*this, &PacketLink::crossed_up),
      m_crossed_down(*this, &PacketLink::crossed_down),
      m_behind_hops(*this, &PacketLink::behind_hops),
      m_into_station(*this, &PacketLink::into_station),
      m_probe_out(*this, &PacketLink::send),
      m_port(events,
             PortSettings{parts.link.uplink, parts.world.tx_ring, std::nullopt, parts.tuning.wred},
             m_dropped, PacketDraw(parts.seed, "wred/" + parts.link.name.text)),
      m_modem(modem_limits(parts.link, parts.world), m_dropped),
      m_bus(events, kModemBusRate, m_port, m_modem),
      m_uplink(events, parts.traces.uplink,
               parts.link.kind == core::LinkKind::cellular ? static_cast<Feed&>(m_modem) : m_port,
               m_left_uplink),
      m_up_pipe(events, m_one_way, m_crossed_up),
      m_up_hops(events, parts.tuning.hops, m_behind_hops, m_dropped),
      m_down_hops(events, reversed(parts.tuning.hops), m_into_station, m_dropped),
      m_station(station_limits(parts.link, parts.world), m_dropped),
      m_downlink(events, parts.traces.downlink, m_station, m_left_downlink),
      m_down_pipe(events, m_one_way, m_crossed_down) {
  switch (parts.link.kind) {
    case core::LinkKind::cellular:
      m_port.attach(m_bus);
      m_modem.attach(m_uplink);
      break;
    case core::LinkKind::wired:
      m_port.attach(m_uplink);
      break;
  }
  m_station.attach(m_downlink);
  start_probe(events, parts.world, m_probe_out);
}

void PacketLink::configure(Nanos now, std::optional<OutputPolicy> policy) {
  m_port.configure(now, std::move(policy));
}

void PacketLink::uplink_factor_changed(Nanos, core::Ppm of_trace) {
  m_uplink.set_factor(of_trace);
}

void PacketLink::send(Nanos now, const Packet& packet) {
  if (admin_up()) {
    m_port.enqueue(now, packet);
  } else {
    lost(now, packet);
  }
}

void PacketLink::respond(Nanos now, const Packet& packet) {
  m_down_hops.accept(now, packet);
}

// A packet that the bus still carried when the link was shut ends here.
void PacketLink::left_uplink(Nanos now, const Packet& packet) {
  if (!admin_up() || losses_up(packet) > 0) {
    lost(now, packet);
  } else {
    m_up_pipe.accept(now, packet);
  }
}

void PacketLink::left_downlink(Nanos now, const Packet& packet) {
  if (losses_down(packet) > 0) {
    lost(now, packet);
  } else {
    m_down_pipe.accept(now, packet);
  }
}

void PacketLink::crossed_up(Nanos now, const Packet& packet) {
  if (cut(now, m_one_way)) {
    lost(now, packet);
  } else if (packet.kind == PacketKind::probe) {
    into_station(now, packet);  // what answers probes stands before the hops
  } else {
    m_up_hops.accept(now, packet);
  }
}

void PacketLink::into_station(Nanos now, const Packet& packet) {
  if (admin_up()) {
    m_station.accept(now, packet);
  } else {
    lost(now, packet);
  }
}

void PacketLink::crossed_down(Nanos now, const Packet& packet) {
  if (cut(now, m_one_way)) {
    lost(now, packet);
  } else {
    at_near_end(now, packet);
  }
}

void PacketLink::flush(Nanos now) {
  m_port.flush(now);
  m_modem.flush(now);
  m_station.flush(now);
  for (TraceLine* line : {&m_uplink, &m_downlink})
    if (const auto packet = line->abandon()) lost(now, *packet);
}

void PacketLink::count_sent(Nanos, InterfaceReading& reading) const {
  reading.tx_bytes = m_port.counters().tx_bytes;
  reading.tx_packets = m_port.counters().tx_packets;
  reading.tx_drops = m_port.counters().drops;
}

}  // namespace wanwise::sim
