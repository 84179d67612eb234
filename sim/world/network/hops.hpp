// The way behind a WAN link in one direction: store-and-forward hops, each a tail-drop buffer, a
// serial line and propagation. Owns its parts and the packets inside. One owner; not thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "sim/world/network/line.hpp"
#include "sim/world/network/link_tuning.hpp"

namespace wanwise::sim {

class Hops final : public PacketSink {
 public:
  /// `hops` in the order in which packets meet them.
  Hops(EventQueue& events, const std::vector<Hop>& hops, PacketSink& out, PacketSink& dropped);

  void accept(Nanos now, const Packet& packet) override { m_first->accept(now, packet); }

 private:
  struct Stage {
    Stage(EventQueue& events, const Hop& hop, PacketSink& out, PacketSink& dropped);

    Pipe pipe;
    Buffer buffer;
    SerialLine line;
  };

  std::vector<std::unique_ptr<Stage>> m_stages;  ///< last one first
  PacketSink* m_first;
};

}  // namespace wanwise::sim
