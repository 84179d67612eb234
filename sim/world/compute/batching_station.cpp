#include "sim/world/compute/batching_station.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {

BatchingStation::BatchingStation(EventQueue& events, StationOwner& owner, std::size_t index,
                                 std::int32_t servers, Batching rule)
    : Accelerator(events, owner, index, servers), m_rule(rule) {
  WANWISE_CHECK(static_cast<std::uint64_t>(servers) < kTimer);
  WANWISE_CHECK(rule.largest >= 1 && rule.longest_wait.count >= 0 && rule.marginal.count >= 0);
  m_slots.resize(static_cast<std::size_t>(servers));
}

void BatchingStation::submit(Nanos now, JobId job) {
  if (!m_alive || m_waiting >= kMaxWaiting) {
    refuse(now, job);
    return;
  }
  const std::size_t model = m_owner.model_of(m_index, job);
  if (model >= m_queues.size()) m_queues.resize(model + 1);
  m_queues[model].push_back({job, now, m_order++});
  ++m_waiting;
  start_what_is_ready(now);
}

void BatchingStation::start_what_is_ready(Nanos now) {
  while (m_busy < m_servers) {
    std::deque<Waiting>* queue = oldest_ready(now);
    if (queue == nullptr) {
      wait_for_more(now);
      return;
    }
    start_batch(now, *queue);
  }
}

std::deque<BatchingStation::Waiting>* BatchingStation::oldest_ready(Nanos now) {
  std::deque<Waiting>* oldest = nullptr;
  for (auto& queue : m_queues) {
    if (queue.empty()) continue;
    const bool full = queue.size() >= static_cast<std::size_t>(m_rule.largest);
    if (!full && now - queue.front().since < to_nanos(m_rule.longest_wait)) continue;
    if (oldest == nullptr || queue.front().order < oldest->front().order) oldest = &queue;
  }
  return oldest;
}

void BatchingStation::start_batch(Nanos now, std::deque<Waiting>& queue) {
  Batch batch;
  double total = 0;
  while (!queue.empty() && batch.size() < static_cast<std::size_t>(m_rule.largest)) {
    const JobId job = queue.front().job;
    queue.pop_front();
    --m_waiting;
    const Nanos service = m_owner.service_time(now, m_index, job);
    if (service < 0) continue;
    total += static_cast<double>(service);
    batch.push_back(job);
  }
  if (batch.empty()) return;  // their clients had all given up
  const auto jobs = static_cast<double>(batch.size());
  const double marginal = static_cast<double>(m_rule.marginal.count) * 1e-6;
  const double duration = total / jobs * (1 + (jobs - 1) * marginal);
  const auto idle = std::find_if(m_slots.begin(), m_slots.end(),
                                 [](const Batch& other) { return other.empty(); });
  *idle = std::move(batch);
  account(now);
  ++m_busy;
  ++m_batches;
  m_events.schedule(now + static_cast<Nanos>(duration), *this,
                    m_life << kSlotBits | static_cast<std::uint64_t>(idle - m_slots.begin()));
}

// A job's due time only ever grows from the head of one queue to the next, so the earliest timer
// that is armed is never too late.
void BatchingStation::wait_for_more(Nanos now) {
  std::optional<Nanos> due;
  for (const auto& queue : m_queues) {
    if (queue.empty()) continue;
    const Nanos at = queue.front().since + to_nanos(m_rule.longest_wait);
    if (!due || at < *due) due = at;
  }
  if (!due || (m_timer_at && *m_timer_at <= *due)) return;
  m_timer_at = due;
  m_events.schedule(std::max(now, *due), *this, m_life << kSlotBits | kTimer);
}

void BatchingStation::on_event(Nanos now, std::uint64_t argument) {
  if (argument >> kSlotBits != m_life) return;
  if ((argument & kSlotMask) == kTimer) {
    m_timer_at.reset();
    start_what_is_ready(now);
    return;
  }
  const Batch done = std::exchange(m_slots[argument & kSlotMask], {});
  account(now);
  --m_busy;
  start_what_is_ready(now);
  for (const JobId job : done) m_owner.served(now, m_index, job);
}

void BatchingStation::set_servers(Nanos now, std::int32_t servers) {
  WANWISE_CHECK(servers > 0 && static_cast<std::uint64_t>(servers) < kTimer);
  account(now);
  m_servers = servers;
  m_slots.resize(std::max(m_slots.size(), static_cast<std::size_t>(servers)));
  if (m_alive) start_what_is_ready(now);
}

void BatchingStation::set_alive(Nanos now, bool alive) {
  if (alive == m_alive) return;
  account(now);
  m_alive = alive;
  if (alive) return;
  m_busy = 0;
  ++m_life;
  m_timer_at.reset();
  Batch dead;
  for (auto& slot : m_slots) {
    dead.insert(dead.end(), slot.begin(), slot.end());
    slot.clear();
  }
  for (auto& queue : m_queues) {
    for (const Waiting& waiting : queue) dead.push_back(waiting.job);
    queue.clear();
  }
  m_waiting = 0;
  for (const JobId job : dead) m_owner.lost(now, m_index, job);
}

}  // namespace wanwise::sim
