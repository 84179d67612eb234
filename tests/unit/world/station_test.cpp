// Closed forms: M/M/1, M/D/1, M/M/c (Erlang C), Little's law. 200 000 customers, fixed seed, 7 %.
#include "sim/world/station.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "sim/world/random.hpp"

namespace wanwise::sim {
namespace {

constexpr double kUnit = 1e6;  // mean service: 1 ms in nanoseconds
constexpr std::size_t kCustomers = 200'000;
constexpr double kTolerance = 0.07;

/// Poisson arrivals at a station; customers get their service from `service`.
class Experiment final : public StationOwner, public EventHandler {
 public:
  Experiment(std::int32_t servers, double rho, std::function<double(Stream&)> service)
      : m_station(m_events, *this, 0, servers),
        m_interval(kUnit / (rho * servers)),
        m_service(std::move(service)) {
    m_events.schedule(0, *this);
    m_events.run_until(static_cast<Nanos>(m_interval * kCustomers * 2));
    std::sort(m_sojourn.begin(), m_sojourn.end());
  }

  Nanos service_time(Nanos now, std::size_t, JobId job) override {
    m_wait += static_cast<double>(now - m_arrived[job]);
    return static_cast<Nanos>(m_service(m_services));
  }
  void served(Nanos now, std::size_t, JobId job) override {
    count(now, -1);
    m_sojourn.push_back(now - m_arrived[job]);
  }
  void lost(Nanos, std::size_t, JobId) override { ++m_lost; }
  void on_event(Nanos now, std::uint64_t) override {
    m_arrived.push_back(now);
    count(now, +1);
    m_station.submit(now, m_arrived.size() - 1);
    if (m_arrived.size() < kCustomers)
      m_events.schedule(now + static_cast<Nanos>(m_arrivals.exponential(m_interval)), *this);
  }

  [[nodiscard]] double wait() const { return m_wait / kUnit / kCustomers; }
  [[nodiscard]] double sojourn() const {
    double sum = 0;
    for (const Nanos t : m_sojourn) sum += static_cast<double>(t);
    return sum / kUnit / kCustomers;
  }
  [[nodiscard]] double p99() const {
    return static_cast<double>(m_sojourn[kCustomers * 99 / 100]) / kUnit;
  }
  [[nodiscard]] double mean_number() const { return m_area / static_cast<double>(m_last); }
  [[nodiscard]] double arrival_rate() const {
    return kCustomers * kUnit / static_cast<double>(m_last);
  }
  [[nodiscard]] double utilisation() const {
    return static_cast<double>(m_station.busy_time(m_last)) /
           static_cast<double>(m_last * m_station.servers());
  }
  [[nodiscard]] std::size_t completed() const { return m_sojourn.size(); }
  [[nodiscard]] int lost_jobs() const { return m_lost; }

 private:
  void count(Nanos now, int change) {
    m_area += static_cast<double>(m_number) * static_cast<double>(now - m_last);
    m_last = now;
    m_number += change;
  }

