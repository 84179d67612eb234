#include "sim/world/network/fluid_port.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {
namespace {

// The sources' LAN, as in world_requests.cpp: a train's packets come at this rate.
constexpr core::Bps kLanRate{100'000'000};
// Less than this of a train is rounding: a nanosecond of the fastest line is 0.06 bytes.
constexpr double kRounding = 1e-3;
constexpr double kBytesPerNanoOfBps = 1 / 8e9;

/// From a train's first packet at the port to its last.
Nanos lan_time(const Packet& train) {
  return transmission(train.bytes - packet_bytes(train), kLanRate);
}

}  // namespace

FluidPort::FluidPort(EventQueue& events, FluidPortSettings settings, TrainSink& out,
                     PacketSink& dropped, PacketDraw early_draw)
    : m_events(events),
      m_settings(std::move(settings)),
      m_out(out),
      m_dropped(dropped),
      m_early_draw(early_draw) {
  configure(0, std::nullopt);
}

core::Bps FluidPort::line_mean() const {
  const double offered = static_cast<double>(m_settings.line->opportunities.size()) * kMtu * 8;
  const double seconds = static_cast<double>(m_settings.line->period.count) * 1e-6;
  const double factor = static_cast<double>(m_factor.count) * 1e-6;
  return core::Bps{static_cast<std::int64_t>(offered / seconds * factor)};
}

bool FluidPort::shaped() const {
  if (!m_policy || !m_policy->shaper) return false;
  return !m_settings.line || *m_policy->shaper < line_mean();
}

// What is slower sets the pace: the shaper, or the line that would hold the packets back in the
// classes.
void FluidPort::set_pace() {
  const bool by_line = !shaped() && m_settings.line.has_value();
  if (by_line) {
    if (!m_by_line) {
      m_pace.emplace(*m_settings.line);
      m_pace->set_factor(m_at, m_factor);
    }
  } else {
    const core::Bps rate = shaped() ? *m_policy->shaper : m_settings.bus_rate;
    const std::int64_t burst = shaped() ? shaper_burst(rate) : 0;
    // A new shaper's bucket is full, a changed one keeps what it has.
    if (shaped() && m_was_shaped) {
      m_pace->change(rate, m_settings.bus_rate, burst);
    } else {
      m_pace.emplace(rate, m_settings.bus_rate, burst);
    }
  }
  m_by_line = by_line;
  m_was_shaped = shaped();
}

void FluidPort::configure(Nanos now, std::optional<OutputPolicy> policy) {
  if (m_pace) advance(now);
  m_policy = std::move(policy);
  const core::Bps reference =
      m_policy ? m_policy->shaper.value_or(m_settings.line_rate) : m_settings.line_rate;
  ClassQueues made = make_queues(m_policy, {reference, std::nullopt, m_settings.wred});
  keep_counters(now, m_queues, made.all);
  std::vector<ClassQueue> old = std::exchange(m_queues, std::move(made.all));
  const std::vector<Head> heads = std::exchange(m_heads, std::vector<Head>(m_queues.size()));
  m_priorities = made.priorities;
  m_trains = 0;
  set_pace();
  for (std::size_t i = 0; i < old.size(); ++i) {
    for (bool head = true; !old[i].packets.empty(); head = false) {
      const Packet train = old[i].packets.pop();
      const std::size_t queue = classify(m_queues, train.dscp);
      if (m_heads[queue].packets >= m_queues[queue].limit) {
        drop(now, queue, train);
        continue;
      }
      push(queue, train);
      if (!head) continue;
      if (m_queues[queue].packets.size() == 1) {
        m_heads[queue].left = heads[i].left;
        m_heads[queue].began = heads[i].began;
      } else {  // another one is being served there: it is sent again from its beginning
        m_counters.tx_bytes += static_cast<std::uint64_t>(train.bytes - heads[i].left);
      }
    }
  }
  plan(now);
}

void FluidPort::set_factor(Nanos now, core::Ppm of_trace) {
  advance(now);
  m_factor = of_trace;
  set_pace();
  m_pace->set_factor(now, of_trace);
  plan(now);
}

void FluidPort::push(std::size_t queue, const Packet& train) {
  ClassQueue& q = m_queues[queue];
  if (q.packets.empty()) {
    m_heads[queue].left = train.bytes;
    m_heads[queue].began = -1;
  }
  q.packets.push(train);
  q.reading.queue_bytes += train.bytes;
  m_heads[queue].packets += train.train;
  ++m_trains;
}

void FluidPort::drop(Nanos now, std::size_t queue, const Packet& train) {
  m_queues[queue].reading.drop_packets += train.train;
  m_queues[queue].reading.drop_bytes += train.bytes;
  m_counters.drops += train.train;
  m_dropped.accept(now, train);
}

