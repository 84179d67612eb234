// EdgeCloudSim's first sample (Sonmez et al., FMEC 2017), rebuilt from the world's parts with the
// parameters of its configuration files: nomadic devices, four applications, fourteen edge places
// of two machines each, a cloud behind a WAN. One run, deterministic for a seed. One owner.
//
// As there: network delay is 1 / (mu - lambda n) for the n devices at a place, a machine takes a
// task while its admission percentages add up to 100, runs all its tasks at once on its cores, and
// a task fails without a machine or when its device has left the place before the answer. Left out:
// the edge's internal network beyond its constant delay, and energy. Unlike there the three
// architectures meet the same tasks.
#pragma once

#include <cstdint>

namespace wanwise::acceptance {

enum class Tiers : std::uint8_t {
  edge_only,     ///< SINGLE_TIER: the place's own machines
  edge_cloud,    ///< TWO_TIER: a share of each application's tasks goes to the cloud
  orchestrated,  ///< TWO_TIER_WITH_EO: any place's machines may take an edge task
};

struct TiersResult {
  double failed = 0;           ///< share of tasks
  double service_seconds = 0;  ///< mean of the completed
  double edge_busy = 0;        ///< of the edge's cores
  std::uint64_t tasks = 0;
};

[[nodiscard]] TiersResult run_tiers(Tiers tiers, std::size_t devices, double minutes,
                                    std::uint64_t seed);

}  // namespace wanwise::acceptance
