// Edge against cloud: when pooling beats nearness (Ali-Eldin, Wang, Shenoy, SC'21), and whether to
// offload at all (Ng et al., arXiv 2504.15162).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/world/network/line.hpp"
#include "tests/acceptance/formulas.hpp"
#include "tests/acceptance/ledger.hpp"
#include "tests/acceptance/port_run.hpp"
#include "tests/acceptance/station_run.hpp"

namespace wanwise::acceptance {
namespace {

using sim::Nanos;
using sim::Packet;

constexpr double kServiceMs = 1000.0 / 13;  // mu = 13/s

/// k sites of one server each and their pool of k servers, fed by the same customers with the same
/// services: common random numbers, so that their difference is sharp.
class SitesAndPool final : public sim::StationOwner, public sim::EventHandler {
 public:
  SitesAndPool(std::int32_t sites, double rho, std::uint64_t customers, std::uint64_t seed)
      : m_pool(m_events, *this, 0, sites), m_left(customers) {
    for (std::int32_t i = 0; i < sites; ++i) {
      const std::string name = std::to_string(i);
      m_sites.push_back(std::make_unique<sim::Station>(m_events, *this, m_sites.size() + 1, 1));
      m_streams.push_back(
          {sim::Stream(seed, "arrivals/" + name), sim::Stream(seed, "services/" + name)});
    }
    m_interval = kUnit / rho;
    for (std::uint64_t i = 0; i < m_sites.size(); ++i) schedule(0, i);
    while (m_events.pending() > 0) m_events.run_until(m_events.now() + sim::kNanosPerSecond);
  }
  Nanos service_time(Nanos, std::size_t, sim::JobId job) override {
    return m_jobs[job % kSlots].service;
  }
  void served(Nanos now, std::size_t station, sim::JobId job) override {
    const double sojourn = static_cast<double>(now - m_jobs[job % kSlots].arrived) / kUnit;
    Side& side = station == 0 ? m_cloud : m_edge;
    side.sum += sojourn;
    ++side.count;
    side.quantiles.add(sojourn);
  }
  void lost(Nanos, std::size_t, sim::JobId) override { FAIL() << "queues are far from full"; }
  void on_event(Nanos now, std::uint64_t site) override {
    const std::uint64_t job = m_jobs_so_far++;
    m_jobs[job % kSlots] = {now, std::llround(m_streams[site].services.exponential(kUnit))};
    m_sites[site]->submit(now, job);
    m_pool.submit(now, job);
    if (m_jobs_so_far + m_sites.size() <= m_left) schedule(now, site);
  }

  // Milliseconds, without the way there.
  [[nodiscard]] double edge_mean() const { return m_edge.sum / count(m_edge) * kServiceMs; }
  [[nodiscard]] double cloud_mean() const { return m_cloud.sum / count(m_cloud) * kServiceMs; }
  [[nodiscard]] double edge_p99() const { return m_edge.quantiles.at(.99) * kServiceMs; }
  [[nodiscard]] double cloud_p99() const { return m_cloud.quantiles.at(.99) * kServiceMs; }
  [[nodiscard]] bool conserved() const {
    return m_edge.count == m_jobs_so_far && m_cloud.count == m_jobs_so_far;
  }

 private:
  struct Job {
    Nanos arrived, service;
  };
  struct Streams {
    sim::Stream arrivals, services;
  };
  struct Side {
    double sum = 0;
    std::uint64_t count = 0;
    Quantiles quantiles;
  };
  /// More than can be under way at the loads of these cases.
  static constexpr std::size_t kSlots = 1 << 15;
  static double count(const Side& side) { return static_cast<double>(side.count); }
  void schedule(Nanos now, std::uint64_t site) {
    m_events.schedule(now + std::llround(m_streams[site].arrivals.exponential(m_interval)), *this,
                      site);
  }