void FluidPort::enqueue(Nanos now, const Packet& arrived) {
  Packet train = arrived;
  train.since = now;
  if (passes_through()) {
    m_counters.tx_packets += train.train;
    m_counters.tx_bytes += train.bytes;
    m_out.accept(now, now + lan_time(train), train);
    return;
  }
  advance(now);
  const std::size_t queue = classify(m_queues, train.dscp);
  const std::uint32_t packets = admit(now, queue, train);
  if (packets == train.train) {
    push(queue, train);
  } else if (packets == 0) {
    drop(now, queue, train);
  } else {
    const auto [fits, rest] = split(train, packets);
    push(queue, fits);
    drop(now, queue, rest);
  }
  plan(now);
}

/// Bytes a nanosecond that a class is sure of while it and the now busy ones are.
double FluidPort::drain_rate(std::size_t queue) const {
  const core::Bps whole =
      shaped() ? *m_policy->shaper : (m_by_line ? line_mean() : m_settings.bus_rate);
  const double rate = static_cast<double>(whole.count) * kBytesPerNanoOfBps;
  if (queue < m_priorities) return rate;
  if (first_priority() < m_priorities) return 0;
  const double others =
      m_queues[queue].packets.empty() ? shares() : shares() - m_queues[queue].percent;
  return rate * m_queues[queue].percent / (others + m_queues[queue].percent);
}

/// Packets of the train that enter: the queue has room, and neither policer nor early drop objects.
std::uint32_t FluidPort::admit(Nanos now, std::size_t queue, const Packet& train) {
  ClassQueue& q = m_queues[queue];
  const auto one = static_cast<double>(packet_bytes(train));
  std::uint32_t packets = train.train;
  if (q.early) {
    for (std::uint32_t i = 0; i < train.train; ++i) {
      const std::size_t waiting = m_heads[queue].packets + i + packets - train.train;
      if (m_early_draw.at(train.key + i, train.resends) < q.early->meet(now, waiting)) --packets;
    }
  }
  // While the train comes in over the LAN, the class goes on sending.
  double gone = drain_rate(queue) * static_cast<double>(lan_time(train));
  if (!q.packets.empty()) {
    gone += q.packets.front().bytes - m_heads[queue].left;
  } else if (m_trains == 0) {
    gone += m_pace->burst();
  }
  const auto room = static_cast<std::int64_t>(q.limit) -
                    static_cast<std::int64_t>(m_heads[queue].packets) +
                    static_cast<std::int64_t>(gone / one);
  packets = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(room, 0, static_cast<std::int64_t>(packets)));
  return q.policer ? police(now, queue, train, packets) : packets;
}

// Conditional, as OutputPort's: it meters always and drops only what has to wait. On an idle port
// what the line takes at once does not wait, but the train's own packets after that do.
std::uint32_t FluidPort::police(Nanos now, std::size_t queue, const Packet& train,
                                std::uint32_t packets) {
  TokenBucket& policer = *m_queues[queue].policer;
  const std::int64_t one = packet_bytes(train);
  std::uint32_t free = 0;
  if (m_trains == 0) {
    const double at_once = m_pace->burst() +
                           drain_rate(queue) * static_cast<double>(lan_time(train)) +
                           static_cast<double>(one);
    free =
        static_cast<std::uint32_t>(std::min<double>(packets, at_once / static_cast<double>(one)));
    policer.drain(now, free * one);
  }
  if (policer.take(now, (packets - free) * one)) return packets;
  std::uint32_t pass = free;
  while (pass < packets && policer.take(now, one)) ++pass;
  return pass;
}

std::size_t FluidPort::first_priority() const {
  std::size_t i = 0;
  while (i < m_priorities && m_queues[i].packets.empty()) ++i;
  return i;
}

double FluidPort::shares() const {
  double sum = 0;
  for (std::size_t i = m_priorities; i < m_queues.size(); ++i)
    if (!m_queues[i].packets.empty()) sum += m_queues[i].percent;
  return sum;
}

/// Bytes the port sends until the next train is complete; something waits.
double FluidPort::to_next_completion() const {
  const std::size_t priority = first_priority();
  if (priority < m_priorities) return m_heads[priority].left;
  double least = 0;
  bool any = false;
  for (std::size_t i = m_priorities; i < m_queues.size(); ++i) {
    if (m_queues[i].packets.empty()) continue;
    const double rounds = m_heads[i].left / m_queues[i].percent;
    if (!any || rounds < least) least = rounds;
    any = true;
  }
  return least * shares();
}

