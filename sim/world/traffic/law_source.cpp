#include "sim/world/traffic/law_source.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace wanwise::sim {
namespace {

// Argument of the event that ends a spell; requests carry their epoch, which begins at 1.
constexpr std::uint64_t kSpellEnds = 0;
// A request further away than this (31 years) does not come; Nanos end after 292 years.
constexpr double kNever = 1e18;

}  // namespace

LawSource::LawSource(EventQueue& events, ArrivalSink& sink, std::size_t index, std::uint64_t seed,
                     SourceSettings settings, const ArrivalLaw& law)
    : m_events(events),
      m_sink(sink),
      m_index(index),
      m_settings(std::move(settings)),
      m_sizes(seed, "sizes/" + m_settings.name) {
  if (m_settings.rate.count == 0) return;
  m_gaps.emplace(law.process, m_settings.rate, Stream(seed, "arrivals/" + m_settings.name));
  if (law.diurnal && law.diurnal->amplitude.count > 0) m_wave.emplace(*law.diurnal);
  const Stream states(seed, "states/" + m_settings.name);
  if (const auto* periodic = std::get_if<PeriodicArrivals>(&law.process);
      periodic && periodic->gate)
    m_motion.emplace(states, periodic->gate->mean_moving, periodic->gate->mean_still);
  if (const auto* mmpp = std::get_if<Mmpp2Arrivals>(&law.process)) {
    m_burst.emplace(states, mmpp->mean_low, mmpp->mean_high);
    m_low = static_cast<double>(mmpp->low.count) / 1e6;
    m_high = shape_of(*mmpp).high;
    m_events.schedule(m_burst->until(), *this, kSpellEnds);
  }
  m_left = m_gaps->first();
  arm(0);
}

double LawSource::speed() const {
  const double state = m_burst ? (m_burst->second() ? m_high : m_low) : 1;
  return static_cast<double>(m_demand.count) / 1e6 * state;
}

void LawSource::catch_up(Nanos now) {
  const double passed = m_wave ? m_wave->passed(m_since, now) : static_cast<double>(now - m_since);
  m_left -= passed * speed();
  m_since = now;
}

void LawSource::arm(Nanos now) {
  ++m_epoch;
  if (!m_gaps || speed() <= 0) return;
  const double own = std::max(0.0, m_left) / speed();
  if (own > kNever) return;
  const double wait = m_wave ? m_wave->wait(now, own) : own;
  if (wait > kNever) return;
  // To the nearest nanosecond; what that is off stays in m_left, so the rate does not drift.
  const Nanos due = now + static_cast<Nanos>(std::floor(wait + 0.5));
  if (m_burst && due >= m_burst->until()) return;  // foreseen anew when the spell ends
  m_events.schedule(due, *this, m_epoch);
}

void LawSource::set_demand(Nanos now, core::Ppm of_declared) {
  if (!m_gaps) return;
  catch_up(now);
  m_demand = of_declared;
  arm(now);
}

bool LawSource::moving(Nanos now) {
  if (!m_motion) return true;
  while (m_motion->until() <= now) m_motion->advance();
  return !m_motion->second();
}

void LawSource::on_event(Nanos now, std::uint64_t argument) {
  if (argument == kSpellEnds) {
    catch_up(now);
    m_burst->advance();
    m_events.schedule(m_burst->until(), *this, kSpellEnds);
    arm(now);
    return;
  }
  if (argument != m_epoch) return;
  catch_up(now);
  if (moving(now)) m_sink.arrival(now, m_index, Arrival{request_bytes(m_sizes, m_settings)});
  m_left += m_gaps->next();
  arm(now);
}

}  // namespace wanwise::sim
