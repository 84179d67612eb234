// A packet, the FIFO it stands in, and the few ways in which components hand packets on. Components
// hold references to their neighbours and own none of them. One owner; not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/check.hpp"
#include "engine/core/qos.hpp"
#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

/// Ethernet's and the cellular bearer's usual MTU; also what one delivery opportunity moves.
inline constexpr std::uint32_t kMtu = 1500;

enum class PacketKind : std::uint8_t { request, response, probe };

/// One packet; where requests travel whole (Detail::requests), a train of them.
struct Packet {
  std::uint64_t id = 0;   ///< of the request, or of the probe's operation
  std::uint64_t key = 0;  ///< what losses and early drops are drawn by; the next of a train: + 1
  Nanos since = 0;        ///< a component's own mark: entered the queue, or is due
  std::uint32_t bytes = 0;
  std::uint32_t train = 1;  ///< packets in it
  std::uint16_t flow = 0;
  core::Dscp dscp;
  PacketKind kind = PacketKind::request;
  std::uint8_t resends = 0;  ///< times it was lost before
};

/// Takes packets: the next component, or whoever hears of a drop.
class PacketSink {
 public:
  virtual void accept(Nanos now, const Packet& packet) = 0;

  virtual ~PacketSink() = default;
};

/// Where a line takes its next packet from.
class Feed {
 public:
  [[nodiscard]] virtual bool has_packet() const = 0;
  virtual bool pull(Nanos now, Packet& packet) = 0;

  virtual ~Feed() = default;
};

/// A line that pulls; woken when its feed has something to give again.
class Drain {
 public:
  virtual void wake(Nanos now) = 0;

  virtual ~Drain() = default;
};

/// First in, first out, on a ring that grows to the largest backlog seen. Bounded by its users.
template <class Item>
class Fifo {
 public:
  [[nodiscard]] bool empty() const { return m_count == 0; }
  [[nodiscard]] std::size_t size() const { return m_count; }
  [[nodiscard]] const Item& front() const { return at(0); }
  [[nodiscard]] const Item& at(std::size_t i) const {
    WANWISE_CHECK(i < m_count);
    return m_ring[(m_first + i) & (m_ring.size() - 1)];
  }
  void push(const Item& packet) {
    if (m_count == m_ring.size()) grow();
    m_ring[(m_first + m_count++) & (m_ring.size() - 1)] = packet;
  }
  Item pop() {
    const Item packet = front();
    m_first = (m_first + 1) & (m_ring.size() - 1);
    --m_count;
    return packet;
  }

 private:
  void grow() {
    std::vector<Item> larger(m_ring.empty() ? 16 : m_ring.size() * 2);
    for (std::size_t i = 0; i < m_count; ++i)
      larger[i] = m_ring[(m_first + i) & (m_ring.size() - 1)];
    m_ring.swap(larger);
    m_first = 0;
  }

  std::vector<Item> m_ring;  ///< its size is a power of two
  std::size_t m_first = 0;
  std::size_t m_count = 0;
};

using PacketFifo = Fifo<Packet>;

}  // namespace wanwise::sim