void FluidPort::serve(Nanos now, std::size_t queue, double bytes) {
  Head& head = m_heads[queue];
  if (head.began < 0) head.began = m_at;
  head.left -= bytes;
  if (head.left <= kRounding) complete(now, queue);
}

void FluidPort::complete(Nanos now, std::size_t queue) {
  ClassQueue& q = m_queues[queue];
  Head& head = m_heads[queue];
  const Packet train = q.packets.pop();
  const Nanos began = std::exchange(head.began, -1);
  --m_trains;
  head.packets -= train.train;
  head.left = q.packets.empty() ? 0 : q.packets.front().bytes;
  q.reading.queue_bytes -= train.bytes;
  q.reading.tx_bytes += train.bytes;
  q.reading.tx_packets += train.train;
  m_counters.tx_bytes += train.bytes;
  m_counters.tx_packets += train.train;
  if (q.early && q.packets.empty()) q.early->emptied(now);
  const Nanos last = std::max(now, train.since + lan_time(train));
  m_out.accept(began + (last - began) / train.train, last, train);
}

/// Serves until `now`. Between two events of the port nothing completes but at its end.
void FluidPort::advance(Nanos now) {
  if (now == m_at) return;
  if (m_trains == 0) {
    m_pace->spend(m_at, now, 0);
    m_at = now;
    return;
  }
  const double granted = m_pace->between(m_at, now);
  double amount = granted;
  while (m_trains > 0 && amount > kRounding) {
    const double step = std::min(amount, to_next_completion());
    amount -= step;
    const std::size_t priority = first_priority();
    if (priority < m_priorities) {
      serve(now, priority, step);
      continue;
    }
    const double round = step / shares();
    for (std::size_t i = m_priorities; i < m_queues.size(); ++i)
      if (!m_queues[i].packets.empty()) serve(now, i, round * m_queues[i].percent);
  }
  m_pace->spend(m_at, now, granted - amount);
  m_at = now;
}

void FluidPort::plan(Nanos now) {
  if (m_trains == 0) return;
  const Nanos due = m_pace->when(now, to_next_completion());
  if (due >= kNever || (m_wake_at >= now && m_wake_at <= due)) return;
  m_wake_at = due;
  m_events.schedule(due, *this);
}

void FluidPort::on_event(Nanos now, std::uint64_t) {
  if (now == m_wake_at) m_wake_at = -1;
  advance(now);
  plan(now);
}

void FluidPort::flush(Nanos now) {
  advance(now);
  std::vector<Packet> gone;
  for (std::size_t i = 0; i < m_queues.size(); ++i) {
    m_counters.tx_bytes += static_cast<std::uint64_t>(served(now, i));
    while (!m_queues[i].packets.empty()) gone.push_back(m_queues[i].packets.pop());
    m_queues[i].reading.queue_bytes = 0;
    m_heads[i] = {};
  }
  m_trains = 0;
  for (const Packet& train : gone) m_dropped.accept(now, train);
}

/// Bytes of the class's first train that have been sent by now.
double FluidPort::served(Nanos now, std::size_t queue) const {
  const ClassQueue& q = m_queues[queue];
  if (q.packets.empty()) return 0;
  const std::size_t priority = first_priority();
  double since = m_pace->between(m_at, now);
  if (priority < m_priorities) {
    since = queue == priority ? since : 0;
  } else {
    since *= q.percent / shares();
  }
  const auto whole = static_cast<double>(q.packets.front().bytes);
  return std::min(whole, whole - m_heads[queue].left + since);
}

PortCounters FluidPort::counters(Nanos now) const {
  PortCounters seen = m_counters;
  for (std::size_t i = 0; i < m_queues.size(); ++i) {
    const double bytes = served(now, i);
    seen.tx_bytes += static_cast<std::uint64_t>(bytes);
    seen.tx_packets += static_cast<std::uint64_t>(bytes / kMtu);
  }
  return seen;
}

std::vector<QueueReading> FluidPort::readings(Nanos now) const {
  std::vector<QueueReading> all;
  if (!m_policy) return all;
  for (std::size_t i = 0; i < m_queues.size(); ++i) {
    QueueReading& reading = all.emplace_back(m_queues[i].reading);
    const double bytes = served(now, i);
    const auto packets = static_cast<std::uint64_t>(bytes / kMtu);
    reading.tx_bytes += static_cast<std::uint64_t>(bytes);
    reading.tx_packets += packets;
    reading.queue_bytes -= static_cast<std::uint64_t>(bytes);
    reading.queue_packets = m_heads[i].packets - packets;
  }
  return all;
}

}  // namespace wanwise::sim
