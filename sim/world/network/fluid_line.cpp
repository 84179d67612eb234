#include "sim/world/network/fluid_line.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace wanwise::sim {

FluidLine::FluidLine(EventQueue& events, LineClock clock, BufferLimits limits, Nanos delay,
                     TrainSink& out, PacketSink& dropped)
    : m_events(events),
      m_clock(std::move(clock)),
      m_limits(limits),
      m_delay(delay),
      m_out(out),
      m_dropped(dropped) {
  WANWISE_CHECK(delay >= 0);
}

std::int64_t FluidLine::progress(const Item& item, Nanos now) {
  if (item.lost || now <= item.began || item.departs >= kNever) return 0;
  if (now >= item.departs) return item.left;
  return static_cast<std::int64_t>(static_cast<double>(item.left) *
                                   static_cast<double>(now - item.began) /
                                   static_cast<double>(item.departs - item.began));
}

void FluidLine::settle(Nanos now) {
  for (; m_departed < m_items.size() && m_items.at(m_departed).departs <= now; ++m_departed)
    m_bytes -= m_items.at(m_departed).left;
}

std::int64_t FluidLine::bytes(Nanos now) const {
  std::int64_t sum = m_bytes;
  for (std::size_t i = m_departed; i < m_items.size() && m_items.at(i).began < now; ++i)
    sum -= m_items.at(i).departs <= now ? m_items.at(i).left : progress(m_items.at(i), now);
  return sum;
}

Nanos FluidLine::last_departure() const {
  return m_items.empty() ? 0 : m_items.at(m_items.size() - 1).departs;
}

void FluidLine::accept(Nanos first, Nanos last, const Packet& train) {
  const Nanos now = m_events.now();
  settle(now);
  Packet fits = train;
  // What waits is at most m_bytes; how much of it the line has begun to send matters only then.
  if (train.bytes > m_limits.bytes - m_bytes && train.bytes > m_limits.bytes - bytes(now)) {
    const std::int64_t room = m_limits.bytes - bytes(now);
    const auto packets = std::min<std::int64_t>(
        std::max<std::int64_t>(0, room) / packet_bytes(train), std::int64_t{train.train} - 1);
    Packet rest = train;
    if (packets > 0) std::tie(fits, rest) = split(train, static_cast<std::uint32_t>(packets));
    m_drops += rest.train;
    m_dropped.accept(now, rest);
    if (packets <= 0) return;
  }
  Item item;
  item.train = fits;
  item.first = first;
  item.last = last;
  item.left = fits.bytes;
  enter(item);
  arm();
}

/// Takes the line's time for it.
void FluidLine::send(Item& item) {
  const std::int64_t one = packet_bytes(item.train);
  item.began = std::max(item.first, last_departure());
  if (item.train.train == 1 || item.left < 2 * one) {
    item.departs = m_clock.send(item.last, item.left);
    item.head_left = item.departs;
    return;
  }
  item.head_left = m_clock.send(item.first, one);
  if (item.left > 2 * one) m_clock.send(item.first, item.left - 2 * one);
  item.departs = m_clock.send(item.last, one);
}

void FluidLine::enter(Item item) {
  const LineClock::Mark before = m_clock.mark();
  send(item);
  if (m_limits.older_than && item.departs > item.last + *m_limits.older_than) {
    m_clock.back_to(before);
    discard(item);
    return;
  }
  m_bytes += item.left;
  m_items.push(item);
}

/// Sends the packets whose turn comes before they are too old; the others are lost then.
void FluidLine::discard(Item item) {
  const Nanos until = item.last + *m_limits.older_than;
  const std::int64_t room = m_clock.room(item.first, until);
  const auto packets = std::min<std::int64_t>(room / packet_bytes(item.train), item.train.train);
  Item rest = item;
  // A train that has begun already is not cut again.
  if (packets > 0 && packets < item.train.train && item.left == item.train.bytes) {
    std::tie(item.train, rest.train) = split(item.train, static_cast<std::uint32_t>(packets));
    item.left = item.train.bytes;
    rest.left = rest.train.bytes;
    send(item);
    m_bytes += item.left;
    m_items.push(item);
  }
  rest.lost = true;
  rest.departs = std::max({until, last_departure(), m_events.now()});
  rest.began = rest.departs;
  rest.head_left = rest.departs;
  m_bytes += rest.left;
  m_items.push(rest);
}

void FluidLine::set_factor(Nanos now, core::Ppm of_trace) {
  settle(now);
  std::vector<Item> waiting;
  Fifo<Item> kept;
  for (std::size_t i = 0; !m_items.empty(); ++i) {
    Item item = m_items.pop();
    if (i < m_departed) {
      kept.push(item);
      continue;
    }
    item.left -= progress(item, now);
    item.lost = false;
    waiting.push_back(item);
  }
  m_items = std::move(kept);
  m_bytes = 0;
  m_clock.set_factor(now, of_trace);
  for (const Item& item : waiting) enter(item);
  arm();
}

void FluidLine::flush(Nanos now) {
  settle(now);
  std::vector<Packet> gone;
  Fifo<Item> kept;
  for (std::size_t i = 0; !m_items.empty(); ++i) {
    const Item item = m_items.pop();
    if (i < m_departed) {
      kept.push(item);
    } else {
      gone.push_back(item.train);
    }
  }
  m_items = std::move(kept);
  m_bytes = 0;
  m_clock.clear(now);
  for (const Packet& train : gone) m_dropped.accept(now, train);
}

void FluidLine::arm() {
  if (m_items.empty() || m_items.front().departs >= kNever) return;
  const Nanos due = m_items.front().departs + m_delay;
  if (m_armed >= 0 && m_armed <= due) return;
  m_armed = due;
  m_events.schedule(due, *this);
}

void FluidLine::on_event(Nanos now, std::uint64_t) {
  if (now == m_armed) m_armed = -1;
  settle(now);
  while (!m_items.empty() && m_items.front().departs + m_delay <= now) {
    const Item item = m_items.pop();
    --m_departed;
    if (item.lost) {
      m_drops += item.train.train;
      m_dropped.accept(now, item.train);
    } else {
      m_out.accept(item.head_left + m_delay, now, item.train);
    }
  }
  arm();
}

}  // namespace wanwise::sim
