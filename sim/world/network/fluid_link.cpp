#include "sim/world/network/fluid_link.hpp"

#include <limits>
#include <utility>

namespace wanwise::sim {
namespace {

constexpr BufferLimits kNoLimits{std::numeric_limits<std::int64_t>::max(), std::nullopt};
// Half a microsecond for the largest of usual requests: nothing beside propagation.
constexpr core::Bps kAtOnce{1'000'000'000'000};

/// Behind a wire's port only what the trace's swings leave piles up: the modem's bytes are ample.
BufferLimits uplink_limits(const WanLinkParts& parts) {
  BufferLimits limits = modem_limits(parts.link, parts.world);
  if (parts.link.kind == core::LinkKind::wired) limits.older_than.reset();
  return limits;
}

FluidPortSettings port_settings(const WanLinkParts& parts) {
  FluidPortSettings settings{parts.link.uplink, kModemBusRate, std::nullopt, parts.tuning.wred};
  if (parts.link.kind == core::LinkKind::wired) settings.line = parts.traces.uplink;
  return settings;
}

std::vector<Hop> reversed(const std::vector<Hop>& hops) {
  return {hops.rbegin(), hops.rend()};
}

}  // namespace

FluidLink::FluidLink(EventQueue& events, WanLinkOwner& owner, const WanLinkParts& parts)
    : WanLink(owner, parts),
      m_one_way(to_nanos(parts.link.rtt) / 2),
      m_dropped(*this, &FluidLink::dropped),
      m_probe_out(*this, &FluidLink::send),
      m_left_port(*this, &FluidLink::left_port),
      m_crossed_up(*this, &FluidLink::crossed_up),
      m_behind_hops(*this, &FluidLink::behind_hops),
      m_into_station(*this, &FluidLink::into_station),
      m_crossed_down(*this, &FluidLink::crossed_down),
      m_uplink(events, LineClock(parts.traces.uplink), uplink_limits(parts), m_one_way,
               m_crossed_up, m_dropped),
      m_wire(events, LineClock(kAtOnce), kNoLimits, m_one_way, m_crossed_up, m_dropped),
      m_port(events, port_settings(parts), m_left_port, m_dropped,
             PacketDraw(parts.seed, "wred/" + parts.link.name.text)),
      m_up_hops(chain(events, parts.tuning.hops, m_behind_hops, m_dropped)),
      m_down_hops(chain(events, reversed(parts.tuning.hops), m_into_station, m_dropped)),
      m_downlink(events, LineClock(parts.traces.downlink), station_limits(parts.link, parts.world),
                 m_one_way, m_crossed_down, m_dropped) {
  start_probe(events, parts.world, m_probe_out);
}

FluidLink::Chain FluidLink::chain(EventQueue& events, const std::vector<Hop>& hops, TrainSink& out,
                                  PacketSink& dropped) {
  Chain stages;
  TrainSink* next = &out;
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    stages.push_back(std::make_unique<FluidLine>(events, LineClock(hop->rate),
                                                 BufferLimits{hop->buffer.count, std::nullopt},
                                                 to_nanos(hop->delay), *next, dropped));
    next = stages.back().get();
  }
  return stages;
}

void FluidLink::send(Nanos now, const Packet& train) {
  if (admin_up()) {
    m_port.enqueue(now, train);
  } else {
    lost(now, train);
  }
}

void FluidLink::respond(Nanos now, const Packet& train) {
  TrainSink& way =
      m_down_hops.empty() ? static_cast<TrainSink&>(m_into_station) : *m_down_hops.back();
  way.accept(now, now, train);
}

/// Without the packets that got lost; those are told.
std::optional<Packet> FluidLink::survivors(Nanos now, const Packet& train, std::uint32_t losses) {
  if (losses == 0) return train;
  if (losses == train.train) {
    lost(now, train);
    return std::nullopt;
  }
  const auto [through, gone] = split(train, train.train - losses);
  lost(now, gone);
  return through;
}

void FluidLink::left_port(Nanos first, Nanos last, const Packet& train) {
  (m_port.by_line() ? m_wire : m_uplink).accept(first, last, train);
}

void FluidLink::crossed_up(Nanos first, Nanos last, const Packet& train) {
  if (cut(last, m_one_way)) {
    lost(last, train);
    return;
  }
  const auto through = survivors(last, train, losses_up(train));
  if (!through) return;
  if (train.kind == PacketKind::probe) {
    into_station(first, last, *through);  // what answers probes stands before the hops
  } else {
    TrainSink& way = m_up_hops.empty() ? static_cast<TrainSink&>(m_behind_hops) : *m_up_hops.back();
    way.accept(first, last, *through);
  }
}

void FluidLink::into_station(Nanos first, Nanos last, const Packet& train) {
  if (admin_up()) {
    m_downlink.accept(first, last, train);
  } else {
    lost(last, train);
  }
}

void FluidLink::crossed_down(Nanos, Nanos last, const Packet& train) {
  if (cut(last, m_one_way)) {
    lost(last, train);
  } else if (const auto through = survivors(last, train, losses_down(train))) {
    at_near_end(last, *through);
  }
}

void FluidLink::configure(Nanos now, std::optional<OutputPolicy> policy) {
  m_port.configure(now, std::move(policy));
}

void FluidLink::uplink_factor_changed(Nanos now, core::Ppm of_trace) {
  m_port.set_factor(now, of_trace);
  m_uplink.set_factor(now, of_trace);
}

void FluidLink::flush(Nanos now) {
  m_port.flush(now);
  m_uplink.flush(now);
  m_wire.flush(now);
  m_downlink.flush(now);
}

std::vector<QueueReading> FluidLink::queues(Nanos now) const {
  return m_port.readings(now);
}

std::int64_t FluidLink::modem_bytes(Nanos now) const {
  return m_uplink.bytes(now);
}

void FluidLink::count_sent(Nanos now, InterfaceReading& reading) const {
  const PortCounters sent = m_port.counters(now);
  reading.tx_bytes = sent.tx_bytes;
  reading.tx_packets = sent.tx_packets;
  reading.tx_drops = sent.drops;
}

}  // namespace wanwise::sim
