#include "sim/world/output_port.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {
namespace {

// `hold-queue 40 out`: IOS's output queue where no policy is attached.
constexpr std::size_t kHoldQueue = 40;
// IOS XE's default queue-limit: 50 ms of the class's visible rate in full packets, at least 64; a
// priority queue has 512.
constexpr std::size_t kQueueLimitFloor = 64;
constexpr std::size_t kPriorityQueueLimit = 512;
constexpr std::int64_t kQueueLimitPerSecond = 20;  // 1 s / 50 ms
// Bc of the parent shaper: 10 ms of its rate, at least two full packets so that any packet fits.
constexpr std::int64_t kShaperBurstPerSecond = 100;  // 1 s / 10 ms
// Burst of `priority percent` where none is configured: 200 ms of the policed rate.
constexpr std::int64_t kPolicerBurstPerSecond = 5;  // 1 s / 200 ms

std::int64_t burst_bytes(core::Bps rate, std::int64_t per_second) {
  return std::max<std::int64_t>(std::int64_t{2} * kMtu, rate.count / 8 / per_second);
}

core::Bps share(core::Bps rate, std::uint32_t percent) {
  return core::Bps{std::max<std::int64_t>(1, rate.count * percent / 100)};
}

/// The only queue where no policy is attached.
ClassQueue plain_fifo(std::size_t limit) {
  ClassQueue queue;
  queue.dscps = ~std::uint64_t{0};
  queue.percent = 100;
  queue.limit = limit;
  return queue;
}

}  // namespace

OutputPort::OutputPort(EventQueue& events, PortSettings settings, PacketSink& dropped)
    : m_events(events), m_settings(settings), m_dropped(dropped) {
  m_queues.push_back(plain_fifo(m_settings.queue_limit.value_or(kHoldQueue)));
  m_largest_share = 100;
}

void OutputPort::configure(Nanos now, std::optional<OutputPolicy> policy) {
  std::vector<ClassQueue> old;
  old.swap(m_queues);
  m_priorities = 0;
  m_largest_share = 1;
  m_turn = 0;
  if (!policy || !policy->shaper) {
    m_shaper.reset();
  } else if (m_shaper) {
    m_shaper->change(now, *policy->shaper, burst_bytes(*policy->shaper, kShaperBurstPerSecond));
  } else {
    m_shaper.emplace(*policy->shaper, burst_bytes(*policy->shaper, kShaperBurstPerSecond));
  }
  if (policy) {
    build_queues(*policy);
  } else {
    m_queues.push_back(plain_fifo(m_settings.queue_limit.value_or(kHoldQueue)));
    m_largest_share = 100;
  }
  m_policy = std::move(policy);
  carry_over(now, old);
  fill_ring(now);
}

void OutputPort::build_queues(const OutputPolicy& policy) {
  const core::Bps reference = policy.shaper.value_or(m_settings.line_rate);
  std::uint32_t given = 0;
  for (const auto& config : policy.queues) {
    if (config.kind != core::QueueKind::priority) continue;
    add_queue(config, reference);
    ++m_priorities;
  }
  for (const auto& config : policy.queues) {
    if (config.kind != core::QueueKind::remaining) continue;
    add_queue(config, reference);
    given += config.percent;
  }
  QueueConfig rest{"class-default", {}, core::QueueKind::remaining, policy.default_percent};
  if (rest.percent == 0) rest.percent = given < 100 ? 100 - given : 1;
  add_queue(rest, reference);
  m_queues.back().dscps = ~std::uint64_t{0};
}

void OutputPort::add_queue(const QueueConfig& config, core::Bps reference) {
  ClassQueue queue;
  queue.kind = config.kind;
  queue.percent = std::max<std::uint32_t>(1, config.percent);
  queue.reading.name = config.name;
  for (const core::Dscp dscp : config.dscps) queue.dscps |= std::uint64_t{1} << dscp.value;
  const core::Bps rate = share(reference, queue.percent);
  const auto fifty_ms =
      static_cast<std::size_t>(rate.count / (std::int64_t{8} * kMtu) / kQueueLimitPerSecond);
  switch (config.kind) {
    case core::QueueKind::priority:
      queue.limit = kPriorityQueueLimit;
      queue.policer.emplace(rate, burst_bytes(rate, kPolicerBurstPerSecond));
      break;
    case core::QueueKind::remaining:
      queue.limit = std::max(kQueueLimitFloor, fifty_ms);
      m_largest_share = std::max<std::int64_t>(m_largest_share, queue.percent);
      break;
  }
  if (m_settings.queue_limit) queue.limit = *m_settings.queue_limit;
  m_queues.push_back(std::move(queue));
}

// A class keeps its counters and its policer's state by name, as on the router; packets that wait
// are classified anew.
void OutputPort::carry_over(Nanos now, std::vector<ClassQueue>& old) {
  for (auto& queue : m_queues) {
    const auto same = std::find_if(old.begin(), old.end(), [&](const ClassQueue& other) {
      return other.reading.name == queue.reading.name && other.kind == queue.kind;
    });
    if (same == old.end()) continue;
    queue.reading = same->reading;
    queue.reading.queue_bytes = 0;
    if (queue.policer && same->policer) {
      const core::Bps rate = queue.policer->rate();
      queue.policer = same->policer;
      queue.policer->change(now, rate, burst_bytes(rate, kPolicerBurstPerSecond));
    }
  }
  m_backlog = 0;
  for (auto& queue : old) {
    while (!queue.packets.empty()) {
      const Packet packet = queue.packets.pop();
      ClassQueue& next = m_queues[classify(packet.dscp)];
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

std::size_t OutputPort::classify(core::Dscp dscp) const {
  std::size_t i = 0;
  while (i + 1 < m_queues.size() && !m_queues[i].takes(dscp)) ++i;
  return i;
}

// The LLQ's policer is conditional: it meters always, it drops only under congestion, that is while
// packets wait.
bool OutputPort::polices(Nanos now, ClassQueue& queue, const Packet& packet) const {
  if (!queue.policer) return false;
  if (m_backlog > 0) return !queue.policer->take(now, packet.bytes);
  queue.policer->drain(now, packet.bytes);
  return false;
}

void OutputPort::drop(Nanos now, ClassQueue& queue, const Packet& packet) {
  ++queue.reading.drop_packets;
  queue.reading.drop_bytes += packet.bytes;
  ++m_counters.drops;
  m_dropped.accept(now, packet);
}

void OutputPort::enqueue(Nanos now, const Packet& packet) {
  ClassQueue& queue = m_queues[classify(packet.dscp)];
  if (queue.packets.size() >= queue.limit || polices(now, queue, packet)) {
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
