#include "engine/core/decide/demand.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/decide/latency.hpp"

namespace wanwise::core {
namespace {

constexpr double kMicrosPerSecond = 1e6;
constexpr double kMilli = 1e-3;
constexpr double kBitsPerByte = 8;
/// Caps of what one option may state, far beyond any real one: 100'000 requests/s, 1 GB, a day.
constexpr std::int64_t kMaxRate = 100'000'000;
constexpr std::int64_t kMaxMessage = 1'000'000'000;
constexpr std::int64_t kMaxService = 86'400'000'000;

/// quantile - mean of an exponential with mean 1 at 0.99: ln(100) - 1.
constexpr double kExponentialP99 = 3.60517018598809136804;

std::int64_t saturate(double value) {
  return value >= static_cast<double>(kMomentLimit) ? kMomentLimit : std::llround(value);
}

Flow message_flow(std::int64_t rate, std::int64_t bytes) {
  const auto hertz = static_cast<double>(rate) * kMilli;
  const auto size = static_cast<double>(bytes);
  return {std::min(rate * bytes * 8, kMomentLimit), saturate(hertz * size * size),
          rate > 0 ? bytes : 0};
}

/// Service time as a shifted exponential: exact for constant and for exponential service.
double service_spread(double mean, double p99) {
  return std::max(0.0, p99 - mean) / kExponentialP99;
}

Flow service_flow(std::int64_t rate, double mean, double spread) {
  const double second = mean * mean + spread * spread;
  const auto requests = static_cast<double>(rate);
  return {saturate(requests * mean), saturate(requests * kMilli * second),
          rate > 0 && mean > 0 ? std::llround(second / (2 * mean)) : 0};
}

/// M/G/1 of messages at `rate` bits per second.
Queue message_queue(const Flow& flow, double rate) {
  const double work = static_cast<double>(flow.work) * kMilli / rate;
  const double bits_square = static_cast<double>(flow.second) * (kBitsPerByte * kBitsPerByte);
  const double residual = static_cast<double>(flow.size) * (kBitsPerByte / 2) / rate;
  return station_queue(work, bits_square / rate / rate * kMicrosPerSecond,
                       residual * kMicrosPerSecond, 1);
}

/// What all classes together put on the link, priority classes cut to what the policer lets
/// through. In mHz * bits.
struct Totals {
  std::int64_t priority = 0;
  std::int64_t other = 0;
};

double bits_per_second(std::int64_t work) {
  return static_cast<double>(work) * kMilli;
}

std::int64_t police_limit(const LinkInput& link, const ClassInput& service_class) {
  return std::max<std::int64_t>(0, link.shaper.count) * service_class.percent * 10;  // mHz * bits
}

Totals totals_of(const LinkInput& link, std::span<const ClassInput> classes,
                 std::span<const Flow> flows) {
  Totals totals{0, flows[classes.size()].work};
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k].queue == QueueKind::priority) {
      totals.priority += std::min(flows[k].work, police_limit(link, classes[k]));
    } else {
      totals.other += flows[k].work;
    }
  }
  return totals;
}

constexpr UplinkView kBlocked{true, 0, {}, 0, 0};

/// The modem's own queue: first in, first out, whatever the class.
UplinkView modem_view(const LinkInput& link, std::span<const Flow> flows) {
  Flow all;
  for (const Flow& flow : flows) {
    all.add(flow);
  }
  const auto rate = static_cast<double>(link.uplink.count);
  const Queue queue = message_queue(all, rate);
  if (queue.overloaded) {
    return kBlocked;
  }
  return {false, kMicrosPerSecond / rate, queue.wait, 0, 0};
}

/// Low-latency queue: every priority class in one queue, each behind its own policer.
UplinkView priority_view(const LinkInput& link, std::span<const ClassInput> classes,
                         std::span<const Flow> flows, std::size_t slot, Totals totals) {
  if (flows[slot].work > police_limit(link, classes[slot])) {
    return kBlocked;
  }
  Flow all;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k].queue == QueueKind::priority) {
      all.add(flows[k]);
    }
  }
  const auto rate = static_cast<double>(link.shaper.count);
  const Queue queue = message_queue(all, rate);
  if (queue.overloaded) {
    return kBlocked;
  }
  const double packet = kMtuBytes * kBitsPerByte / rate * kMicrosPerSecond;
  const double busy = std::min(1.0, bits_per_second(totals.other) / rate);
  return {false, kMicrosPerSecond / rate, queue.wait, busy * (0.5 + kRingPackets) * packet,
          (1 + kRingPackets) * packet};
}

