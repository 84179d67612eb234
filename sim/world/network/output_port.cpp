#include "sim/world/network/output_port.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {

OutputPort::OutputPort(EventQueue& events, PortSettings settings, PacketSink& dropped,
                       PacketDraw early_draw)
    : m_events(events), m_settings(settings), m_dropped(dropped), m_early_draw(early_draw) {
  build_queues();
}

void OutputPort::configure(Nanos now, std::optional<OutputPolicy> policy) {
  if (!policy || !policy->shaper) {
    m_shaper.reset();
  } else if (m_shaper) {
    m_shaper->change(now, *policy->shaper, shaper_burst(*policy->shaper));
  } else {
    m_shaper.emplace(*policy->shaper, shaper_burst(*policy->shaper));
  }
  m_policy = std::move(policy);
  std::vector<ClassQueue> old;
  old.swap(m_queues);
  build_queues();
  carry_over(now, old);
  fill_ring(now);
}

void OutputPort::build_queues() {
  const core::Bps reference =
      m_policy ? m_policy->shaper.value_or(m_settings.line_rate) : m_settings.line_rate;
  ClassQueues made = make_queues(m_policy, {reference, m_settings.queue_limit, m_settings.wred});
  m_queues = std::move(made.all);
  m_priorities = made.priorities;
  m_largest_share = made.largest_share;
  m_turn = 0;
}

// Packets that wait are classified anew.
void OutputPort::carry_over(Nanos now, std::vector<ClassQueue>& old) {
  keep_counters(now, old, m_queues);
  m_backlog = 0;
  for (auto& queue : old) {
    while (!queue.packets.empty()) {
      const Packet packet = queue.packets.pop();
      ClassQueue& next = m_queues[classify(m_queues, packet.dscp)];
      if (next.packets.size() >= next.limit) {
        drop(now, next, packet);
        continue;
      }
      next.packets.push(packet);
      next.reading.queue_bytes += packet.bytes;
      ++m_backlog;
    }
  }
}

// The LLQ's policer is conditional: it meters always, it drops only under congestion, that is while
// packets wait.
bool OutputPort::polices(Nanos now, ClassQueue& queue, const Packet& packet) const {
  if (!queue.policer) return false;
  if (m_backlog > 0) return !queue.policer->take(now, packet.bytes);
  queue.policer->drain(now, packet.bytes);
  return false;
}

bool OutputPort::drops_early(Nanos now, ClassQueue& queue, const Packet& packet) const {
  if (!queue.early) return false;
  return m_early_draw.at(packet.key, packet.resends) < queue.early->meet(now, queue.packets.size());
}

void OutputPort::drop(Nanos now, ClassQueue& queue, const Packet& packet) {
  ++queue.reading.drop_packets;
  queue.reading.drop_bytes += packet.bytes;
  ++m_counters.drops;
  m_dropped.accept(now, packet);
}

void OutputPort::enqueue(Nanos now, const Packet& packet) {
  ClassQueue& queue = m_queues[classify(m_queues, packet.dscp)];
  if (drops_early(now, queue, packet) || queue.packets.size() >= queue.limit ||
      polices(now, queue, packet)) {
    drop(now, queue, packet);
    return;
  }
  queue.packets.push(packet);
  queue.reading.queue_bytes += packet.bytes;
  ++m_backlog;
  fill_ring(now);
}

std::size_t OutputPort::select() {
  for (std::size_t i = 0; i < m_priorities; ++i)
    if (!m_queues[i].packets.empty()) return i;
  return select_by_deficit();
}

// Deficit round robin (Shreedhar, Varghese 1995). The largest share's quantum is one full packet,
// so that a round is short; a smaller share saves over several rounds. Deficits count in bytes
// times the largest share: every quantum is then an integer and long-run shares are exact. The
// choice stays until it is taken, so asking twice changes nothing.
std::size_t OutputPort::select_by_deficit() {
  std::size_t busy = 0;
  std::size_t last = kNone;
  for (std::size_t i = m_priorities; i < m_queues.size(); ++i) {
    if (m_queues[i].packets.empty()) continue;
    ++busy;
    last = i;
  }
  if (busy == 0) return kNone;
  if (busy == 1) {
    // Alone it needs no turn, and gathers no credit against those who come later.
    m_queues[last].deficit = m_queues[last].packets.front().bytes * m_largest_share;
    return last;
  }
  const std::size_t classes = m_queues.size() - m_priorities;
  for (;; m_turn = (m_turn + 1) % classes) {
    ClassQueue& queue = m_queues[m_priorities + m_turn];
    if (queue.packets.empty()) {
      queue.deficit = 0;
      queue.granted = false;
      continue;
    }
    if (!queue.granted) queue.deficit += std::int64_t{kMtu} * queue.percent;
    queue.granted = true;
    if (queue.deficit >= queue.packets.front().bytes * m_largest_share)
      return m_priorities + m_turn;
    queue.granted = false;
  }
}

bool OutputPort::move_one(Nanos now) {
  if (m_backlog == 0) return false;
  ClassQueue& queue = m_queues[select()];
  const std::uint32_t bytes = queue.packets.front().bytes;
  if (m_shaper && !m_shaper->take(now, bytes)) {
    const Nanos ready = m_shaper->ready_at(now, bytes);
    if (m_wake_at < now || ready < m_wake_at) {
      m_wake_at = ready;
      m_events.schedule(ready, *this);
    }
    return false;
  }
  m_ring.push(queue.packets.pop());
  if (queue.kind == core::QueueKind::remaining) queue.deficit -= bytes * m_largest_share;
  --m_backlog;
  queue.reading.queue_bytes -= bytes;
  queue.reading.tx_bytes += bytes;
  ++queue.reading.tx_packets;
  if (queue.early && queue.packets.empty()) queue.early->emptied(now);
  return true;
}

void OutputPort::fill_ring(Nanos now) {
  while (m_ring.size() < m_settings.tx_ring && move_one(now)) {
  }
  if (m_line != nullptr && has_packet()) m_line->wake(now);
}

bool OutputPort::pull(Nanos now, Packet& packet) {
  if (m_ring.empty() && !move_one(now)) return false;
  packet = m_ring.pop();
  ++m_counters.tx_packets;
  m_counters.tx_bytes += packet.bytes;
  fill_ring(now);
  return true;
}

void OutputPort::on_event(Nanos now, std::uint64_t) {
  if (now == m_wake_at) m_wake_at = -1;
  fill_ring(now);
}

void OutputPort::flush(Nanos now) {
  std::vector<Packet> gone;
  for (auto& queue : m_queues) {
    while (!queue.packets.empty()) gone.push_back(queue.packets.pop());
    queue.reading.queue_bytes = 0;
  }
  m_backlog = 0;
  while (!m_ring.empty()) gone.push_back(m_ring.pop());
  for (const Packet& packet : gone) m_dropped.accept(now, packet);
}

std::vector<QueueReading> OutputPort::readings() const {
  std::vector<QueueReading> all;
  if (!m_policy) return all;
  for (const auto& queue : m_queues) {
    all.push_back(queue.reading);
    all.back().queue_packets = queue.packets.size();
  }
  return all;
}

}  // namespace wanwise::sim
