#include "tests/acceptance/station_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "sim/world/compute/sharing_station.hpp"

namespace wanwise::acceptance {
namespace {

using sim::Nanos;

class Run final : public sim::StationOwner, public sim::EventHandler {
 public:
  Run(const StationCase& the_case, std::uint64_t seed)
      : m_case(the_case),
        m_interval(kUnit / (the_case.rho * the_case.servers)),
        m_arrivals(seed, "arrivals"),
        m_services(seed, "services"),
        m_station(make(the_case)) {
    m_events.schedule(0, *this);
    while (m_events.pending() > 0) m_events.run_until(m_events.now() + sim::kNanosPerSecond);
  }

  Nanos service_time(Nanos now, std::size_t, sim::JobId job) override {
    const auto wait = static_cast<double>(now - static_cast<Nanos>(job)) / kUnit;
    m_wait += wait;
    if (wait > 0) ++m_waited;
    m_wait_quantiles.add(wait);
    return std::llround(m_case.service(m_services) * kUnit);
  }
  void served(Nanos now, std::size_t, sim::JobId job) override {
    count(now, -1);
    ++m_served;
    m_last_departure = now;
    const auto sojourn = static_cast<double>(now - static_cast<Nanos>(job)) / kUnit;
    m_sojourn += sojourn;
    m_sojourn_quantiles.add(sojourn);
  }
  void lost(Nanos, std::size_t, sim::JobId) override { ++m_overflow; }
  void on_event(Nanos now, std::uint64_t) override {
    ++m_arrived;
    if (m_case.room && m_inside >= *m_case.room) {
      ++m_turned_away;
    } else {
      count(now, +1);
      m_station->submit(now, static_cast<sim::JobId>(now));
    }
    if (m_arrived < m_case.customers)
      m_events.schedule(now + std::llround(m_arrivals.exponential(m_interval)), *this);
  }

  [[nodiscard]] StationResult result() const {
    const auto served = static_cast<double>(m_served);
    const auto span = static_cast<double>(m_last_departure) / kUnit;
    EXPECT_EQ(m_overflow, 0u);
    EXPECT_EQ(m_arrived, m_served + m_turned_away);
    EXPECT_EQ(m_inside, 0);
    // L = lambda T: the time integral of those inside, kept apart from the sum of sojourns.
    EXPECT_NEAR(m_area / kUnit / m_sojourn, 1, 1e-9);
    StationResult r;
    r.wait = m_wait / served;
    r.sojourn = m_sojourn / served;
    r.wait_p99 = m_wait_quantiles.at(0.99);
    r.sojourn_p99 = m_sojourn_quantiles.at(0.99);
    r.waited = static_cast<double>(m_waited) / served;
    r.turned_away = static_cast<double>(m_turned_away) / static_cast<double>(m_arrived);
    r.utilisation =
        static_cast<double>(m_station->busy_time(m_last_departure)) / kUnit / span / m_case.servers;
    return r;
  }

 private:
  std::unique_ptr<sim::Accelerator> make(const StationCase& the_case) {
    if (the_case.shared)
      return std::make_unique<sim::SharingStation>(m_events, *this, 0, the_case.servers);
    return std::make_unique<sim::Station>(m_events, *this, 0, the_case.servers);
  }
  void count(Nanos now, std::int32_t change) {
    m_area += static_cast<double>(m_inside) * static_cast<double>(now - m_counted);
    m_counted = now;
    m_inside += change;
  }

  StationCase m_case;
  double m_interval;
  sim::Stream m_arrivals, m_services;
  sim::EventQueue m_events;
  std::unique_ptr<sim::Accelerator> m_station;
  std::uint64_t m_arrived = 0, m_served = 0, m_turned_away = 0, m_waited = 0, m_overflow = 0;
  std::int32_t m_inside = 0;
  Nanos m_counted = 0, m_last_departure = 0;
  double m_area = 0, m_wait = 0, m_sojourn = 0;
  Quantiles m_wait_quantiles, m_sojourn_quantiles;
};

}  // namespace

double exponential_service(sim::Stream& stream) {
  return stream.exponential(1);
}

double constant_service(sim::Stream&) {
  return 1;
}

double hyper_service(sim::Stream& stream) {
  constexpr double kFirst = 0.5 * (1 + 0.7745966692414834);  // sqrt((C^2 - 1) / (C^2 + 1))
  const double p = stream.uniform() < kFirst ? kFirst : 1 - kFirst;
  return stream.exponential(1 / (2 * p));
}

void Quantiles::add(double value) {
  const auto bin = static_cast<std::size_t>(value / kStep);
  ++m_counts[std::min(bin, m_counts.size() - 1)];
  ++m_count;
}

double Quantiles::at(double share) const {
  const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(m_count)));
  std::uint64_t below = 0;
  std::size_t bin = 0;
  while (bin + 1 < m_counts.size() && below + m_counts[bin] < rank) below += m_counts[bin++];
  return (static_cast<double>(bin) + 0.5) * kStep;
}

StationResult run_station(const StationCase& the_case, std::uint64_t seed) {
  return Run(the_case, seed).result();
}

}  // namespace wanwise::acceptance
