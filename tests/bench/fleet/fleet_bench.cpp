// What a fleet costs: an event at one of a thousand sites of 20 workloads x 4 targets x 2 links,
// the whole fleet decided anew, memory, and how it grows to ten thousand. Prints each figure beside
// its limit; `--smoke` runs a fleet of 20 and judges nothing.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "engine/core/fleet/fleet.hpp"
#include "tests/support/busy_site.hpp"

namespace wanwise {
namespace {

using Clock = std::chrono::steady_clock;

double micros_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

std::size_t heap_in_use() {
  return mallinfo2().uordblks;
}

constexpr int kWorkloads = 20;
constexpr core::Index kSharedCloud = 2;  // targets: tx2, tx2-b, cloud, cloud-b

/// `demand`: of a site; at 3 its two TX2 are too small for it. `busy_per_site`: of the shared
/// cloud, ppm of an accelerator.
struct Shape {
  int sites = 1'000;
  std::int64_t demand = 1;
  std::int64_t busy_per_site = 1'000'000;
};

core::FleetModel fleet_model(const Shape& shape) {
  core::FleetModel model;
  core::SharedPool pool{"cloud", core::PoolKind::cloud, shape.busy_per_site * shape.sites, {}};
  for (core::Index s = 0; s < shape.sites; ++s) {
    model.sites.push_back(test::busy_site({.name = "site-" + std::to_string(s),
                                           .workloads = kWorkloads,
                                           .rate_per_s = shape.demand}));
    pool.members.push_back({s, kSharedCloud});
  }
  model.pools.push_back(std::move(pool));
  return model;
}

struct Figures {
  double p50 = 0, p99 = 0, worst = 0;  ///< µs an event
  double decisions = 0;                ///< share of the events that led to one
  double resolve_ms = 0;               ///< every site decided anew, and the pool cleared
  double bytes = 0;                    ///< of heap, a workload
  core::PoolStatus pool;
};

double quantile(std::vector<double>& values, double q) {
  const auto place = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

/// One site's news, as often as it is in life: counters by far the most, then samples, now and then
/// something that matters.
core::EventBody news(std::mt19937_64& random, core::Instant now, std::uint64_t bytes,
                     std::int64_t demand) {
  const std::uint64_t dice = random() % 1'000;
  if (dice < 500) {
    return core::LinkCounters{core::LinkName{"lte"}, now, true, bytes, bytes, 0};
  }
  if (dice < 970) {
    const std::uint64_t workload = random() % kWorkloads;
    const auto arrived = demand * static_cast<std::int64_t>(1 + workload % 3);
    return core::WorkloadSample{core::WorkloadName{"workload-" + std::to_string(workload)},
                                now,
                                core::TargetName{"tx2"},
                                core::seconds(1),
                                arrived,
                                arrived,
                                0,
                                core::milliseconds(70),
                                core::milliseconds(60)};
  }
  core::TargetSample sample;
  sample.target = core::TargetName{random() % 2 == 0 ? "tx2" : "tx2-b"};
  sample.observed_at = now;
  sample.reachable = true;
  sample.power_mode = core::PowerModeName{random() % 8 == 0 ? "MAX-Q" : "MAX-N"};
  return sample;
}

class Run {
 public:
  explicit Run(const Shape& shape) : m_model(fleet_model(shape)), m_demand(shape.demand) {
    const std::size_t before = heap_in_use();
    m_fleet.emplace(m_model);
    for (core::Index s = 0; s < m_fleet->sites(); ++s) {
      test::settle(m_model.sites[static_cast<std::size_t>(s)], m_now,
                   [&](core::EventBody body) { return tell(s, std::move(body)); });
    }
    m_bytes = static_cast<double>(heap_in_use() - before);
  }

  Figures measure(int events) {
    Figures figures;
    std::mt19937_64 random{1};
    std::vector<double> times;
    const auto sites = static_cast<std::uint64_t>(m_fleet->sites());
    const std::uint64_t decided = decisions();
    for (int e = 0; e < events; ++e) {
      m_now = m_now + core::Micros{1'000'000 / static_cast<std::int64_t>(20 * sites)};
      m_bytes_sent += 1'000;
      const auto site = static_cast<core::Index>(random() % sites);
      core::EventBody body = news(random, m_now, m_bytes_sent, m_demand);
      const auto start = Clock::now();
      std::vector<core::SiteStep> steps = m_fleet->apply(site, {m_now, std::move(body)});
      times.push_back(micros_since(start));
      for (const core::SiteStep& step : steps) answer(step);
    }
    figures.decisions = static_cast<double>(decisions() - decided) / events;
    figures.p50 = quantile(times, 0.5);
    figures.p99 = quantile(times, 0.99);
    figures.worst = *std::max_element(times.begin(), times.end());
    const auto start = Clock::now();
    const auto steps = m_fleet->resolve(m_now);
    figures.resolve_ms = micros_since(start) / 1'000;
    figures.pool = m_fleet->status().pools.front();
    figures.bytes = m_bytes / (static_cast<double>(sites) * kWorkloads);
    return figures;
  }

 private:
  core::Step tell(core::Index site, core::EventBody body) {
    std::vector<core::SiteStep> steps = m_fleet->apply(site, {m_now, std::move(body)});
    for (std::size_t i = 1; i < steps.size(); ++i) answer(steps[i]);
    return std::move(steps.front().step);
  }

  void answer(const core::SiteStep& step) {
    for (const core::Action& action : step.step.actions) {
      answer(
          {step.site, tell(step.site, core::ActionDone{action.id, core::Outcome::done, {}, {}})});
    }
  }

  [[nodiscard]] std::uint64_t decisions() const {
    std::uint64_t sum = 0;
    for (core::Index s = 0; s < m_fleet->sites(); ++s) sum += m_fleet->site(s).totals().decisions;
    return sum;
  }

  core::FleetModel m_model;
  std::int64_t m_demand;
  std::optional<core::Fleet> m_fleet;
  core::Instant m_now{1'000'000};
  std::uint64_t m_bytes_sent = 0;
  double m_bytes = 0;
};

void print(const char* what, double value, const char* unit, double limit) {
  std::printf("%-52s %12.1f %-6s limit %10.1f  %.2f of it\n", what, value, unit, limit,
              value / limit);
}

Figures run(const Shape& shape, int events) {
  const Figures figures = Run{shape}.measure(events);
  std::printf("-- %d sites x %d workloads x 4 targets x 2 links; %.1f %% of the events decide\n",
              shape.sites, kWorkloads, figures.decisions * 100);
  print("event, p50", figures.p50, "us", 100);
  print("event, p99", figures.p99, "us", 1'000);
  std::printf("%-52s %12.1f us\n", "event, slowest", figures.worst);
  print("the whole fleet anew", figures.resolve_ms, "ms", 1.0 * shape.sites);
  print("a workload's memory", figures.bytes, "B", 4'096);
  std::printf("the shared cloud: %.2f of its accelerators busy, toll level %d\n",
              static_cast<double>(figures.pool.use) / static_cast<double>(figures.pool.capacity),
              static_cast<int>(figures.pool.toll.level));
  return figures;
}

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  const bool smoke = argc > 1 && std::strcmp(argv[1], "--smoke") == 0;
  if (smoke) {
    wanwise::run({.sites = 20}, 2'000);
    return 0;
  }
  constexpr int kEvents = 200'000;
  const auto plenty = wanwise::run({}, kEvents);
  std::printf("every site needs the shared cloud, which has room for a third of that:\n");
  wanwise::run({.demand = 3, .busy_per_site = 60'000}, kEvents);
  const auto large = wanwise::run({.sites = 10'000}, kEvents);
  wanwise::print("10 times the sites: event p50", large.p50 / plenty.p50, "x", 1.1);
  wanwise::print("10 times the sites: resolve", large.resolve_ms / plenty.resolve_ms, "x", 11);
  wanwise::print("10 times the sites: memory a workload", large.bytes / plenty.bytes, "x", 1.1);
}
