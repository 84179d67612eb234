// A site small enough to read at a glance, for tests of what stands around the engine:
//
//   cameras --- Vlan1 [ir1101] Cellular0/1/0 --- lte --- cloud (t4)
//                  |
//                 tx2 (jetson-tx2)
//
// Two workloads: detector (rungs 0: resnet-50, 1: half the rate) and big, whose model only the
// cloud has.
#pragma once

#include "engine/core/model.hpp"
#include "sim/world/world.hpp"

namespace wanwise::testing {

core::Model small_site();
/// The site in motion, on links of constant rate, with both workloads at work where they prefer.
sim::WorldConfig small_world();

}  // namespace wanwise::testing
