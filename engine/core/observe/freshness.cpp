#include "engine/core/observe/freshness.hpp"

#include <algorithm>

namespace wanwise::core {

Micros age_of(Instant observed_at, Instant now) {
  return std::max(now - observed_at, Micros{0});
}

Freshness freshness(std::optional<Instant> observed_at, Instant now, Micros stale_after) {
  if (!observed_at) return Freshness::missing;
  if (*observed_at - now > stale_after) return Freshness::stale;
  return age_of(*observed_at, now) < stale_after ? Freshness::fresh : Freshness::stale;
}

std::optional<Instant> next_expiry(std::optional<Instant> observed_at, Instant now,
                                   Micros stale_after) {
  if (freshness(observed_at, now, stale_after) != Freshness::fresh) {
    // Ahead of its time: it becomes fresh when now comes within stale_after of it.
    if (observed_at && *observed_at - now > stale_after) return *observed_at - stale_after;
    return std::nullopt;
  }
  return *observed_at + stale_after;
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

}  // namespace wanwise::core
