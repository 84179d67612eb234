// Whether a value is still worth deciding on. Exact edges, no hysteresis: fresh while
// age < stale_after, stale from observed_at + stale_after on, so that a wake-up at the expiry finds
// it stale. Pure functions; any thread.
#pragma once

#include <optional>

#include "engine/core/units.hpp"

namespace wanwise::core {

enum class Freshness { missing, fresh, stale };

/// Zero for a value from the future: sources' clocks differ by a little.
[[nodiscard]] Micros age_of(Instant observed_at, Instant now);

/// A value further ahead of now than `stale_after` comes from a broken clock and is stale.
[[nodiscard]] Freshness freshness(std::optional<Instant> observed_at, Instant now,
                                  Micros stale_after);

/// When freshness() of this value changes by time alone, if it does: strictly later than now.
[[nodiscard]] std::optional<Instant> next_expiry(std::optional<Instant> observed_at, Instant now,
                                                 Micros stale_after);

/// The earlier of two wake-ups; nothing is never.
[[nodiscard]] std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b);

}  // namespace wanwise::core
