// What several sites of a fleet share: the accelerators of one cloud region, or one data plan for
// many SIMs. Value types.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/model_index.hpp"

namespace wanwise::core {

enum class PoolKind : std::uint8_t {
  cloud,  ///< capacity in ppm of a busy accelerator: 4'000'000 is four
  data,   ///< capacity in bits per second, both directions, averaged over the rest of the period
};

/// One site's access to a pool.
struct PoolMember {
  Index site = kNone;
  Index resource = kNone;  ///< target (cloud) or link (data) of that site's model
};

struct SharedPool {
  std::string name;
  PoolKind kind = PoolKind::cloud;
  std::int64_t capacity = 0;
  std::vector<PoolMember> members;  ///< by site, then resource; unique
};

/// Of a pool's capacity, what is given out by plan: the waiting that requests of different sites
/// cause each other is not predicted, and with ten servers or more it is below a tenth of the
/// service time up to here (Erlang C of 10 servers at 0.85: 0.29 waits, 0.2 of a service on
/// average of those).
inline constexpr Ppm kPoolTarget{850'000};

}  // namespace wanwise::core
