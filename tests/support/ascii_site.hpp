// Models drawn as text, one edge a line, words between blanks:
//   cameras -- ir1101              a source on a router's LAN (10.0.N.0/24, N counts the sources)
//   ir1101 --1ms-- tx2             a node, its one-way LAN delay
//   ir1101 ==lte:10:50ms== net     a WAN link with its metric and round trip
//   ir1101 ==lte:10:50ms:8:4== net and with Mbit/s both ways, and USD per GB
//   east ~~bridge:100:2ms~~ west   a trunk with Mbit/s and its delay one way
//   east steers links              a router that can be told the link of each workload
//   net ==20ms== aws               a cloud beyond every link (198.51.100.N)
//   detect:video cameras tx2,aws   a workload, its class (optional), its source, its targets
// Vectors are sorted by name afterwards, as a Model wants them.
#pragma once

#include <string>

#include "engine/core/model.hpp"

namespace wanwise::test {

core::Model ascii_site(const std::string& drawing);

}  // namespace wanwise::test
