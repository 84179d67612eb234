// Trains: packets of one request that travel as one (Detail::requests). `first` is when the first
// packet is whole at a place, `last` when the last one is; a stage behind may start with the first
// before the last is there (cut-through between packets, as packets themselves do). Any thread.
#pragma once

#include <utility>

#include "sim/world/network/packet.hpp"

namespace wanwise::sim {

class TrainSink {
 public:
  /// Called at `last` or before.
  virtual void accept(Nanos first, Nanos last, const Packet& train) = 0;

  virtual ~TrainSink() = default;
};

/// Bytes of one packet of it, on average, up.
constexpr std::int64_t packet_bytes(const Packet& train) {
  return (std::int64_t{train.bytes} + train.train - 1) / train.train;
}

/// The first `packets` of a train, 0 < packets < train.train, and the others.
inline std::pair<Packet, Packet> split(const Packet& train, std::uint32_t packets) {
  WANWISE_CHECK(packets > 0 && packets < train.train);
  std::pair<Packet, Packet> parts{train, train};
  parts.first.train = packets;
  parts.first.bytes =
      static_cast<std::uint32_t>(std::uint64_t{train.bytes} * packets / train.train);
  parts.second.train -= packets;
  parts.second.bytes -= parts.first.bytes;
  parts.second.key += packets;
  return parts;
}

}  // namespace wanwise::sim
