#include "sim/world/network/hops.hpp"

namespace wanwise::sim {

Hops::Stage::Stage(EventQueue& events, const Hop& hop, PacketSink& out, PacketSink& dropped)
    : pipe(events, to_nanos(hop.delay), out),
      buffer({hop.buffer.count, std::nullopt}, dropped),
      line(events, hop.rate, buffer, pipe) {
  buffer.attach(line);
}

Hops::Hops(EventQueue& events, const std::vector<Hop>& hops, PacketSink& out, PacketSink& dropped)
    : m_first(&out) {
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    m_stages.push_back(std::make_unique<Stage>(events, *hop, *m_first, dropped));
    m_first = &m_stages.back()->buffer;
  }
}

}  // namespace wanwise::sim
