// What differs between two Mqc outside the policy maps, in words, for people. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "adapters/iosxe/mqc/mqc.hpp"

namespace wanwise::iosxe {

/// "ip sla 904: frequency 5 -> frequency 60", from `from` to `to`, by kind and number.
[[nodiscard]] std::vector<std::string> provision_differences(const Mqc& from, const Mqc& to);
/// Objects of ours that hold what wanwise never writes: "ip sla 904".
[[nodiscard]] std::vector<std::string> not_ours_in_provision(const Mqc& mqc);
/// Whether both have the same operations, tracked objects, route map entries and leaves of
/// interfaces, by number and place.
[[nodiscard]] bool same_provision_objects(const Mqc& a, const Mqc& b);

}  // namespace wanwise::iosxe
