#include "engine/core/class_backlog.hpp"

#include <algorithm>

namespace wanwise::core {
namespace {

// No router has this much buffer for one queue; a larger value is a broken reading.
constexpr std::uint64_t kMostStanding = 1'000'000'000;

std::int64_t bounded(std::uint64_t bytes) {
  return static_cast<std::int64_t>(std::min(bytes, kMostStanding));
}

}  // namespace

bool ClassBacklog::observe(const ClassCounters& sample) {
  auto found = m_queues.find(sample.service_class);
  if (found == m_queues.end()) {
    if (m_queues.size() >= kMaxClasses) return ++m_overflow, false;
    Queue fresh;
    fresh.at = fresh.before_at = sample.observed_at;
    fresh.standing = bounded(sample.queue_bytes);
    fresh.drop_bytes = sample.drop_bytes;
    m_queues.emplace(sample.service_class, fresh);
    return true;
  }
  Queue& queue = found->second;
  if (sample.observed_at <= queue.at) return false;
  queue.before_at = queue.at;
  queue.before_standing = queue.standing;
  queue.at = sample.observed_at;
  queue.standing = bounded(sample.queue_bytes);
  queue.dropped = sample.drop_bytes > queue.drop_bytes;  // a smaller count is a reset, not a drop
  queue.drop_bytes = sample.drop_bytes;
  queue.twice = true;
  return true;
}

std::int64_t ClassBacklog::standing(Instant oldest) const {
  std::int64_t sum = 0;
  for (const auto& [name, queue] : m_queues) {
    if (queue.at >= oldest) sum += queue.standing;
  }
  return sum;
}

bool ClassBacklog::stood_throughout(Instant start, Micros tolerance, std::int64_t bytes) const {
  std::int64_t now = 0;
  std::int64_t before = 0;
  for (const auto& [name, queue] : m_queues) {
    if (!queue.twice || queue.at <= start + tolerance || queue.before_at > start + tolerance) {
      continue;
    }
    now += queue.standing;
    before += queue.before_standing;
  }
  return now >= bytes && before >= bytes;
}

bool ClassBacklog::dropped(Instant oldest) const {
  return std::any_of(m_queues.begin(), m_queues.end(), [&](const auto& entry) {
    return entry.second.dropped && entry.second.at >= oldest;
  });
}

}  // namespace wanwise::core