  sim::EventQueue m_events;
  sim::Station m_pool;
  std::vector<std::unique_ptr<sim::Station>> m_sites;
  std::vector<Streams> m_streams;
  double m_interval = 0;
  std::uint64_t m_left, m_jobs_so_far = 0;
  std::vector<Job> m_jobs = std::vector<Job>(kSlots);
  Side m_edge, m_cloud;
};

struct Crossover {
  std::int32_t sites;
  double loads[7];
};
constexpr double kFarther[] = {5, 10, 20, 25, 54, 80, 150};  // ms
const Crossover kCrossovers[] = {{2, {.0647, .1279, .2445, .2964, .5155, .6288, .7759}},
                                 {5, {.0610, .1151, .2071, .2467, .4209, .5248, .6850}},
                                 {10, {.0610, .1150, .2064, .2453, .4131, .5118, .6669}}};

std::string named(const char* what, std::int32_t sites, double ms) {
  char text[80];
  std::snprintf(text, sizeof text, "k %d, d %g ms, %s", sites, ms, what);
  return text;
}

TEST(EdgeCloud, CrossoverLoadsAreTheClosedForm) {
  for (const Crossover& c : kCrossovers)
    for (std::size_t i = 0; i < 7; ++i)
      formula_gives(named("rho*", c.sites, kFarther[i]), c.loads[i],
                    inversion_load(c.sites, kFarther[i] / kServiceMs), 1e-3);
}

// At rho* the pool is better by exactly the longer way; below, the edge wins; above, the cloud.
TEST(EdgeCloud, MeansCrossAtThatLoad) {
  for (const Crossover& c : kCrossovers)
    for (std::size_t i = 0; i < 7; ++i) {
      const auto gain = [&](double rho, std::uint64_t n) {
        const SitesAndPool run(c.sites, rho, n, 23);
        EXPECT_TRUE(run.conserved());
        return run.edge_mean() - run.cloud_mean();
      };
      const double rho = inversion_load(c.sites, kFarther[i] / kServiceMs);
      const auto n = by_effort(std::max<std::uint64_t>(200'000, customers(rho) / 2),
                               std::max<std::uint64_t>(4'000'000, customers(rho) * 2));
      compare(named("gain of the pool at rho*, ms", c.sites, kFarther[i]), kFarther[i],
              gain(rho, n));
      EXPECT_LT(gain(rho * .8, n / 4), kFarther[i]) << named("below rho*", c.sites, kFarther[i]);
      EXPECT_GT(gain(std::min(.95, rho * 1.2), n / 4), kFarther[i])
          << named("above rho*", c.sites, kFarther[i]);
    }
}

TEST(EdgeCloud, TailInvertsBeforeTheMean) {
  constexpr double kEdgeRtt = 1, kCloudRtt = 25;
  struct Case {
    double rho, edge, cloud;
  };
  for (const Case& c :
       {Case{.1, 86.47, 101.93}, Case{.2, 97.15, 102.00}, Case{.3, 110.89, 102.37},
        Case{.5, 154.85, 105.94}, Case{.7, 257.41, 121.30}, Case{.9, 770.23, 219.23}}) {
    char text[40];
    std::snprintf(text, sizeof text, "k 5, rho %g, ", c.rho);
    const std::string name = text;
    formula_gives(name + "edge mean ms", c.edge, kEdgeRtt + kServiceMs / (1 - c.rho));
    formula_gives(name + "cloud mean ms", c.cloud,
                  kCloudRtt + kServiceMs * (1 + mmc_wait(5, c.rho)));
    const SitesAndPool run(5, c.rho, customers(c.rho, 3), 29);
    compare(name + "edge mean ms", c.edge, kEdgeRtt + run.edge_mean());
    compare(name + "cloud mean ms", c.cloud, kCloudRtt + run.cloud_mean());
    compare(name + "edge p99 ms", kEdgeRtt + std::log(100) / (1 - c.rho) * kServiceMs,
            kEdgeRtt + run.edge_p99());
    compare(name + "cloud p99 ms", kCloudRtt + mmc_sojourn_quantile(5, c.rho, .99) * kServiceMs,
            kCloudRtt + run.cloud_p99());
    if (c.rho == .1) {
      formula_gives(name + "edge p99 ms", 394.6,
                    kEdgeRtt + std::log(100) / (1 - c.rho) * kServiceMs);
      formula_gives(name + "cloud p99 ms", 379.3,
                    kCloudRtt + mmc_sojourn_quantile(5, c.rho, .99) * kServiceMs);
      EXPECT_LT(run.edge_mean() + kEdgeRtt, run.cloud_mean() + kCloudRtt);
      EXPECT_GT(run.edge_p99() + kEdgeRtt, run.cloud_p99() + kCloudRtt);
    }
  }
}

/// Device or, over an uplink of exponential request sizes, edge server and the way back.
class Offload final : public sim::StationOwner, public sim::EventHandler {
 public:
  Offload(double per_second, double uplink_mbps, std::uint64_t requests)
      : m_rate{static_cast<std::int64_t>(uplink_mbps * 1e6)},
        m_interval(1e9 / per_second),
        m_left(requests),
        m_none(m_rate, 1),
        m_far(m_rate, 1),
        m_near(m_rate, 1),
        m_up(limits(), m_none),
        m_down(limits(), m_none),
        m_uplink(m_events, m_rate, m_up, m_up_pipe),
        m_downlink(m_events, m_rate, m_down, m_down_pipe),
        m_up_pipe(m_events, kHalfRtt, m_far),
        m_down_pipe(m_events, kHalfRtt, m_near) {
    m_up.attach(m_uplink);
    m_down.attach(m_downlink);
    m_far.watch([this](Nanos now, const Packet& p) { m_edge.submit(now, p.id); });
    m_near.watch([this](Nanos now, const Packet& p) {
      ++m_back;
      m_offloaded += static_cast<double>(now - static_cast<Nanos>(p.id));
    });
    m_events.schedule(0, *this);
  }
  void finish() {
    while (m_events.pending() > 0) m_events.run_until(m_events.now() + sim::kNanosPerSecond);
    EXPECT_EQ(m_sent, m_back);
    EXPECT_EQ(m_sent, m_local);
  }
  void run_until(Nanos end) { m_events.run_until(end); }

  Nanos service_time(Nanos, std::size_t station, sim::JobId) override {
    return std::llround(station == 0 ? m_services.exponential(kDeviceMs * 1e6)
                                     : m_edge_services.exponential(kEdgeMs * 1e6));
  }
  void served(Nanos now, std::size_t station, sim::JobId job) override {
    if (station == 0) {
      ++m_local;
      m_on_device += static_cast<double>(now - static_cast<Nanos>(job));
    } else {
      m_down.accept(now, packet(job, m_response_sizes.exponential(1'000)));
    }
  }
  void lost(Nanos, std::size_t, sim::JobId) override { FAIL() << "no loss while stable"; }
  void on_event(Nanos now, std::uint64_t) override {
    ++m_sent;
    m_device.submit(now, static_cast<sim::JobId>(now));
    m_up.accept(now, packet(static_cast<std::uint64_t>(now), m_sizes.exponential(50'000)));
    if (m_sent < m_left)
      m_events.schedule(now + std::llround(m_arrivals.exponential(m_interval)), *this);
  }

  [[nodiscard]] double device_ms() const {
    return m_on_device / static_cast<double>(m_local) / 1e6;
  }
  [[nodiscard]] double offloaded_ms() const {
    return m_offloaded / static_cast<double>(m_back) / 1e6;
  }
  [[nodiscard]] std::int64_t waiting_bytes() const { return m_up.bytes(); }

  static constexpr double kDeviceMs = 40, kEdgeMs = 8;

 private:
  static constexpr Nanos kHalfRtt = 12'500'000;
  static sim::BufferLimits limits() { return {std::int64_t{1} << 40, std::nullopt}; }
  static Packet packet(std::uint64_t id, double bytes) {
    Packet p;
    p.id = id;
    p.bytes = std::max(1u, static_cast<std::uint32_t>(std::lround(bytes)));
    return p;
  }

  sim::EventQueue m_events;
  core::Bps m_rate;
  double m_interval;
  std::uint64_t m_left;
  sim::Stream m_arrivals{31, "arrivals"}, m_sizes{31, "sizes"}, m_response_sizes{31, "responses"},
      m_services{31, "device"}, m_edge_services{31, "edge"};
  FlowSink m_none, m_far, m_near;
  sim::Buffer m_up, m_down;
  sim::SerialLine m_uplink, m_downlink;
  sim::Pipe m_up_pipe, m_down_pipe;
  sim::Station m_device{m_events, *this, 0, 1}, m_edge{m_events, *this, 1, 1};
  std::uint64_t m_sent = 0, m_back = 0, m_local = 0;
  double m_offloaded = 0, m_on_device = 0;
};

TEST(EdgeCloud, OffloadOrNot) {
  constexpr double kMbps[] = {5, 10, 20, 50};
  struct Case {
    double per_second, device;
    double offloaded[4];  ///< 0: unstable
  };
  double errors = 0;
  int count = 0;
  for (const Case& c : {Case{1, 41.67, {121.62, 75.53, 53.87, 41.29}},
                        Case{5, 50.00, {168.27, 84.13, 55.96, 41.83}},
                        Case{10, 66.67, {435.30, 101.16, 59.10, 42.55}},
                        Case{15, 100.00, {0, 134.89, 63.06, 43.34}}}) {
    const double lambda = c.per_second / 1000;  // per ms
    const auto mm1 = [&](double service) { return service / (1 - lambda * service); };
    formula_gives("T on the device, ms", c.device, mm1(Offload::kDeviceMs));
    bool first = true;
    for (std::size_t i = 0; i < 4; ++i) {
      char text[60];
      std::snprintf(text, sizeof text, "lambda %g/s, %g Mb/s, T offloaded ms", c.per_second,
                    kMbps[i]);
      if (c.offloaded[i] == 0) {
        Offload run(c.per_second, kMbps[i], ~std::uint64_t{0});
        const auto seconds = by_effort<std::int64_t>(20'000, 200'000);
        run.run_until(seconds * sim::kNanosPerSecond);  // 1.2 times what the link carries
        compare(std::string(text) + " (unstable: backlog growth, kB/s)", 15 * 50 - 5000 / 8.0,
                static_cast<double>(run.waiting_bytes()) / static_cast<double>(seconds) / 1e3);
        continue;
      }
      const double request = 50 * 8 / kMbps[i], response = 8 / kMbps[i];  // ms
      const double formula = mm1(request) + mm1(Offload::kEdgeMs) + 25 + mm1(response);
      formula_gives(text, c.offloaded[i], formula);
      // The busiest of the stations decides how long it takes.
      const double rho = lambda * std::max(request, Offload::kDeviceMs);
      Offload run(c.per_second, kMbps[i], customers(rho, 2));
      run.finish();
      compare(text, formula, run.offloaded_ms());
      errors += std::fabs(run.offloaded_ms() / formula - 1);
      ++count;
      if (first) compare("T on the device, ms", c.device, run.device_ms());
      first = false;
      EXPECT_EQ(run.offloaded_ms() < run.device_ms(), c.offloaded[i] < c.device) << text;
    }
  }
  never_above("mean absolute error of the set", by_effort(.03, .022), errors / count);
}

}  // namespace
}  // namespace wanwise::acceptance
