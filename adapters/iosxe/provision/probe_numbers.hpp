// Numbers of IP SLA operations. The engine and the site know each measurement by one number, which
// follows from what it does (engine/core/decide/probe_plan.hpp). On the router it may have another
// one of its range: IOS does not edit an operation that runs, so one that is to do something else
// becomes another one, and some numbers may be other people's. Which measurement an operation is,
// its tag tells. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "adapters/iosxe/config.hpp"
#include "adapters/iosxe/mqc/mqc.hpp"
#include "engine/core/expected.hpp"

namespace wanwise::iosxe {

/// Numbers in wanwise's ranges that somebody else uses.
struct TakenNumbers {
  std::set<std::uint32_t> entries;
  std::set<std::uint32_t> tracks;
};

/// `desired`, as the engine numbers it, in the numbers it gets on this router: that of an operation
/// that already does the same, else the first free one from its own on, around its range. So no
/// entry of `observed` is ever changed. foreign-policy when a range is full.
[[nodiscard]] core::Expected<Mqc> on_router(const Mqc& desired, const Mqc& observed,
                                            const TakenNumbers& taken);

/// The way back: what the router holds, in the numbers that the site has for it.
[[nodiscard]] Mqc as_the_site_numbers(const Mqc& observed, const RouterConfig& config);

/// The router's configuration with the numbers that wanwise's operations have there.
[[nodiscard]] RouterConfig as_the_router_numbers(const RouterConfig& config, const Mqc& observed);

/// The ten numbers of a link, or the hundred of a class, that `entry` is one of.
struct NumberRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};
[[nodiscard]] NumberRange range_of(std::uint32_t entry);

/// The operation itself, whatever surrounds it: schedule, reaction.
[[nodiscard]] bool same_operation(SlaEntry a, const SlaEntry& b);

}  // namespace wanwise::iosxe
