// What a site's decision takes from what it shares with other sites, and their tolls on it. Pure
// functions; any thread.
#pragma once

#include "engine/core/decide/situation.hpp"
#include "engine/core/toll.hpp"

namespace wanwise::core {

/// Where a toll counts. Not for TollLevel::none.
[[nodiscard]] Goal toll_goal(TollLevel level);

/// What an option is charged, both legs of it.
[[nodiscard]] Cost tolls_on(const Situation& situation, const WorkloadInput& workload,
                            const Option& option);

[[nodiscard]] SiteUse use_of(const Situation& situation, const Assignment& assignment);

/// Puts the tolls into the situation, before it is solved. Names that the model lacks are passed
/// over.
void charge_tolls(Situation& situation, const Model& model, const SiteTolls& tolls);

}  // namespace wanwise::core
