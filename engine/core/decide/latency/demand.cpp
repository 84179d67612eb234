#include "engine/core/decide/latency/demand.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/decide/latency/queueing.hpp"

namespace wanwise::core {
namespace {

constexpr double kMilli = 1e-3;
constexpr double kBitsPerByte = 8;
/// Caps of what one option may state, far beyond any real one: 100'000 requests/s, a day.
constexpr std::int64_t kMaxRate = 100'000'000;
constexpr std::int64_t kMaxService = 86'400'000'000;

/// quantile - mean of an exponential with mean 1 at 0.99: ln(100) - 1.
constexpr double kExponentialP99 = 3.60517018598809136804;

std::int64_t saturate(double value) {
  return value >= static_cast<double>(kMomentLimit) ? kMomentLimit : std::llround(value);
}

Flow message_flow(std::int64_t rate, std::int64_t bytes) {
  const auto hertz = static_cast<double>(rate) * kMilli;
  const auto size = static_cast<double>(bytes);
  const double thousands = size * kMilli;
  return {std::min(rate * bytes * 8, kMomentLimit), saturate(hertz * size * size),
          saturate(static_cast<double>(rate) * thousands * thousands * thousands)};
}

/// Service time as a shifted exponential: exact for constant and for exponential service.
double service_spread(double mean, double p99) {
  return std::max(0.0, p99 - mean) / kExponentialP99;
}

Flow service_flow(std::int64_t rate, double mean, double spread) {
  const double square = spread * spread;
  const double second = mean * mean + square;
  const double third = mean * mean * mean + 3 * mean * square + 2 * square * spread;
  const auto requests = static_cast<double>(rate);
  return {saturate(requests * mean), saturate(requests * kMilli * second),
          saturate(requests * (third * 1e-9))};
}

}  // namespace

std::int64_t wire_bytes(Bytes payload) {
  const std::int64_t bytes = std::clamp<std::int64_t>(payload.count, 0, kMaxMessage);
  const std::int64_t packets =
      std::max<std::int64_t>(1, (bytes + kPayloadBytes - 1) / kPayloadBytes);
  return bytes + packets * kHeaderBytes;
}

namespace {

/// Requests of the second leg, in mHz.
std::int64_t spilt_rate(const Option& option) {
  const std::int64_t share = std::clamp<std::int64_t>(option.spill.share.count, 0, kWhole.count);
  return std::clamp<std::int64_t>(option.rate.count, 0, kMaxRate) * share / kWhole.count;
}

std::int64_t kept_rate(const Option& option) {
  return std::clamp<std::int64_t>(option.rate.count, 0, kMaxRate) - spilt_rate(option);
}

Leg first_leg(const Option& option) {
  return {option.target,       option.link,        kWhole,
          option.service_mean, option.service_p99, option.fixed};
}

Demand leg_demand(const Situation& situation, const WorkloadInput& workload, const Leg& leg,
                  std::int64_t rate, const Tail& tail) {
  Demand demand;
  demand.target = leg.target;
  demand.link = leg.link;
  demand.slot = workload.service_class == kNone ? static_cast<Index>(situation.classes.size())
                                                : workload.service_class;
  const auto mean =
      static_cast<double>(std::clamp<std::int64_t>(leg.service_mean.count, 0, kMaxService));
  const auto p99 =
      static_cast<double>(std::clamp<std::int64_t>(leg.service_p99.count, 0, kMaxService));
  const double spread = service_spread(mean, p99);
  const double excess = std::max(0.0, spread * (tail.log_inverse - 1.0));
  demand.memory = std::max<std::int64_t>(0, workload.memory.count);
  demand.station = service_flow(rate, mean, spread);
  demand.base = static_cast<double>(leg.fixed.count) + mean;
  demand.excess_square = excess * excess;
  if (demand.link != kNone) {
    const LinkInput& link = situation.links[static_cast<std::size_t>(demand.link)];
    const std::int64_t up = wire_bytes(workload.request);
    const std::int64_t down = wire_bytes(workload.response);
    demand.up = message_flow(rate, up);
    demand.down = message_flow(rate, down);
    demand.up_bits = static_cast<double>(up) * kBitsPerByte;
    demand.down_bits = static_cast<double>(down) * kBitsPerByte;
    demand.base += static_cast<double>(link.jitter.count);
  }
  return demand;
}

/// Money per hour for the bytes of `rate` requests.
std::int64_t price_of_bytes(const Situation& situation, const WorkloadInput& workload, Index link,
                            std::int64_t rate) {
  if (link == kNone) {
    return 0;
  }
  const std::int64_t price = situation.links[static_cast<std::size_t>(link)].price_per_gb.count;
  const std::int64_t bytes = wire_bytes(workload.request) + wire_bytes(workload.response);
  // One request per 1000 s is 3.6 per hour. Bytes per hour times price per 1e9 bytes, in two steps
  // so that neither product overflows.
  const std::int64_t hourly = rate * bytes / 10 * 36;
  constexpr std::int64_t kGiga = 1'000'000'000;
  return hourly / kGiga * price + hourly % kGiga * (price / 1'000) / 1'000'000;
}

}  // namespace

Demand demand_of(const Situation& situation, const WorkloadInput& workload, const Option& option,
                 const Tail& tail) {
  if (option.target != kNone) {
    return leg_demand(situation, workload, first_leg(option), kept_rate(option), tail);
  }
  Demand suspended;
  suspended.serves = false;
  suspended.slot = workload.service_class == kNone ? static_cast<Index>(situation.classes.size())
                                                   : workload.service_class;
  return suspended;
}

std::optional<Demand> spill_of(const Situation& situation, const WorkloadInput& workload,
                               const Option& option, const Tail& tail) {
  if (option.target == kNone || !option.splits()) {
    return std::nullopt;
  }
  return leg_demand(situation, workload, option.spill, spilt_rate(option), tail);
}

NanoUsd transfer_cost(const Situation& situation, const WorkloadInput& workload,
                      const Option& option) {
  if (option.target == kNone) {
    return {};
  }
  const std::int64_t kept = price_of_bytes(situation, workload, option.link, kept_rate(option));
  return NanoUsd{kept + (option.splits() ? price_of_bytes(situation, workload, option.spill.link,
                                                          spilt_rate(option))
                                         : 0)};
}

}  // namespace wanwise::core
