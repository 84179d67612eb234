// The charge by which the sites of a fleet share what is not enough for all: a cloud region's
// accelerators, a pooled data plan. A toll adds to one level of a decision's Cost, in proportion to
// what an option uses: money makes whoever can do without go elsewhere, the level of a priority
// makes its workloads do without. Value types; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/names.hpp"
#include "engine/core/units.hpp"

namespace wanwise::core {

enum class TollLevel : std::uint8_t { none, money, low, normal, high, critical };

struct Toll {
  TollLevel level = TollLevel::none;
  std::int64_t amount = 0;  ///< a busy server or a Mbit/s: nano-dollars an hour, or unmet cost
  bool operator==(const Toll&) const = default;
};

/// What `use` (ppm of a busy server, or bits per second) is charged, rounded down: the sum of
/// charges is never more than the charge of the sum.
[[nodiscard]] constexpr std::int64_t charge(const Toll& toll, std::int64_t use) {
  constexpr std::int64_t kMillion = 1'000'000;
  return toll.amount / kMillion * use + toll.amount % kMillion * use / kMillion;
}

/// The tolls of one site; what is not named has none.
struct SiteTolls {
  std::map<TargetName, Toll> targets;
  std::map<LinkName, Toll> links;
  bool operator==(const SiteTolls&) const = default;
};

/// What one site's decision uses of its targets and links.
struct SiteUse {
  std::vector<std::int64_t> targets;  ///< by target, nodes, then clouds: ppm of a busy server
  std::vector<std::int64_t> links;    ///< by link: bits per second, both directions
  bool operator==(const SiteUse&) const = default;
};

}  // namespace wanwise::core
