#include "engine/runtime/steady_clock.hpp"

#include <algorithm>

namespace wanwise::runtime {

SteadyClock::SteadyClock() : m_origin(std::chrono::steady_clock::now()) {}

core::Instant SteadyClock::now() const {
  const auto since = std::chrono::steady_clock::now() - m_origin;
  return core::Instant{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

std::chrono::steady_clock::time_point SteadyClock::time_point(core::Instant at) const {
  // steady_clock counts nanoseconds in 64 bits: what lies a year ahead is as good as never, and
  // must not overflow.
  constexpr std::int64_t kYear = std::int64_t{366} * 86'400 * 1'000'000;
  const std::int64_t latest = now().micros + kYear;
  return m_origin + std::chrono::microseconds{std::clamp<std::int64_t>(at.micros, 0, latest)};
}

}  // namespace wanwise::runtime
