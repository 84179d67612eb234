// The DiffServ bottleneck as ns-3 plays it: PrioQueueDisc of three bands over a point-to-point
// device whose queue holds one packet.
//
// Licence of this folder's program: it links ns-3, which is under the GNU General Public License,
// version 2; a binary built from it may be distributed under that licence only. Nothing else of
// this project links it.
#pragma once

#include <array>
#include <cstdint>

namespace wanwise::interop {

struct Ns3Result {
  std::array<double, 3> sojourn_ms{};  ///< EF, AF41, best effort
  std::array<std::uint64_t, 3> packets{};
  std::uint64_t events = 0;
  double seconds = 0;  ///< of real time
};

/// 10 Mb/s, Poisson, 1250-byte packets on the wire, load `rho` as 20/30/50 %.
[[nodiscard]] Ns3Result run_ns3(double rho, double simulated_seconds, std::uint32_t run);

}  // namespace wanwise::interop
