#include "engine/core/uplink/class_backlog.hpp"

#include <algorithm>

namespace wanwise::core {
namespace {

// No router has this much buffer for one queue; a larger value is a broken reading.
constexpr std::uint64_t kMostStanding = 1'000'000'000;

constexpr std::int64_t kPacket = 1500;

// A priority class has a cap; what is left beside it is never less than this.
constexpr double kLeastLeft = 0.05;
// A longer wait is past every probe's timeout (IOS XE: 5 s by default).
constexpr double kMostSeconds = 10;
// IP SLA packets carry no mark of ours, so they run in MQC's implicit class.
constexpr const char* kProbeClass = "class-default";

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
    fresh.tx_bytes = sample.tx_bytes;
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
  queue.lost = queue.dropped ? static_cast<double>(sample.drop_bytes - queue.drop_bytes) : 0.0;
  queue.drop_bytes = sample.drop_bytes;
  const bool reset = sample.tx_bytes < queue.tx_bytes;
  queue.bps = reset ? 0
                    : static_cast<double>(sample.tx_bytes - queue.tx_bytes) * 8e6 /
                          static_cast<double>((queue.at - queue.before_at).count);
  const double sent = reset ? 0 : static_cast<double>(sample.tx_bytes - queue.tx_bytes);
  queue.drop_share = queue.lost > 0 ? queue.lost / (queue.lost + sent) : 0;
  queue.tx_bytes = sample.tx_bytes;
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

Micros ClassBacklog::probe_wait(Instant oldest, double bps) const {
  if (bps <= 0) return Micros{0};
  double others = 0;  // classes that stand before the shaper with the probe's
  double own_bits = static_cast<double>(standing(oldest)) * 8;
  double own_bps = bps;
  double satisfied = 0;
  for (const auto& [name, queue] : m_queues) {
    if (queue.at < oldest) continue;
    if (name.text != kProbeClass) {
      if (queue.standing >= kPacket) {
        ++others;
      } else {
        satisfied += queue.bps;  // served before those that wait, as a priority class is
      }
      continue;
    }
    own_bits = static_cast<double>(queue.standing) * 8;
    // While its queue stands, what the class sends is what the scheduler leaves to it.
    if (queue.standing >= kPacket && queue.bps > 0) own_bps = std::min(bps, queue.bps);
  }
  // The packet on its way out, and one of each class that waits: a round of the scheduler.
  const double round_bits = others > 0 ? (1 + others) * kPacket * 8 : 0;
  const double left = std::max(bps - satisfied, bps * kLeastLeft);
  const double wait = own_bits / std::min(own_bps, left) + round_bits / left;
  return Micros{static_cast<std::int64_t>(std::min(wait, kMostSeconds) * 1e6)};
}

double ClassBacklog::probe_drop_share(Instant oldest) const {
  const auto found = m_queues.find(ClassName{kProbeClass});
  if (found == m_queues.end() || found->second.at < oldest) return 0;
  return found->second.drop_share;
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

double ClassBacklog::withheld(Instant oldest) const {
  double lost = 0;
  double grown = 0;
  for (const auto& [name, queue] : m_queues) {
    if (!queue.twice || queue.at < oldest) continue;
    if (!m_policed.contains(name)) lost += queue.lost;
    grown += static_cast<double>(queue.standing - queue.before_standing);
  }
  return lost + std::max(grown, 0.0);
}

bool ClassBacklog::dropped(Instant oldest) const {
  return std::any_of(m_queues.begin(), m_queues.end(), [&](const auto& entry) {
    return entry.second.dropped && entry.second.at >= oldest;
  });
}

}  // namespace wanwise::core
