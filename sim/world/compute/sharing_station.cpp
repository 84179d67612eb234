#include "sim/world/compute/sharing_station.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wanwise::sim {

double SharingStation::rate() const {
  const auto jobs = static_cast<double>(m_shares.size());
  return std::min(1.0, static_cast<double>(m_servers) / std::max(1.0, jobs));
}

void SharingStation::catch_up(Nanos now) {
  m_virtual += static_cast<double>(now - m_virtual_at) * rate();
  m_virtual_at = now;
  account(now);
}

// Foresees the next completion; the whole nanosecond after it, so that nobody is served too little.
void SharingStation::rearm(Nanos now) {
  m_busy =
      static_cast<std::int32_t>(std::min(m_shares.size(), static_cast<std::size_t>(m_servers)));
  ++m_epoch;
  if (m_shares.empty()) {
    m_virtual = 0;  // keeps its digits fine: a double counts 2^53 ns of service exactly
    return;
  }
  const double wait = std::max(0.0, m_shares.front().finish - m_virtual) / rate();
  m_events.schedule(now + static_cast<Nanos>(std::ceil(wait)), *this, m_epoch);
}

void SharingStation::submit(Nanos now, JobId job) {
  if (!m_alive || m_shares.size() >= kMaxWaiting) {
    refuse(now, job);
    return;
  }
  const Nanos service = m_owner.service_time(now, m_index, job);
  if (service < 0) return;
  catch_up(now);
  m_shares.push_back({m_virtual + static_cast<double>(service), m_order++, job});
  std::push_heap(m_shares.begin(), m_shares.end(), later);
  rearm(now);
}

void SharingStation::on_event(Nanos now, std::uint64_t argument) {
  if (argument != m_epoch) return;
  catch_up(now);
  std::pop_heap(m_shares.begin(), m_shares.end(), later);
  const JobId job = m_shares.back().job;
  m_shares.pop_back();
  rearm(now);
  m_owner.served(now, m_index, job);
}

void SharingStation::set_servers(Nanos now, std::int32_t servers) {
  WANWISE_CHECK(servers > 0);
  catch_up(now);
  m_servers = servers;
  rearm(now);
}

void SharingStation::set_alive(Nanos now, bool alive) {
  if (alive == m_alive) return;
  catch_up(now);
  m_alive = alive;
  std::vector<Share> dead = std::exchange(m_shares, {});
  rearm(now);
  std::sort(dead.begin(), dead.end(),
            [](const Share& a, const Share& b) { return a.order < b.order; });
  for (const Share& share : dead) m_owner.lost(now, m_index, share.job);
}

}  // namespace wanwise::sim
