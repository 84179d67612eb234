// Poisson arrivals at one accelerator, for tests against closed forms. The unit of time is a mean
// service of 1 ms; 200 000 customers, fixed seed.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "sim/world/compute/accelerator.hpp"
#include "sim/world/kernel/random.hpp"

namespace wanwise::sim::testing {

inline constexpr double kUnit = 1e6;  ///< nanoseconds
inline constexpr std::size_t kCustomers = 200'000;
inline constexpr Nanos kBig = 3'000'000;  ///< three units

class Customers final : public StationOwner, public EventHandler {
 public:
  using Build =
      std::function<std::unique_ptr<Accelerator>(EventQueue& events, StationOwner& owner)>;

  /// `rate` customers a unit; each gets its service from `service`.
  Customers(const Build& build, double rate, std::function<double(Stream&)> service,
            std::size_t customers = kCustomers)
      : m_station(build(m_events, *this)),
        m_interval(kUnit / rate),
        m_service(std::move(service)),
        m_customers(customers) {
    m_events.schedule(0, *this);
    m_events.run_until(static_cast<Nanos>(m_interval * static_cast<double>(customers) * 2));
    std::sort(m_sojourn.begin(), m_sojourn.end());
  }

  // A customer brings its service along: the same one in whatever order it is asked for.
  Nanos service_time(Nanos, std::size_t, JobId job) override { return m_services_of[job]; }
  void served(Nanos now, std::size_t, JobId job) override {
    m_sojourn.push_back(now - m_arrived[job]);
    if (m_services_of[job] > kBig) m_big += static_cast<double>(m_sojourn.back()), ++m_bigs;
    m_last = now;
  }
  void lost(Nanos, std::size_t, JobId) override { ++m_lost; }
  void on_event(Nanos now, std::uint64_t) override {
    m_arrived.push_back(now);
    m_services_of.push_back(static_cast<Nanos>(m_service(m_services)));
    m_station->submit(now, m_arrived.size() - 1);
    if (m_arrived.size() < m_customers)
      m_events.schedule(now + static_cast<Nanos>(m_arrivals.exponential(m_interval)), *this);
  }

  /// Mean, in units.
  [[nodiscard]] double sojourn() const {
    double sum = 0;
    for (const Nanos t : m_sojourn) sum += static_cast<double>(t);
    return sum / kUnit / static_cast<double>(m_sojourn.size());
  }
  /// Mean of those whose service is above `kBig`, in units.
  [[nodiscard]] double sojourn_of_big() const {
    return m_big / kUnit / static_cast<double>(m_bigs);
  }
  [[nodiscard]] double shortest() const { return static_cast<double>(m_sojourn.front()) / kUnit; }
  [[nodiscard]] double longest() const { return static_cast<double>(m_sojourn.back()) / kUnit; }
  [[nodiscard]] double utilisation() const {
    return static_cast<double>(m_station->busy_time(m_last)) /
           static_cast<double>(m_station->capacity_time(m_last));
  }
  /// Served, a unit.
  [[nodiscard]] double throughput() const {
    return static_cast<double>(m_sojourn.size()) * kUnit / static_cast<double>(m_last);
  }
  [[nodiscard]] std::size_t completed() const { return m_sojourn.size(); }
  [[nodiscard]] std::size_t lost_jobs() const { return m_lost; }
  [[nodiscard]] const Accelerator& station() const { return *m_station; }

 private:
  EventQueue m_events;
  std::unique_ptr<Accelerator> m_station;
  Stream m_arrivals{11, "arrivals"};
  Stream m_services{11, "services"};
  double m_interval;
  std::function<double(Stream&)> m_service;
  std::size_t m_customers;
  std::vector<Nanos> m_arrived;
  std::vector<Nanos> m_services_of;
  std::vector<Nanos> m_sojourn;
  double m_big = 0;
  std::size_t m_bigs = 0;
  Nanos m_last = 0;
  std::size_t m_lost = 0;
};

inline double exponential_unit(Stream& s) {
  return s.exponential(kUnit);
}
inline double constant_unit(Stream&) {
  return kUnit;
}
/// Balanced hyperexponential with squared coefficient of variation 4.
inline double hyper_unit(Stream& s) {
  const double p = 0.5 * (1 + 0.7745966692414834);  // sqrt((C^2-1)/(C^2+1))
  const bool first = s.uniform() < p;
  return s.exponential(kUnit / (2 * (first ? p : 1 - p)));
}

/// What an accelerator did, job by job; a job's service is its number's thousands.
class JobLog final : public StationOwner {
 public:
  struct End {
    Nanos at;
    JobId job;
    bool operator==(const End&) const = default;
  };
  static constexpr JobId kGaveUp = 99;

  Nanos service_time(Nanos, std::size_t, JobId job) override {
    return job % 1000 == kGaveUp ? -1 : static_cast<Nanos>(job / 1000) * 1000;
  }
  void served(Nanos now, std::size_t, JobId job) override { ends.push_back({now, job}); }
  void lost(Nanos, std::size_t, JobId job) override { lost_jobs.push_back(job); }
  /// The hundreds tell the model.
  std::size_t model_of(std::size_t, JobId job) override { return job % 1000 / 100; }

  std::vector<End> ends;
  std::vector<JobId> lost_jobs;
};

}  // namespace wanwise::sim::testing
