// What a WAN link is beyond the engine's model of it: the hops behind it, losses, early drops. The
// engine is not told. Value types; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::sim {

/// A store-and-forward hop between the link's far end and the cloud, the same in both directions.
struct Hop {
  core::Bps rate;                 ///< > 0
  core::Micros delay;             ///< propagation, one way
  core::Bytes buffer{1'000'000};  ///< tail drop
};

/// Weighted random early detection in the classes that share what the priority leaves (IOS
/// `random-detect`): no drop below `least` packets of the averaged queue, all above `most`.
struct Wred {
  std::uint32_t least = 20;
  std::uint32_t most = 40;
  std::uint32_t mark_denominator = 10;  ///< one in this many at `most`
  std::uint32_t weight_exponent = 9;    ///< of the moving average, 2^-n
};

struct LinkTuning {
  core::LinkName link;
  std::vector<Hop> hops;  ///< in the order from the router
  core::Ppm loss{0};      ///< of packets, each direction; 0: WorldTuning::packet_loss
  std::optional<Wred> wred;
};

}  // namespace wanwise::sim
