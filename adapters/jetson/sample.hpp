// What a node's pages say together, as the engine wants it. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/jetson/config.hpp"
#include "adapters/jetson/reading.hpp"
#include "engine/core/event.hpp"

namespace wanwise::jetson {

/// A device that is less busy than this may lower its clocks to save power: they tell of no heat.
inline constexpr core::Ppm kBusy{500'000};

/// Of a node that answered. The service is slowed down while the device says so or is as hot as
/// `throttles_at_c`: by its clocks where they are told and it is busy, else by the site's figure.
[[nodiscard]] core::TargetSample make_sample(const NodeConfig& config, const NodeReading& reading,
                                             core::Instant at);

/// The profile's name for what the node calls its power mode: the same letters and digits ("MAXN"
/// is MAX-N), if need be without nvpmodel's "_CORE_…", which on a TX2 tells of the CPU cores alone
/// ("MAXP_CORE_ARM" is MAX-P). Else the node's own, which the engine will not know either.
[[nodiscard]] core::PowerModeName profile_name(std::string_view reported,
                                               const std::vector<core::PowerModeName>& known);

}  // namespace wanwise::jetson
