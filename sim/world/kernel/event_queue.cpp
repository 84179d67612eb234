#include "sim/world/kernel/event_queue.hpp"

#include "engine/core/check.hpp"

namespace wanwise::sim {

void EventQueue::schedule(Nanos at, EventHandler& handler, std::uint64_t argument) {
  WANWISE_CHECK(at >= m_now);
  WANWISE_CHECK(m_heap.size() < kMaxPending);
  const Entry entry{at, m_sequence++, &handler, argument};
  std::size_t hole = m_heap.size();
  m_heap.push_back(entry);
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / 2;
    if (!before(entry, m_heap[parent])) break;
    m_heap[hole] = m_heap[parent];
    hole = parent;
  }
  m_heap[hole] = entry;
}

EventQueue::Entry EventQueue::take_first() {
  const Entry first = m_heap.front();
  const Entry last = m_heap.back();
  m_heap.pop_back();
  const std::size_t size = m_heap.size();
  if (size == 0) return first;
  std::size_t hole = 0;
  for (std::size_t child = 1; child < size; child = 2 * hole + 1) {
    if (child + 1 < size && before(m_heap[child + 1], m_heap[child])) ++child;
    if (!before(m_heap[child], last)) break;
    m_heap[hole] = m_heap[child];
    hole = child;
  }
  m_heap[hole] = last;
  return first;
}

void EventQueue::run_until(Nanos end) {
  while (!m_heap.empty() && m_heap.front().at <= end) {
    const Entry entry = take_first();
    m_now = entry.at;
    ++m_processed;
    entry.handler->on_event(entry.at, entry.argument);
  }
  if (end > m_now) m_now = end;
}

}  // namespace wanwise::sim
