// How often a router's configuration is changed: at most so often in any minute. Each change costs
// the router's management plane a second of CPU and, where the configuration is saved, its flash a
// write; the engine's deadbands keep it far below this, so the limit is met only when something is
// wrong. Pure; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace wanwise::iosxe {

class CommitRate {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kWindow{60};

  explicit CommitRate(std::size_t limit) : m_limit(limit) {}

  /// The first moment, `now` at the earliest, at which one more change is within the limit.
  [[nodiscard]] Instant next(Instant now) const;
  void note(Instant at);

 private:
  std::size_t m_limit;
  std::deque<Instant> m_last;  ///< the last m_limit changes
};

}  // namespace wanwise::iosxe
