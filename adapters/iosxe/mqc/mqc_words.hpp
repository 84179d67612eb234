// The difference between two configurations in words, for people: what somebody changed by hand in
// what is ours, what a router did not take over. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "adapters/iosxe/mqc/mqc.hpp"

namespace wanwise::iosxe {

/// More differences than people read; the rest is counted in a last line.
inline constexpr std::size_t kMaxDifferences = 32;

/// "policy-map WANWISE-PM-LTE class class-default: shape average 8000000 -> shape average 1000000",
/// from `from` to `to`, by kind and name.
[[nodiscard]] std::vector<std::string> differences(const Mqc& from, const Mqc& to);
/// The same in one line.
[[nodiscard]] std::string difference_words(const Mqc& from, const Mqc& to);
/// Objects of ours that hold what wanwise never writes.
[[nodiscard]] std::vector<std::string> not_ours_in(const Mqc& mqc);

/// Whether both have the same objects, by kind and name, at the same places.
[[nodiscard]] bool same_objects(const Mqc& a, const Mqc& b);

/// One entry or action as its CLI line.
[[nodiscard]] std::string rule_text(const AclRule& rule);
[[nodiscard]] std::string action_text(const PolicyAction& action);

}  // namespace wanwise::iosxe