  EventQueue m_events;
  Station m_station;
  Stream m_arrivals{11, "arrivals"};
  Stream m_services{11, "services"};
  double m_interval;
  std::function<double(Stream&)> m_service;
  std::vector<Nanos> m_arrived;
  std::vector<Nanos> m_sojourn;
  double m_wait = 0;
  double m_area = 0;
  int m_number = 0;
  Nanos m_last = 0;
  int m_lost = 0;
};

double exponential(Stream& s) {
  return s.exponential(kUnit);
}
double constant(Stream&) {
  return kUnit;
}
/// Balanced hyperexponential with squared coefficient of variation 4.
double hyper(Stream& s) {
  const double p = 0.5 * (1 + 0.7745966692414834);  // sqrt((C^2-1)/(C^2+1))
  const bool first = s.uniform() < p;
  return s.exponential(kUnit / (2 * (first ? p : 1 - p)));
}

void expect_near(double value, double expected) {
  EXPECT_NEAR(value / expected, 1, kTolerance) << "expected " << expected << ", got " << value;
}

TEST(Station, MM1) {
  for (const auto& [rho, sojourn, p99] : {std::tuple{.5, 2.0, 9.2103}, {.8, 5.0, 23.0259}}) {
    const Experiment e(1, rho, exponential);
    expect_near(e.sojourn(), sojourn);
    expect_near(e.p99(), p99);
    EXPECT_EQ(e.completed(), kCustomers);
    EXPECT_EQ(e.lost_jobs(), 0);
  }
}

TEST(Station, MD1) {
  const Experiment half(1, .5, constant);
  expect_near(half.wait(), .5);
  expect_near(half.p99(), 1 + 3.3363);
  const Experiment busy(1, .8, constant);
  expect_near(busy.wait(), 2);
  expect_near(busy.p99(), 1 + 10.3559);
}

TEST(Station, MG1Hyperexponential) {
  const Experiment e(1, .5, hyper);
  expect_near(e.wait(), .5 * (1 + 4) / (2 * (1 - .5)));
}

TEST(Station, MMcErlangC) {
  struct Case {
    std::int32_t servers;
    double rho, wait, sojourn, p99;
  };
  for (const Case& c :
       {Case{2, .5, .333333, 1.333333, 5.666}, Case{2, .8, 1.777778, 2.777778, 11.937},
        Case{4, .8, .745541, 1.745541, 6.893}, Case{5, .7, .251892, 1.251892, 5.134},
        Case{10, .8, .204590, 1.204590, 4.946}}) {
    const Experiment e(c.servers, c.rho, exponential);
    expect_near(e.wait(), c.wait);
    expect_near(e.sojourn(), c.sojourn);
    expect_near(e.p99(), c.p99);
  }
}

TEST(Station, LittlesLawAndUtilisation) {
  for (const double rho : {.3, .8}) {
    const Experiment e(3, rho, exponential);
    EXPECT_NEAR(e.mean_number(), e.arrival_rate() * e.sojourn(), 1e-6 * e.mean_number());
    EXPECT_NEAR(e.utilisation(), rho, 0.01);
  }
}

class Recorder final : public StationOwner {
 public:
  Nanos service_time(Nanos, std::size_t, JobId job) override { return job == 99 ? -1 : 1000; }
  void served(Nanos, std::size_t, JobId job) override { served_jobs.push_back(job); }
  void lost(Nanos, std::size_t, JobId job) override { lost_jobs.push_back(job); }
  std::vector<JobId> served_jobs, lost_jobs;
};

TEST(Station, LosesWhatItHoldsWhenItDiesAndTakesNothingUntilItIsBack) {
  EventQueue events;
  Recorder recorder;
  Station station(events, recorder, 0, 1);
  for (JobId job = 1; job <= 3; ++job) station.submit(0, job);
  events.run_until(1500);
  station.set_alive(1500, false);
  EXPECT_EQ(recorder.lost_jobs, (std::vector<JobId>{2, 3}));
  station.submit(1600, 4);
  EXPECT_EQ(recorder.lost_jobs.back(), 4u);
  station.set_alive(1700, true);
  station.submit(1700, 5);
  events.run_until(5000);
  EXPECT_EQ(recorder.served_jobs, (std::vector<JobId>{1, 5}));
  EXPECT_EQ(station.busy_time(5000), 1000 + 500 + 1000);
}

TEST(Station, SkipsJobsWhoseClientGaveUp) {
  EventQueue events;
  Recorder recorder;
  Station station(events, recorder, 0, 1);
  for (const JobId job : {JobId{1}, JobId{99}, JobId{2}}) station.submit(0, job);
  events.run_until(10'000);
  EXPECT_EQ(recorder.served_jobs, (std::vector<JobId>{1, 2}));
}

TEST(Station, RefusesMoreThanItsQueueHoldsAndCountsThem) {
  EventQueue events;
  Recorder recorder;
  Station station(events, recorder, 0, 1);
  for (JobId job = 1; job <= Station::kMaxWaiting + 11; ++job) station.submit(0, job + 1000);
  EXPECT_EQ(station.overflows(), 10u);
  EXPECT_EQ(recorder.lost_jobs.size(), 10u);
}

}  // namespace
}  // namespace wanwise::sim
