// The requests that are under way, each known by an id that is never used twice: slot and
// generation. A packet or event of a request that is gone finds nothing. One owner; not
// thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/kernel/census.hpp"
#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

struct Request {
  Nanos created = 0;
  Nanos deadline = 0;
  double draw = 0.5;               ///< uniform draw of its service time, the same wherever it runs
  std::uint64_t key = 0;           ///< of its first packet, each way: Packet::key
  std::int64_t bytes = 0;          ///< of the request
  std::int64_t bytes_to_send = 0;  ///< not yet on the LAN
  std::uint32_t source = 0;
  std::uint32_t workload = 0;
  std::uint32_t target = 0;
  std::uint32_t rung = 0;
  std::uint32_t link = 0;
  std::uint32_t route = 0;            ///< over trunks, 1 and up; 0: straight to the link
  std::uint32_t packets_awaited = 0;  ///< in the direction it travels now
  bool spilled = false;               ///< to the second target of a split workload
};

class RequestTable {
 public:
  /// Requests under way at a time: 1000 a second with a patience of 60 s. More are refused.
  static constexpr std::size_t kMaxLive = 65'536;

  /// 0 when the table is full.
  std::uint64_t add(const Request& request);
  [[nodiscard]] Request* find(std::uint64_t id);
  void remove(std::uint64_t id);
  /// Sum over the requests of how long they have been under way.
  [[nodiscard]] RequestTime ages(Nanos now) const;
  [[nodiscard]] std::size_t live() const { return m_slots.size() - m_free.size(); }

 private:
  struct Slot {
    Request request;
    std::uint32_t generation = 1;
    bool live = false;
  };
  std::vector<Slot> m_slots;
  std::vector<std::uint32_t> m_free;
};

}  // namespace wanwise::sim
