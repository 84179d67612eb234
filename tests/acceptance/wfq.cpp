#include "tests/acceptance/wfq.hpp"

#include <algorithm>

namespace wanwise::acceptance {

// Virtual time counts bits a unit of weight; it runs at rate / (weights of the busy flows), so it
// changes its pace where the fluid server finishes a flow's last packet.
void WfqFeed::advance(double now) {
  const double bits_per_ns = static_cast<double>(m_rate.count) * 1e-9;
  while (!m_fluid.empty()) {
    double busy = 0;
    for (std::size_t i = 0; i < m_weights.size(); ++i)
      if (m_in_fluid[i] > 0) busy += m_weights[i];
    const auto first = m_fluid.begin();
    const double until = m_at + (first->first - m_virtual) * busy / bits_per_ns;
    if (until > now) {
      m_virtual += (now - m_at) * bits_per_ns / busy;
      break;
    }
    m_at = until;
    m_virtual = first->first;
    m_gps_finish[first->second.second] = until;
    --m_in_fluid[first->second.first];
    m_fluid.erase(first);
  }
  m_at = now;
}

std::uint64_t WfqFeed::enqueue(sim::Nanos now, const sim::Packet& packet) {
  advance(static_cast<double>(now));
  const std::size_t flow = packet.flow;
  const double start = std::max(m_virtual, m_in_fluid[flow] > 0 ? m_finish[flow] : 0);
  m_finish[flow] = start + packet.bytes * 8 / m_weights[flow];
  const std::uint64_t number = m_gps_finish.size();
  m_gps_finish.push_back(0);
  m_fluid.emplace(m_finish[flow], std::pair{flow, number});
  ++m_in_fluid[flow];
  m_waiting.emplace(m_finish[flow], Entry{packet, number});
  m_line->wake(now);
  return number;
}

bool WfqFeed::pull(sim::Nanos, sim::Packet& packet) {
  if (m_waiting.empty()) return false;
  packet = m_waiting.begin()->second.packet;
  m_last_pulled = m_waiting.begin()->second.number;
  m_waiting.erase(m_waiting.begin());
  return true;
}

}  // namespace wanwise::acceptance
