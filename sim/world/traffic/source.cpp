#include "sim/world/traffic/source.hpp"

#include <algorithm>
#include <utility>

namespace wanwise::sim {
namespace {

// A camera's frames leave up to 5 % of a period late: its encoder's time varies with the picture.
// Small against a period, so frames keep their order, and large enough that two cameras of one rate
// drift over each other as real ones do.
constexpr double kJitter = 0.05;

}  // namespace

std::int64_t request_bytes(Stream& sizes, const SourceSettings& settings) {
  const double spread = static_cast<double>(settings.size_spread.count) * 1e-6;
  const double scale = 1 + spread * (2 * sizes.uniform() - 1);
  const auto bytes = static_cast<std::int64_t>(static_cast<double>(settings.bytes) * scale);
  return std::max<std::int64_t>(1, bytes);
}

Source::Source(EventQueue& events, ArrivalSink& sink, std::size_t index, std::uint64_t seed,
               SourceSettings settings)
    : m_events(events),
      m_sink(sink),
      m_index(index),
      m_settings(std::move(settings)),
      m_times(seed, "arrivals/" + m_settings.name),
      m_sizes(seed, "sizes/" + m_settings.name) {
  if (silent()) return;
  const auto phase = static_cast<Nanos>(m_times.uniform() * static_cast<double>(mean_interval()));
  m_nominal = phase - mean_interval();
  schedule_next(0);
}

Nanos Source::mean_interval() const {
  // 1e3 mHz a Hz, 1e6 ppm a whole: 1e18 / (mHz * ppm) nanoseconds.
  return std::max<Nanos>(
      1, kNanosPerSecond * 1'000'000'000 / (m_settings.rate.count * m_demand.count));
}

void Source::schedule_next(Nanos now) {
  const auto interval = static_cast<double>(mean_interval());
  switch (m_settings.kind) {
    case ArrivalKind::periodic:
      m_nominal += mean_interval();
      m_due = m_nominal + static_cast<Nanos>(m_times.uniform() * kJitter * interval);
      break;
    case ArrivalKind::poisson:
      m_due = now + static_cast<Nanos>(m_times.exponential(interval));
      break;
  }
  m_due = std::max(m_due, now);
  m_events.schedule(m_due, *this, m_epoch);
}

void Source::set_demand(Nanos now, core::Ppm of_declared) {
  const bool was_silent = silent();
  const Nanos before = was_silent ? 0 : mean_interval();
  m_demand = of_declared;
  ++m_epoch;
  if (silent()) return;
  const Nanos after = mean_interval();
  if (was_silent) {
    m_nominal = now;
    schedule_next(now);
    return;
  }
  const double stretch = static_cast<double>(after) / static_cast<double>(before);
  const Nanos late = m_due - m_nominal;
  m_due = now + static_cast<Nanos>(static_cast<double>(m_due - now) * stretch);
  m_nominal = m_due - late;
  m_events.schedule(m_due, *this, m_epoch);
}

void Source::on_event(Nanos now, std::uint64_t argument) {
  if (argument != m_epoch) return;
  m_sink.arrival(now, m_index, Arrival{request_bytes(m_sizes, m_settings)});
  schedule_next(now);
}

}  // namespace wanwise::sim
