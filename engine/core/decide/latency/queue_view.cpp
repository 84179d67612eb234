#include "engine/core/decide/latency/queue_view.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/decide/latency/latency.hpp"
#include "engine/core/decide/qos_plan.hpp"

namespace wanwise::core {
namespace {

constexpr double kMicrosPerSecond = 1e6;
constexpr double kMilli = 1e-3;
constexpr double kBitsPerByte = 8;
/// mHz * ms^3 in µs^3/s, and mHz * kB^3 in bits^3/s.
constexpr double kThirdOfTime = 1e-3 * 1e9;
constexpr double kThirdOfBytes = 1e-3 * 1e9 * 8 * 8 * 8;

/// A flow of messages as time on a line: busy share, rate * E[S^2] in µs, rate * E[S^3] in µs^2.
struct Moments {
  double work = 0;
  double second = 0;
  double third = 0;

  void add(const Moments& other) {
    work += other.work;
    second += other.second;
    third += other.third;
  }
};

Moments moments_of(const Flow& flow, double rate) {
  const double us_per_bit = kMicrosPerSecond / rate;
  const double square = us_per_bit * us_per_bit;
  return {static_cast<double>(flow.work) * kMilli / rate,
          static_cast<double>(flow.second) * (kBitsPerByte * kBitsPerByte) * square * 1e-6,
          static_cast<double>(flow.third) * kThirdOfBytes * square * us_per_bit * 1e-6};
}

/// M/G/1 of messages at `rate` bits per second.
Queue message_queue(const Flow& flow, double rate) {
  const Moments all = moments_of(flow, rate);
  return station_queue(all.work, all.second, all.third, 1);
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

constexpr UplinkView kBlocked{true, {}, 0, 0, false, {}, {}};

/// `others` bits per second, of `rate`, put at most a burst and a packet ahead of a message, and
/// half of it on average while they send.
UplinkView behind_others(const Lane& lane, double others, double rate) {
  const double packet = kMtuBytes * kBitsPerByte / rate * kMicrosPerSecond;
  const double burst = std::max(kMicrosPerSecond / kBurstPerSecond, kBurstPackets * packet);
  const double most = packet + burst;
  return {false, lane, std::min(1.0, others / rate) * most / 2, most, false, {}, {}};
}

/// A class that shares with others has counted their work already: what is left is the packet on
/// the line.
UplinkView behind_a_packet(const Lane& lane, double others, double rate) {
  const double packet = kMtuBytes * kBitsPerByte / rate * kMicrosPerSecond;
  return {false, lane, std::min(1.0, others / rate) * packet / 2, packet, false, {}, {}};
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
  return behind_others({kMicrosPerSecond / rate, 0, queue.wait}, bits_per_second(totals.other),
                       rate);
}

/// What the deficit round robin goes by. Traffic without a class has class-default.
double weight_of(std::span<const ClassInput> classes, std::size_t slot) {
  return slot < classes.size() ? std::max<std::uint32_t>(1, classes[slot].percent) : kDefaultShare;
}

/// Bits of the longest message of a class.
double longest_message(std::span<const ClassInput> classes, std::size_t slot) {
  return slot < classes.size()
             ? static_cast<double>(wire_bytes(classes[slot].largest)) * kBitsPerByte
             : static_cast<double>(kMaxMessage) * kBitsPerByte;
}

/// As much of another class' work as goes ahead of one class'.
Moments ahead_of(const Moments& other, double weight, double own_weight, double longest) {
  const double square = weight * weight;
  const double part = square / (square + own_weight * own_weight);
  const double most = longest * weight / own_weight;
  return {part * other.work, std::min(part * other.second, most * other.work),
          std::min(part * other.third, most * most * other.work)};
}

struct Sharing {
  bool overloaded = false;
  Lane lane;
};

/// Of the work of another class a part goes ahead of this one's, the rest waits behind it. All of a
/// priority class goes ahead; of two classes with guarantees the part is w^2 / (1 + w^2), w the
/// ratio of theirs to ours: half among equals and, as simulated, next to nothing of a class with a
/// third of ours. Nor does one message of theirs keep one of ours for longer than w times its own
/// length, for that is how the round robin goes. What goes ahead interrupts: a preemptive-resume
/// priority queue, whose wait is the work found there, stretched by what comes ahead meanwhile. Its
/// first two moments are exact where the parts are 0 or 1 (Takagi, Queueing Analysis 1, 1991).
Sharing sharing_of(const LinkInput& link, std::span<const ClassInput> classes,
                   std::span<const Flow> flows, std::size_t slot, Totals totals) {
  const auto rate = static_cast<double>(link.shaper.count);
  const double utilisation = bits_per_second(totals.priority + totals.other) / rate;
  if (utilisation > kMaxUtilisation) {
    return {true, {}};
  }
  const double us_per_bit = kMicrosPerSecond / rate;
  const double own_weight = weight_of(classes, slot);
  const double longest = longest_message(classes, slot) * us_per_bit;
  Moments ahead;
  for (std::size_t k = 0; k < flows.size(); ++k) {
    if (k == slot || flows[k].work == 0) {
      continue;
    }
    const Moments other = moments_of(flows[k], rate);
    const bool priority = k < classes.size() && classes[k].queue == QueueKind::priority;
    ahead.add(priority ? other : ahead_of(other, weight_of(classes, k), own_weight, longest));
  }
  // Of a priority class no more gets through than the policer lets.
  ahead.work = std::min(ahead.work, utilisation);
  Moments found = ahead;
  found.add(moments_of(flows[slot], rate));
  const double stretch = 1.0 / (1.0 - ahead.work);
  const double mean = found.second / 2 * stretch / (1.0 - utilisation);
  const double residual = (found.second > 0 ? found.third / (3.0 * found.second) : 0.0) * stretch +
                          ahead.second / 2 * stretch * stretch;
  return {false,
          {us_per_bit * stretch, us_per_bit * ahead.second * stretch * stretch * stretch,
           make_wait(mean, residual, utilisation)}};
}

/// Whatever the quantile and the message, `a` is no faster than `b`.
bool no_faster(const Lane& a, const Lane& b) {
  return a.us_per_bit >= b.us_per_bit && a.variance_per_bit >= b.variance_per_bit &&
         a.own.mean >= b.own.mean && a.own.scale >= b.own.scale && a.own.busy >= b.own.busy;
}

/// Class with a guarantee: it surely gets that share of what the priority classes leave, however
/// much the others send; where they leave more, it shares that with them.
UplinkView remaining_view(const LinkInput& link, std::span<const ClassInput> classes,
                          std::span<const Flow> flows, std::size_t slot, Totals totals) {
  const auto shaper = static_cast<double>(link.shaper.count);
  const double percent = slot < classes.size() ? classes[slot].percent : 0;
  const double others = bits_per_second(totals.priority + (totals.other - flows[slot].work));
  const double guaranteed = (shaper - bits_per_second(totals.priority)) * percent / 100;
  const Sharing sharing = sharing_of(link, classes, flows, slot, totals);
  const Queue queue = guaranteed < 1 ? Queue{true, {}} : message_queue(flows[slot], guaranteed);
  if (queue.overloaded) {
    return sharing.overloaded ? kBlocked : behind_a_packet(sharing.lane, others, shaper);
  }
  const Lane alone{kMicrosPerSecond / guaranteed, 0, queue.wait};
  if (sharing.overloaded || no_faster(sharing.lane, alone)) {
    return behind_a_packet(alone, others, shaper);
  }
  UplinkView view = behind_a_packet(sharing.lane, others, shaper);
  view.has_second = !no_faster(alone, sharing.lane);
  view.second = alone;
  return view;
}

/// The modem's own queue: first in, first out, whatever the class. Work is neither made nor lost on
/// the way: what waits in the router and the modem together is what would wait in front of the
/// uplink alone, so the modem has that less what the shaper holds back.
UplinkView behind_modem(UplinkView view, const LinkInput& link, std::span<const Flow> flows) {
  Flow all;
  for (const Flow& flow : flows) {
    all.add(flow);
  }
  const auto uplink = static_cast<double>(link.uplink.count);
  const Moments air = moments_of(all, uplink);
  const Queue total = station_queue(air.work, air.second, air.third, 1);
  const Queue held = message_queue(all, static_cast<double>(link.shaper.count));
  if (total.overloaded || held.overloaded) {
    return kBlocked;
  }
  const double residual = air.second > 0 ? air.third / (3.0 * air.second) : 0.0;
  view.modem = make_wait(total.wait.mean - held.wait.mean, residual, air.work);
  view.lane.us_per_bit = std::max(view.lane.us_per_bit, kMicrosPerSecond / uplink);
  view.second.us_per_bit = std::max(view.second.us_per_bit, kMicrosPerSecond / uplink);
  return view;
}

/// Sum of independent delays at a quantile. Upper ones: half of each mean adds up, the rest adds as
/// squares; within 3 % of the exact quantile for sums of two or three exponentials and for M/M/1.
/// The median: the means, less the largest distance of a median from its mean, for a sum is about
/// as far from symmetry as its least symmetric part (the median of a gamma variable is a third of
/// its scale below the mean, whatever its shape).
class Sum {
 public:
  explicit Sum(const Tail& tail) : m_tail(&tail) {}

  void add(const Wait& wait) { add(wait.mean, quantile_of(wait, *m_tail)); }
  void add(double mean, double quantile) {
    m_mean += mean;
    m_skew = std::max(m_skew, mean - quantile);
    const double excess = std::max(0.0, quantile - mean / 2);
    m_square += excess * excess;
  }
  void add_square(double square) { m_square += square; }
  void add_fixed(double fixed) { m_fixed += fixed; }
  void add_lane(const Lane& lane, double bits) {
    add(lane.own);
    m_fixed += bits * lane.us_per_bit;
    m_square += bits * lane.variance_per_bit * (kInterruption * m_tail->log_inverse);
  }
  [[nodiscard]] double value() const {
    return m_tail->median ? m_fixed + m_mean - m_skew : m_fixed + m_mean / 2 + std::sqrt(m_square);
  }

 private:
  const Tail* m_tail;
  double m_fixed = 0;
  double m_mean = 0;
  double m_skew = 0;
  double m_square = 0;
};

}  // namespace

Queue station_view(const Flow& flow, const TargetInput& target) {
  // mHz * µs is 1e-9 busy servers; (µs)^2 per second is 1e-6 µs.
  return station_queue(
      static_cast<double>(flow.work) * 1e-9, static_cast<double>(flow.second) * 1e-6,
      static_cast<double>(flow.third) * (kThirdOfTime * 1e-6), std::max(target.servers, 1),
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
  const auto k = static_cast<std::size_t>(slot);
  const Totals totals = totals_of(link, classes, flows);
  const bool priority = k < classes.size() && classes[k].queue == QueueKind::priority;
  const UplinkView view = priority ? priority_view(link, classes, flows, k, totals)
                                   : remaining_view(link, classes, flows, k, totals);
  return link.shaper > link.uplink && !view.blocked ? behind_modem(view, link, flows) : view;
}

Micros combine(const Demand& demand, const Tail& tail, const Queue& station, const UplinkView* up,
               const Queue* down, Bps downlink) {
  if (station.overloaded || (up != nullptr && (up->blocked || down->overloaded))) {
    return kNever;
  }
  Sum sum(tail);
  sum.add_fixed(demand.base);
  sum.add_square(demand.excess_square);
  sum.add(station.wait);
  double exact = 0;
  if (up == nullptr) {
    exact = sum.value();
  } else {
    sum.add(up->ring_mean, std::min(up->ring_limit, up->ring_mean * tail.markov));
    sum.add_fixed(demand.down_bits * kMicrosPerSecond / static_cast<double>(downlink.count));
    sum.add(down->wait);
    if (up->modem.mean > 0) {
      sum.add(up->modem);
    }
    Sum other = sum;
    sum.add_lane(up->lane, demand.up_bits);
    exact = sum.value();
    if (up->has_second) {
      other.add_lane(up->second, demand.up_bits);
      exact = std::min(exact, other.value());
    }
  }
  // A millionth of a microsecond is rounding noise of the sum, not latency.
  const double value = exact - 1e-6;
  if (value >= static_cast<double>(kNever.count)) {
    return kNever;
  }
  const auto whole = static_cast<std::int64_t>(value);
  return Micros{static_cast<double>(whole) < value ? whole + 1 : whole};
}

}  // namespace wanwise::core
