#include "sim/world/network/class_queue.hpp"

#include <algorithm>

namespace wanwise::sim {
namespace {

// `hold-queue 40 out`: IOS's output queue where no policy is attached.
constexpr std::size_t kHoldQueue = 40;
// IOS XE's default queue-limit: 50 ms of the class's visible rate in full packets, at least 64; a
// priority queue has 512.
constexpr std::size_t kQueueLimitFloor = 64;
constexpr std::size_t kPriorityQueueLimit = 512;
constexpr std::int64_t kQueueLimitPerSecond = 20;  // 1 s / 50 ms
// Bc of the parent shaper: 10 ms of its rate, at least two full packets so that any packet fits.
constexpr std::int64_t kShaperBurstPerSecond = 100;  // 1 s / 10 ms
// Burst of `priority percent` where none is configured: 200 ms of the policed rate.
constexpr std::int64_t kPolicerBurstPerSecond = 5;  // 1 s / 200 ms

std::int64_t burst_bytes(core::Bps rate, std::int64_t per_second) {
  return std::max<std::int64_t>(std::int64_t{2} * kMtu, rate.count / 8 / per_second);
}

core::Bps share(core::Bps rate, std::uint32_t percent) {
  return core::Bps{std::max<std::int64_t>(1, rate.count * percent / 100)};
}

/// The only queue where no policy is attached.
ClassQueue plain_fifo(const QueueRules& rules) {
  ClassQueue queue;
  queue.dscps = ~std::uint64_t{0};
  queue.percent = 100;
  queue.limit = rules.queue_limit.value_or(kHoldQueue);
  return queue;
}

std::int64_t policer_burst(const ClassQueue& queue, core::Bps rate) {
  // A bucket that no full packet fits would drop whatever comes.
  if (queue.burst > 0) return std::max<std::int64_t>(kMtu, queue.burst);
  return burst_bytes(rate, kPolicerBurstPerSecond);
}

ClassQueue make_queue(const QueueConfig& config, const QueueRules& rules) {
  ClassQueue queue;
  queue.kind = config.kind;
  queue.percent = std::max<std::uint32_t>(1, config.percent);
  queue.reading.name = config.name;
  for (const core::Dscp dscp : config.dscps) queue.dscps |= std::uint64_t{1} << dscp.value;
  const core::Bps rate = share(rules.reference, queue.percent);
  const auto fifty_ms =
      static_cast<std::size_t>(rate.count / (std::int64_t{8} * kMtu) / kQueueLimitPerSecond);
  switch (config.kind) {
    case core::QueueKind::priority:
      queue.limit = kPriorityQueueLimit;
      queue.burst = config.burst;
      queue.policer.emplace(rate, policer_burst(queue, rate));
      break;
    case core::QueueKind::remaining:
      queue.limit = std::max(kQueueLimitFloor, fifty_ms);
      if (rules.wred) queue.early.emplace(*rules.wred, transmission(kMtu, rate));
      break;
  }
  if (rules.queue_limit) queue.limit = *rules.queue_limit;
  if (config.queue_limit > 0) queue.limit = config.queue_limit;
  return queue;
}

}  // namespace

std::int64_t shaper_burst(core::Bps rate) {
  return burst_bytes(rate, kShaperBurstPerSecond);
}

ClassQueues make_queues(const std::optional<OutputPolicy>& policy, const QueueRules& rules) {
  ClassQueues queues;
  if (!policy) {
    queues.all.push_back(plain_fifo(rules));
    queues.largest_share = 100;
    return queues;
  }
  std::uint32_t given = 0;
  for (const auto& config : policy->queues) {
    if (config.kind != core::QueueKind::priority) continue;
    queues.all.push_back(make_queue(config, rules));
    ++queues.priorities;
  }
  for (const auto& config : policy->queues) {
    if (config.kind != core::QueueKind::remaining) continue;
    queues.all.push_back(make_queue(config, rules));
    given += config.percent;
  }
  QueueConfig rest{"class-default", {}, core::QueueKind::remaining, policy->default_percent};
  if (rest.percent == 0) rest.percent = given < 100 ? 100 - given : 1;
  queues.all.push_back(make_queue(rest, rules));
  queues.all.back().dscps = ~std::uint64_t{0};
  for (std::size_t i = queues.priorities; i < queues.all.size(); ++i)
    queues.largest_share = std::max<std::int64_t>(queues.largest_share, queues.all[i].percent);
  return queues;
}

void keep_counters(Nanos now, const std::vector<ClassQueue>& old, std::vector<ClassQueue>& queues) {
  for (auto& queue : queues) {
    const auto same = std::find_if(old.begin(), old.end(), [&](const ClassQueue& other) {
      return other.reading.name == queue.reading.name && other.kind == queue.kind;
    });
    if (same == old.end()) continue;
    queue.reading = same->reading;
    queue.reading.queue_bytes = 0;
    if (queue.policer && same->policer) {
      const core::Bps rate = queue.policer->rate();
      queue.policer = same->policer;
      queue.policer->change(now, rate, policer_burst(queue, rate));
    }
    if (queue.early && same->early) queue.early->inherit(*same->early);
  }
}

std::size_t classify(const std::vector<ClassQueue>& queues, core::Dscp dscp) {
  std::size_t i = 0;
  while (i + 1 < queues.size() && !queues[i].takes(dscp)) ++i;
  return i;
}

}  // namespace wanwise::sim
