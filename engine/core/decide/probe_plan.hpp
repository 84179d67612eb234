// The measurements that wanwise sets up on a router: which operation measures which link, under
// which number, how often. Follows from the site and the policy alone, never from a measurement, so
// a router is rewritten for it only when a person changed a document. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/model.hpp"
#include "engine/core/qos.hpp"

namespace wanwise::core {

// Numbers of operations have no names beside them, so wanwise keeps to two ranges of its own and a
// site may name no operation in them.
//
// A link's own operation: ten numbers for each of a router's first ten links, below 1000, because a
// route map takes no tracked object above (Cisco-IOS-XE-route-map, verify-availability/track) and
// the object has the operation's number. Which of the ten follows from what the operation does: IOS
// refuses to edit an operation that runs, so a changed one is to be another one.
inline constexpr std::uint32_t kFirstLinkProbe = 900;
inline constexpr std::uint32_t kNumbersPerLink = 10;
inline constexpr std::uint32_t kMostMeasuredLinks = 10;  ///< of one router
/// A class' operation: 100 numbers for each code point (0..63) of each link.
inline constexpr std::uint32_t kFirstClassProbe = 900'000;
inline constexpr std::uint32_t kNumbersPerClass = 100;
inline constexpr std::uint32_t kNumbersPerLinkClasses = 10'000;

[[nodiscard]] constexpr bool is_link_probe(std::uint32_t entry) {
  return entry >= kFirstLinkProbe && entry < kFirstLinkProbe + kNumbersPerLink * kMostMeasuredLinks;
}
[[nodiscard]] constexpr bool is_reserved_probe(std::uint32_t entry) {
  return is_link_probe(entry) ||
         (entry >= kFirstClassProbe &&
          entry < kFirstClassProbe + kNumbersPerLinkClasses * kMostMeasuredLinks);
}

/// Place of the link among its router's, by name: 0, 1, … It must be one of the site's.
[[nodiscard]] std::uint32_t slot_of(const Site& site, const Link& link);

/// Number of the operation that wanwise sets up for the link itself; nothing where it sets up none.
[[nodiscard]] std::optional<std::uint32_t> link_probe_entry(const Site& site, const Link& link);

/// All operations of the router, by number.
[[nodiscard]] std::vector<ProbeRule> plan_probes(const Model& model, const Router& router);

}  // namespace wanwise::core