/// Class with a guarantee: it surely gets that share of what the priority classes leave, and
/// everything the others do not use.
UplinkView remaining_view(const LinkInput& link, std::span<const ClassInput> classes,
                          std::span<const Flow> flows, std::size_t slot, Totals totals) {
  const auto shaper = static_cast<double>(link.shaper.count);
  const double percent = slot < classes.size() ? classes[slot].percent : 0;
  const double others = bits_per_second(totals.priority + (totals.other - flows[slot].work));
  const double guaranteed = (shaper - bits_per_second(totals.priority)) * percent / 100;
  const double rate = std::max(guaranteed, shaper - others);
  if (rate < 1) {
    return kBlocked;
  }
  const Queue queue = message_queue(flows[slot], rate);
  if (queue.overloaded) {
    return kBlocked;
  }
  const double packet = kMtuBytes * kBitsPerByte / shaper * kMicrosPerSecond;
  const double busy = std::min(1.0, others / shaper);
  return {false, kMicrosPerSecond / rate, queue.wait, busy * (0.5 + kRingPackets) * packet,
          (1 + kRingPackets) * packet};
}

/// Sum of independent delays at a quantile: half of each mean adds up, the rest adds as squares.
/// Within 3 % of the exact quantile for sums of two or three exponentials and for M/M/1.
class Sum {
 public:
  void add(double mean, double quantile) {
    m_linear += mean / 2;
    const double excess = std::max(0.0, quantile - mean / 2);
    m_square += excess * excess;
  }
  void add_square(double square) { m_square += square; }
  void add_fixed(double fixed) { m_linear += fixed; }
  [[nodiscard]] double value() const { return m_linear + std::sqrt(m_square); }
  void next(Micros LatencyParts::*) {}

 private:
  double m_linear = 0;
  double m_square = 0;
};

/// The same sum, remembering what each part adds to it.
class PartedSum {
 public:
  void next(Micros LatencyParts::*part) { m_terms[m_count++].part = part; }
  void add(double mean, double quantile) {
    const double excess = std::max(0.0, quantile - mean / 2);
    add_fixed(mean / 2);
    add_square(excess * excess);
  }
  void add_square(double square) { m_terms[m_count - 1].square += square; }
  void add_fixed(double fixed) { m_terms[m_count - 1].linear += fixed; }

  /// Shares of `whole`, in whole microseconds that add up to it.
  [[nodiscard]] LatencyParts shares(Micros whole) const {
    double squares = 0;
    for (const Term& term : m_terms) squares += term.square;
    const double root = std::sqrt(squares);
    LatencyParts parts;
    double exact = 0;
    std::int64_t told = 0;
    for (std::size_t i = 0; i < m_count; ++i) {
      exact += m_terms[i].linear + (root > 0 ? m_terms[i].square / root : 0);
      const std::int64_t until =
          i + 1 == m_count ? whole.count : std::min<std::int64_t>(std::llround(exact), whole.count);
      parts.*m_terms[i].part += Micros{until - told};
      told = until;
    }
    return parts;
  }

 private:
  struct Term {
    Micros LatencyParts::*part = nullptr;
    double linear = 0;
    double square = 0;
  };
  std::array<Term, 8> m_terms{};  ///< add_up() has 6
  std::size_t m_count = 0;
};

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
                  std::int64_t rate, Ppm quantile) {
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
  const double excess = std::max(0.0, spread * (tail_of(quantile).log_inverse - 1.0));
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
                 Ppm quantile) {
  if (option.target != kNone) {
    return leg_demand(situation, workload, first_leg(option), kept_rate(option), quantile);
  }
  Demand suspended;
  suspended.serves = false;
  suspended.slot = workload.service_class == kNone ? static_cast<Index>(situation.classes.size())
                                                   : workload.service_class;
  return suspended;
}

