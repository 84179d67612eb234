#include "engine/core/decide/latency/latency_split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "engine/core/decide/latency/latency.hpp"

namespace wanwise::core {
namespace {

constexpr double kMicrosPerSecond = 1e6;
using Part = Micros LatencyParts::*;

/// Contributions of each part, µs: what is certain, and what is drawn.
class Shares {
 public:
  explicit Shares(const Tail& tail) : m_tail(tail) {}

  void fixed(Part part, double time) { term(part).fixed += time; }
  void wait(Part part, const Wait& wait) { wait_of(part, wait.mean, quantile_of(wait, m_tail)); }
  void wait_of(Part part, double mean, double quantile) {
    if (m_tail.median) {
      term(part).mean += quantile;
      return;
    }
    const double excess = std::max(0.0, quantile - mean / 2);
    term(part).mean += mean / 2;
    term(part).square += excess * excess;
  }
  void spread(Part part, double square) {
    if (!m_tail.median) term(part).square += square;
  }

  [[nodiscard]] LatencyParts of(Micros whole) const {
    double squares = 0;
    double certain = 0;
    for (const Term& t : m_terms) {
      squares += t.square;
      certain += t.fixed;
    }
    const double root = std::sqrt(squares);
    const auto drawn = [&](const Term& t) { return t.mean + (root > 0 ? t.square / root : 0); };
    double all_drawn = 0;
    for (const Term& t : m_terms) all_drawn += drawn(t);
    const double left = std::max(0.0, static_cast<double>(whole.count) - certain);
    const double scale = all_drawn > 0 ? left / all_drawn : 0;
    LatencyParts parts;
    double until = 0;
    std::int64_t told = 0;
    for (const Term& t : m_terms) {
      until += t.fixed + drawn(t) * scale;
      const std::int64_t rounded = std::min<std::int64_t>(std::llround(until), whole.count);
      parts.*t.part = Micros{rounded - told};
      told = rounded;
    }
    // Rounding, and what nothing that was drawn explains.
    parts.path += Micros{whole.count - told};
    return parts;
  }

 private:
  struct Term {
    Part part;
    double fixed = 0;
    double mean = 0;
    double square = 0;
  };
  Term& term(Part part) {
    return *std::find_if(m_terms.begin(), m_terms.end(),
                         [&](const Term& t) { return t.part == part; });
  }

  const Tail& m_tail;
  std::array<Term, 6> m_terms{{{&LatencyParts::path},
                               {&LatencyParts::uplink_wait},
                               {&LatencyParts::uplink_send},
                               {&LatencyParts::downlink},
                               {&LatencyParts::target_wait},
                               {&LatencyParts::service}}};
};

/// Of two lanes the one that this message gets through sooner.
const Lane& better_lane(const UplinkView& up, double bits, const Tail& tail) {
  if (!up.has_second) return up.lane;
  const auto time = [&](const Lane& lane) {
    return bits * lane.us_per_bit + quantile_of(lane.own, tail);
  };
  return time(up.second) < time(up.lane) ? up.second : up.lane;
}

}  // namespace

LatencyParts split_up(const Demand& demand, Micros service, const Tail& tail, const Queue& station,
                      const UplinkView* up, const Queue* down, Bps downlink) {
  const Micros whole = combine(demand, tail, station, up, down, downlink);
  if (whole >= kNever) {
    LatencyParts never;
    if (station.overloaded) never.target_wait = kNever;
    if (up != nullptr && up->blocked) never.uplink_wait = kNever;
    if (down != nullptr && down->overloaded) never.downlink = kNever;
    return never;
  }
  Shares shares(tail);
  shares.fixed(&LatencyParts::path, demand.base - static_cast<double>(service.count));
  shares.fixed(&LatencyParts::service, static_cast<double>(service.count));
  shares.spread(&LatencyParts::service, demand.excess_square);
  shares.wait(&LatencyParts::target_wait, station.wait);
  if (up != nullptr) {
    const Lane& lane = better_lane(*up, demand.up_bits, tail);
    shares.fixed(&LatencyParts::uplink_send, demand.up_bits * lane.us_per_bit);
    shares.spread(&LatencyParts::uplink_wait,
                  demand.up_bits * lane.variance_per_bit * (kInterruption * tail.log_inverse));
    shares.wait(&LatencyParts::uplink_wait, lane.own);
    shares.wait_of(&LatencyParts::uplink_wait, up->ring_mean,
                   std::min(up->ring_limit, up->ring_mean * tail.markov));
    shares.wait(&LatencyParts::uplink_wait, up->modem);
    shares.fixed(&LatencyParts::downlink,
                 demand.down_bits * kMicrosPerSecond / static_cast<double>(downlink.count));
    shares.wait(&LatencyParts::downlink, down->wait);
  }
  return shares.of(whole);
}

}  // namespace wanwise::core
