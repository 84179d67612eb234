// The sites of the figures, as seeded decision problems: the same on every platform.
#pragma once

#include <cstdint>

#include "engine/core/decide/situation.hpp"

namespace wanwise::test {

/// One site as the figures name it: 20 workloads, 2 nodes and 2 clouds, 2 links (a wired one at
/// 40 Mb/s and a priced LTE one at 12), 3 classes. Half the workloads have a lower rung, those that
/// are not critical or high may be suspended, one in ten must stay on the site. At 100 percent the
/// requests would keep the two accelerators busy for about 100 % of the time each.
core::Situation site_situation(std::uint64_t seed, std::int64_t load_percent);

/// A large one of the same kind: 50 workloads, 3 nodes and 3 clouds, 3 links (wired at 60 Mb/s, LTE
/// at 20 and a dearer one at 10 with a data plan of 2 Mb/s), so that a workload has up to 24
/// options. 100 percent are three busy accelerators.
core::Situation large_site_situation(std::uint64_t seed, std::int64_t load_percent);

/// The targets of site_situation() by name, and the stability rules of a policy that says nothing.
core::Model model_of_sites();

/// Everything runs where `chosen` has put it.
void settle(core::Situation& situation, const core::Assignment& chosen);

}  // namespace wanwise::test
