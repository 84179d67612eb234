#include "sim/world/compute/station.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::sim {

Station::Station(EventQueue& events, StationOwner& owner, std::size_t index, std::int32_t servers)
    : Accelerator(events, owner, index, servers) {
  m_slots.resize(static_cast<std::size_t>(servers));
}

void Station::submit(Nanos now, JobId job) {
  if (!m_alive || m_waiting.size() >= kMaxWaiting) {
    refuse(now, job);
    return;
  }
  m_waiting.push_back(job);
  if (m_busy < m_servers) start_on_idle(now);
}

void Station::start_on_idle(Nanos now) {
  const auto idle =
      std::find_if(m_slots.begin(), m_slots.end(), [](const Slot& slot) { return !slot.busy; });
  start_next(now, static_cast<std::size_t>(idle - m_slots.begin()));
}

void Station::start_next(Nanos now, std::size_t slot) {
  while (!m_waiting.empty()) {
    const JobId job = m_waiting.front();
    m_waiting.pop_front();
    const Nanos service = m_owner.service_time(now, m_index, job);
    if (service < 0) continue;
    account(now);
    ++m_busy;
    m_slots[slot] = {job, true};
    m_events.schedule(now + service, *this, m_life << kSlotBits | slot);
    return;
  }
}

void Station::on_event(Nanos now, std::uint64_t argument) {
  if (argument >> kSlotBits != m_life) return;
  const std::size_t slot = argument & kSlotMask;
  const JobId job = m_slots[slot].job;
  account(now);
  --m_busy;
  m_slots[slot].busy = false;
  if (m_busy < m_servers) start_next(now, slot);
  m_owner.served(now, m_index, job);
}

void Station::set_servers(Nanos now, std::int32_t servers) {
  WANWISE_CHECK(servers > 0 && static_cast<std::uint64_t>(servers) <= kSlotMask);
  account(now);
  m_servers = servers;
  m_slots.resize(std::max(m_slots.size(), static_cast<std::size_t>(servers)));
  while (m_alive && m_busy < m_servers && !m_waiting.empty()) start_on_idle(now);
}

void Station::set_alive(Nanos now, bool alive) {
  if (alive == m_alive) return;
  account(now);
  m_alive = alive;
  if (alive) return;
  m_busy = 0;
  ++m_life;
  std::vector<JobId> dead;
  for (auto& slot : m_slots) {
    if (slot.busy) dead.push_back(slot.job);
    slot.busy = false;
  }
  dead.insert(dead.end(), m_waiting.begin(), m_waiting.end());
  m_waiting.clear();
  for (const JobId job : dead) m_owner.lost(now, m_index, job);
}

}  // namespace wanwise::sim
