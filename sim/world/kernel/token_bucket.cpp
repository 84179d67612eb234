#include "sim/world/kernel/token_bucket.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

constexpr std::int64_t tokens_of(std::int64_t bytes) {
  return bytes * 8 * kNanosPerSecond;
}

}  // namespace

TokenBucket::TokenBucket(core::Bps rate, std::int64_t depth_bytes)
    : m_rate(rate), m_depth(tokens_of(depth_bytes)), m_tokens(m_depth) {
  WANWISE_CHECK(rate.count > 0 && depth_bytes > 0);
}

void TokenBucket::change(Nanos now, core::Bps rate, std::int64_t depth_bytes) {
  WANWISE_CHECK(rate.count > 0 && depth_bytes > 0);
  refill(now);
  m_rate = rate;
  m_depth = tokens_of(depth_bytes);
  m_tokens = std::min(m_tokens, m_depth);
}

void TokenBucket::refill(Nanos now) {
  const Nanos elapsed = now - m_at;
  m_at = now;
  // Compared in time first: rate * elapsed of a long pause would not fit 64 bits.
  if (elapsed > (m_depth - m_tokens) / m_rate.count) {
    m_tokens = m_depth;
  } else {
    m_tokens += m_rate.count * elapsed;
  }
}

bool TokenBucket::take(Nanos now, std::int64_t bytes) {
  refill(now);
  if (m_tokens < tokens_of(bytes)) return false;
  m_tokens -= tokens_of(bytes);
  return true;
}

void TokenBucket::drain(Nanos now, std::int64_t bytes) {
  refill(now);
  m_tokens = std::max<std::int64_t>(0, m_tokens - tokens_of(bytes));
}

Nanos TokenBucket::ready_at(Nanos now, std::int64_t bytes) {
  refill(now);
  WANWISE_CHECK(tokens_of(bytes) <= m_depth);
  const std::int64_t missing = tokens_of(bytes) - m_tokens;
  if (missing <= 0) return now;
  return now + (missing + m_rate.count - 1) / m_rate.count;
}

}  // namespace wanwise::sim
