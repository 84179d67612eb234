// What a fleet costs: an event at one of a thousand sites of 20 workloads x 4 targets x 2 links,
// the whole fleet decided anew, memory, how it grows to ten thousand, and what it does when a
// shared cloud and a shared data plan are far too small. Prints each figure beside its limit;
// `--smoke` runs small fleets and judges nothing; `memory`, `growth`, `cloud` and `both` a part.
// Ratios are of medians of rounds in which both sizes take turns, so that a busy machine slows
// both.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <vector>

#include "tests/bench/fleet/busy_fleet.hpp"

namespace wanwise {
namespace {

using Clock = std::chrono::steady_clock;
using test::BusyFleet;

/// How large and how long a run is.
struct Effort {
  int sites = 1'000;
  int large = 10'000;
  int rounds = 5;
  int remembering_sites = 200;
  int churns = 10;  ///< more than the stays that are remembered
  int settling_s = 150;
};

std::size_t heap_in_use() {
  return mallinfo2().uordblks;
}

double quantile(std::vector<double> values, double q) {
  const auto place = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

void print(const char* what, double value, const char* unit, double limit) {
  std::printf("  %-50s %12.2f %-6s limit %10.1f  %.2f of it\n", what, value, unit, limit,
              value / limit);
}

void print(const char* what, double value, const char* unit) {
  std::printf("  %-50s %12.2f %s\n", what, value, unit);
}

/// Every site decided anew after news of its own, and the pools cleared; milliseconds.
double resolve_ms(BusyFleet& fleet) {
  fleet.change_power_modes();
  const auto start = Clock::now();
  const std::vector<core::SiteStep> steps = fleet.fleet().resolve(fleet.now());
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  for (const core::SiteStep& step : steps) fleet.answer(step);
  return ms;
}

/// Medians over the rounds.
class Figures {
 public:
  void round(BusyFleet& fleet) {
    const std::uint64_t before = fleet.decisions();
    const std::vector<double> times = fleet.pass(core::seconds(1));
    m_p50.push_back(quantile(times, 0.5));
    m_p99.push_back(quantile(times, 0.99));
    m_worst = std::max(m_worst, *std::max_element(times.begin(), times.end()));
    m_decided.push_back(static_cast<double>(fleet.decisions() - before) /
                        static_cast<double>(times.size()));
  }
  void resolve_round(BusyFleet& fleet) { m_resolve.push_back(resolve_ms(fleet)); }

  void print(const BusyFleet& fleet) const {
    std::printf("%d sites x %d workloads x 4 targets x 2 links\n", fleet.sites(), test::kWorkloads);
    wanwise::print("event, p50", p50(), "us", 100);
    wanwise::print("event, p99", quantile(m_p99, 0.5), "us", 1'000);
    wanwise::print("event, slowest", m_worst, "us");
    wanwise::print("events that decide", quantile(m_decided, 0.5) * 100, "%");
    wanwise::print("the whole fleet anew", resolve(), "ms", 1.0 * fleet.sites());
    const double workloads = 1.0 * fleet.sites() * test::kWorkloads;
    wanwise::print("workloads decided in a second", workloads / resolve() * 1'000, "");
  }

  [[nodiscard]] double p50() const { return quantile(m_p50, 0.5); }
  [[nodiscard]] double resolve() const { return quantile(m_resolve, 0.5); }

 private:
  std::vector<double> m_p50, m_p99, m_decided, m_resolve;
  double m_worst = 0;
};

/// Both sizes in turn, the same time of telemetry for each.
void growth(const Effort& effort) {
  BusyFleet small(effort.sites);
  BusyFleet large(effort.large);
  for (BusyFleet* fleet : {&small, &large}) fleet->pass(core::seconds(5));  // warm
  Figures of_small;
  Figures of_large;
  for (int round = 0; round < effort.rounds; ++round) {
    of_small.round(small);
    of_large.round(large);
  }
  for (int round = 0; round < effort.rounds; ++round) {
    of_small.resolve_round(small);
    of_large.resolve_round(large);
  }
  of_small.print(small);
  of_large.print(large);
  const double times = static_cast<double>(effort.large) / effort.sites;
  std::printf("%.0f times the sites\n", times);
  print("an event, p50", of_large.p50() / of_small.p50(), "x", 1.1);
  print("the whole fleet anew", of_large.resolve() / of_small.resolve(), "x", 1.1 * times);
}

void memory(const Effort& effort) {
  const double workloads = 1.0 * effort.remembering_sites * test::kWorkloads;
  { BusyFleet warm(1); }  // what is allocated once for all
  const std::size_t before = heap_in_use();
  BusyFleet fleet(effort.remembering_sites);
  std::printf("memory, %d sites\n", effort.remembering_sites);
  print("a workload, just placed", static_cast<double>(heap_in_use() - before) / workloads, "B",
        4'096);
  fleet.churn(effort.churns);
  print("a workload, all that is remembered full",
        static_cast<double>(heap_in_use() - before) / workloads, "B", 4'096);
}

/// How far the clearing's plan is from what no joint choice can undercut, in the first goal in
/// which they differ; what the sites cost as they are, some of them held by stability rules, beside
/// it.
void print_gap(const core::FleetStatus& status) {
  constexpr const char* kGoalNames[core::kGoals] = {"unmet, critical", "unmet, high", "over quota",
                                                    "unmet, normal",   "unmet, low",  "money",
                                                    "preference",      "switches",    "latency"};
  if (!status.cost || !status.bound || !status.planned) return;
  for (std::size_t g = 0; g < core::kGoals; ++g) {
    const auto now = static_cast<double>(status.cost->goals[g]);
    const auto cost = static_cast<double>(status.planned->goals[g]);
    const auto bound = static_cast<double>(status.bound->goals[g]);
    if (cost == 0 && bound == 0 && now == 0) continue;
    std::printf("  %-15s planned %.0f, at least %.0f: %.2f %% above; now %.0f\n", kGoalNames[g],
                cost, bound, (cost - bound) / std::max(std::abs(bound), 1.0) * 100, now);
    if (cost != bound) return;  // goals after the first that is open prove nothing
  }
}

void print_pool(const BusyFleet& fleet, const core::PoolStatus& pool, std::int64_t wanted,
                int wanting, int using_it) {
  constexpr const char* kLevels[] = {"none", "money", "low", "normal", "high", "critical"};
  const auto capacity = static_cast<double>(pool.capacity);
  std::printf("  pool %-6s wanted %.2f of it by %d of %d sites, got %.2f by %d; toll on %s, %.3f\n",
              pool.name.c_str(), static_cast<double>(wanted) / capacity, wanting, fleet.sites(),
              static_cast<double>(pool.use) / capacity, using_it,
              kLevels[static_cast<std::size_t>(pool.toll.level)],
              static_cast<double>(pool.toll.amount) / 1e9);
}

/// The sites need the cloud; then it, and the data plan, shrink to a part of what they use.
void scarcity(const Effort& effort, std::int64_t cloud_part, std::int64_t data_part) {
  BusyFleet fleet(effort.sites, 3);
  fleet.pass(core::seconds(2));
  for (const core::SiteStep& step : fleet.fleet().resolve(fleet.now())) fleet.answer(step);
  const core::FleetStatus before = fleet.fleet().status();
  const int wanting[] = {fleet.users(test::kCloudPool), fleet.users(test::kDataPool)};
  const std::int64_t parts[] = {cloud_part, data_part};
  for (std::size_t p = 0; p < before.pools.size(); ++p) {
    if (parts[p] > 1) {
      fleet.fleet().set_capacity(p, before.pools[p].use / parts[p], fleet.now());
    }
  }
  std::printf("%d sites whose nodes are too small; cloud 1/%d, data plan 1/%d of what they use\n",
              effort.sites, static_cast<int>(cloud_part), static_cast<int>(data_part));
  const std::uint64_t decided = fleet.decisions();
  std::vector<double> times = fleet.pass(core::seconds(effort.settling_s));
  print("event, p50", quantile(times, 0.5), "us", 100);
  print("event, p99", quantile(times, 0.99), "us", 1'000);
  print("event, slowest", quantile(times, 1), "us");
  print("events that decide",
        static_cast<double>(fleet.decisions() - decided) / static_cast<double>(times.size()) * 100,
        "%");
  const core::FleetStatus after = fleet.fleet().status();
  for (std::size_t p = 0; p < after.pools.size(); ++p) {
    if (parts[p] > 1) {
      print_pool(fleet, after.pools[p], before.pools[p].use, wanting[p], fleet.users(p));
    }
  }
  print_gap(after);
  std::vector<double> resolved;
  for (int round = 0; round < effort.rounds; ++round) {
    resolved.push_back(resolve_ms(fleet));
    fleet.pass(core::seconds(1));
  }
  print("the whole fleet anew", quantile(resolved, 0.5), "ms", 1.0 * effort.sites);
}

}  // namespace
}  // namespace wanwise

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  wanwise::Effort effort;
  const char* part = argc > 1 ? argv[1] : "";
  if (std::strcmp(part, "--smoke") == 0) {
    effort = {10, 20, 1, 5, 2, 10};
    part = "";
  }
  const auto asked = [&](const char* name) { return *part == 0 || std::strcmp(part, name) == 0; };
  if (asked("memory")) wanwise::memory(effort);
  if (asked("growth")) wanwise::growth(effort);
  if (asked("cloud")) wanwise::scarcity(effort, 4, 1);
  if (asked("both")) wanwise::scarcity(effort, 4, 2);
}
