// Token bucket (rate r, depth b): at most b + r t bytes in any window t. The parent shaper waits
// for tokens, the LLQ policer drops without them. Integers throughout. One owner; not thread-safe.
#pragma once

#include <cstdint>

#include "sim/world/kernel/time.hpp"

namespace wanwise::sim {

class TokenBucket {
 public:
  /// Full at the start.
  TokenBucket(core::Bps rate, std::int64_t depth_bytes);

  /// New rate and depth from `now` on; tokens gathered so far stay, up to the new depth.
  void change(Nanos now, core::Bps rate, std::int64_t depth_bytes);
  /// Takes `bytes` if there are as many.
  bool take(Nanos now, std::int64_t bytes);
  /// Takes what there is, at most `bytes`: traffic that passes although it has no tokens.
  void drain(Nanos now, std::int64_t bytes);
  /// When take(bytes) succeeds if nothing else is taken; `bytes` fits the depth.
  [[nodiscard]] Nanos ready_at(Nanos now, std::int64_t bytes);
  [[nodiscard]] core::Bps rate() const { return m_rate; }

 private:
  void refill(Nanos now);

  // Tokens count in 1e-9 bits: a rate in bits per second times nanoseconds, exactly.
  core::Bps m_rate;
  std::int64_t m_depth = 0;
  std::int64_t m_tokens = 0;
  Nanos m_at = 0;
};

}  // namespace wanwise::sim