std::optional<Demand> spill_of(const Situation& situation, const WorkloadInput& workload,
                               const Option& option, Ppm quantile) {
  if (option.target == kNone || !option.splits()) {
    return std::nullopt;
  }
  return leg_demand(situation, workload, option.spill, spilt_rate(option), quantile);
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

Queue station_view(const Flow& flow, const TargetInput& target) {
  // mHz * µs is 1e-9 busy servers; (µs)^2 per second is 1e-6 µs.
  return station_queue(static_cast<double>(flow.work) * 1e-9,
                       static_cast<double>(flow.second) * 1e-6, static_cast<double>(flow.size),
                       std::max(target.servers, 1),
                       static_cast<double>(target.wait_factor.count) * 1e-6);
}

Queue downlink_view(const Flow& flow, Bps rate) {
  if (rate.count <= 0) {
    return {true, {}};
  }
  return message_queue(flow, static_cast<double>(rate.count));
}

UplinkView uplink_view(const LinkInput& link, std::span<const ClassInput> classes,
                       std::span<const Flow> flows, Index slot) {
  if (link.uplink.count <= 0 || link.shaper.count <= 0) {
    return kBlocked;
  }
  if (link.shaper > link.uplink) {
    return modem_view(link, flows);
  }
  const auto k = static_cast<std::size_t>(slot);
  const Totals totals = totals_of(link, classes, flows);
  if (k < classes.size() && classes[k].queue == QueueKind::priority) {
    return priority_view(link, classes, flows, k, totals);
  }
  return remaining_view(link, classes, flows, k, totals);
}

namespace {

/// The parts of an end-to-end latency, one after the other on the way.
template <class AnySum>
void add_up(AnySum& sum, const Demand& demand, const Tail& tail, const Queue& station,
            const UplinkView* up, const Queue* down, Bps downlink) {
  sum.next(&LatencyParts::path);
  sum.add_fixed(demand.base);
  sum.next(&LatencyParts::service);
  sum.add_square(demand.excess_square);
  sum.next(&LatencyParts::target_wait);
  sum.add(station.wait.mean, quantile_of(station.wait, tail));
  if (up == nullptr) {
    return;
  }
  sum.next(&LatencyParts::uplink_send);
  sum.add_fixed(demand.up_bits * up->us_per_bit);
  sum.next(&LatencyParts::uplink_wait);
  sum.add(up->own.mean, quantile_of(up->own, tail));
  sum.add(up->ring_mean, std::min(up->ring_limit, up->ring_mean * tail.markov));
  sum.next(&LatencyParts::downlink);
  sum.add_fixed(demand.down_bits * kMicrosPerSecond / static_cast<double>(downlink.count));
  sum.add(down->wait.mean, quantile_of(down->wait, tail));
}

}  // namespace

Micros combine(const Demand& demand, const Tail& tail, const Queue& station, const UplinkView* up,
               const Queue* down, Bps downlink) {
  if (station.overloaded || (up != nullptr && (up->blocked || down->overloaded))) {
    return kNever;
  }
  Sum sum;
  add_up(sum, demand, tail, station, up, down, downlink);
  // A millionth of a microsecond is rounding noise of the sum, not latency.
  const double value = sum.value() - 1e-6;
  if (value >= static_cast<double>(kNever.count)) {
    return kNever;
  }
  const auto whole = static_cast<std::int64_t>(value);
  return Micros{static_cast<double>(whole) < value ? whole + 1 : whole};
}

LatencyParts split_up(const Demand& demand, Micros service, const Tail& tail, const Queue& station,
                      const UplinkView* up, const Queue* down, Bps downlink) {
  LatencyParts parts;
  if (station.overloaded) parts.target_wait = kNever;
  if (up != nullptr && up->blocked) parts.uplink_wait = kNever;
  if (down != nullptr && down->overloaded) parts.downlink = kNever;
  const Micros whole = combine(demand, tail, station, up, down, downlink);
  if (whole >= kNever) return parts;
  PartedSum sum;
  add_up(sum, demand, tail, station, up, down, downlink);
  parts = sum.shares(whole);
  parts.path -= service;
  parts.service += service;
  return parts;
}

}  // namespace wanwise::core
