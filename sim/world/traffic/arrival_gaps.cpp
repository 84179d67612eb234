#include "sim/world/traffic/arrival_gaps.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/core/check.hpp"

namespace wanwise::sim {
namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

double ratio(core::Ppm share) {
  return static_cast<double>(share.count) / 1e6;
}

// A recording is stretched to the declared rate. Where the two agree as far as a declared rate can
// tell (it is a whole number of mHz), it is left as it was recorded, to the nanosecond.
double replay_scale(const ReplayedArrivals& law, core::MilliHz declared) {
  const double recorded =
      static_cast<double>(law.offsets.size()) * 1e9 / static_cast<double>(law.period.count);
  const auto rate = static_cast<double>(declared.count);
  return rate > recorded - 1 && rate < recorded + 1 ? 1 : recorded / rate;
}

}  // namespace

ArrivalGaps::ArrivalGaps(ArrivalProcess process, core::MilliHz rate, Stream stream)
    : m_process(std::move(process)),
      m_stream(stream),
      m_interval(1e12 / static_cast<double>(rate.count)) {
  WANWISE_CHECK(rate.count > 0);
  if (const auto* replay = std::get_if<ReplayedArrivals>(&m_process))
    m_scale = replay_scale(*replay, rate);
}

double ArrivalGaps::first() {
  return std::visit(
      Overload{[&](const PeriodicArrivals& law) {
                 const double phase = m_stream.uniform() * m_interval;
                 // Never before the beginning.
                 m_ahead = std::max(jitter(law), -phase);
                 return phase + m_ahead;
               },
               [&](const PoissonArrivals&) { return m_stream.exponential(m_interval); },
               [&](const GammaArrivals& law) { return gamma_first(law); },
               [&](const Mmpp2Arrivals&) { return m_stream.exponential(m_interval); },
               [&](const ReplayedArrivals& law) { return replayed(law); }},
      m_process);
}

double ArrivalGaps::next() {
  return std::visit(
      Overload{[&](const PeriodicArrivals& law) {
                 const double before = std::exchange(m_ahead, jitter(law));
                 return m_interval + (m_ahead - before);
               },
               [&](const PoissonArrivals&) { return m_stream.exponential(m_interval); },
               [&](const GammaArrivals& law) { return gamma_next(law); },
               [&](const Mmpp2Arrivals&) { return m_stream.exponential(m_interval); },
               [&](const ReplayedArrivals& law) { return replayed(law); }},
      m_process);
}

double ArrivalGaps::jitter(const PeriodicArrivals& law) {
  return (2 * m_stream.uniform() - 1) * ratio(law.jitter) * m_interval;
}

double ArrivalGaps::gamma_next(const GammaArrivals& law) {
  const double cv = static_cast<double>(law.cv_milli) * 1e-3;
  const double shape = 1 / (cv * cv);
  return m_stream.gamma(shape) / shape * m_interval;
}

// The beginning falls into a long gap more probably than into a short one: its density is the
// gap's times its length, which is the gamma of the next shape, and it falls there uniformly.
double ArrivalGaps::gamma_first(const GammaArrivals& law) {
  const double cv = static_cast<double>(law.cv_milli) * 1e-3;
  const double shape = 1 / (cv * cv);
  const double covering = m_stream.gamma(shape + 1) / shape * m_interval;
  return m_stream.uniform() * covering;
}

double ArrivalGaps::replayed(const ReplayedArrivals& law) {
  const core::Micros at = law.offsets[m_at];
  const core::Micros gap = at - m_last;
  m_at = (m_at + 1) % law.offsets.size();
  m_last = m_at == 0 ? at - law.period : at;
  return static_cast<double>(to_nanos(gap)) * m_scale;
}

Spells::Spells(Stream stream, core::Micros mean_first, core::Micros mean_second)
    : m_stream(stream), m_mean{to_nanos(mean_first), to_nanos(mean_second)} {
  const auto first = static_cast<double>(m_mean[0]);
  m_second = m_stream.uniform() * (first + static_cast<double>(m_mean[1])) >= first;
  m_until = draw();
}

Nanos Spells::draw() {
  const double length = m_stream.exponential(static_cast<double>(m_mean[m_second ? 1 : 0]));
  return std::max<Nanos>(1, static_cast<Nanos>(length));
}

void Spells::advance() {
  m_second = !m_second;
  m_until += draw();
}

Mmpp2Shape shape_of(const Mmpp2Arrivals& law) {
  const auto low = static_cast<double>(law.mean_low.count);
  const auto high = static_cast<double>(law.mean_high.count);
  Mmpp2Shape shape;
  shape.low_share = low / (low + high);
  shape.high = (1 - shape.low_share * ratio(law.low)) / (1 - shape.low_share);
  return shape;
}

}  // namespace wanwise::sim
