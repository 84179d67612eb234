// What can never be met, contradicts itself or never applies, in documents that are right one by
// one: the last step of load(). Pure; any thread.
#pragma once

#include <vector>

#include "engine/policy/load.hpp"
#include "engine/policy/resolve.hpp"

namespace wanwise::policy {

/// `bundles` has one member per pairing, in the same order; the library has no other findings.
/// What can never hold is told as `gravest`.
void reason(const Library& library, const std::vector<Pairing>& pairings,
            const std::vector<SiteBundle>& bundles, Severity gravest, Report& report);

}  // namespace wanwise::policy
