// Predicted against simulated latency, family by family; the bands are those of README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "tests/acceptance/prediction/effort.hpp"
#include "tests/acceptance/prediction/sites.hpp"

namespace wanwise::prediction {
namespace {

/// Allowed predicted / simulated.
struct Band {
  double low = 0.9;
  double high = 1.1;
};

constexpr Band kTen{};
// Rows with fewer requests have no 99th percentile worth comparing.
constexpr std::int64_t kLeastRequests = 2'000;
// Of the standard error that the seeds show: the simulated p99 is only an estimate.
constexpr double kErrors = 2.5;

double ratio(core::Micros predicted, core::Micros simulated) {
  return static_cast<double>(predicted.count) /
         static_cast<double>(std::max<std::int64_t>(1, simulated.count));
}

double ms(core::Micros time) {
  return static_cast<double>(time.count) * 1e-3;
}

void print(const Cell& cell, const Outcome& outcome) {
  for (const Row& row : outcome.rows) {
    std::printf("| %s, %s | %.2f | %s | %.2f | %.1f / %.1f | %.3f | %.3f |\n", cell.family.c_str(),
                cell.name.c_str(), cell.utilisation, row.workload.c_str(),
                ratio(row.predicted.p50, row.simulated.p50), ms(row.predicted.p99),
                ms(row.simulated.p99), ratio(row.predicted.p99, row.simulated.p99), row.p99_error);
  }
}

/// What the family is about: the others of a site stand where nothing is asked of them.
bool concerns(const Cell& cell, std::size_t workload) {
  const bool node = cell.places[workload] == cell.model.site.nodes.front().name;
  return node == (cell.resource == Resource::node);
}

void check(Cell cell, Band p99 = kTen, Band p50 = {0.75, 1.5}) {
  cell.requests = by_effort(cell.requests, 20 * cell.requests);
  const Outcome outcome = run(cell);
  print(cell, outcome);
  for (std::size_t w = 0; w < outcome.rows.size(); ++w) {
    const Row& row = outcome.rows[w];
    if (row.completed < kLeastRequests || !concerns(cell, w)) continue;
    const std::string what = cell.family + " " + cell.name + " " + row.workload + " at " +
                             std::to_string(cell.utilisation);
    const double unsure = kErrors * row.p99_error;
    EXPECT_EQ(row.lost, 0) << what;
    EXPECT_GE(ratio(row.predicted.p99, row.simulated.p99), p99.low * (1 - unsure)) << what;
    EXPECT_LE(ratio(row.predicted.p99, row.simulated.p99), p99.high * (1 + unsure)) << what;
    EXPECT_GE(ratio(row.predicted.p50, row.simulated.p50), p50.low) << what;
    EXPECT_LE(ratio(row.predicted.p50, row.simulated.p50), p50.high) << what;
  }
}

TEST(Prediction, OnANodeThatManyShare) {
  for (const std::string& policy : kPolicies) {
    for (const double utilisation : {0.2, 0.5, 0.8}) check(on_node(policy, utilisation));
  }
  Cell busy = on_node("smart-city", 0.9);
  busy.requests = 800'000;  // a queue at 0.9 forgets slowly
  check(busy);
}

TEST(Prediction, InEveryPowerModeAndHeat) {
  for (const char* mode : {"MAX-P", "MAX-Q"}) {
    Cell cell = on_node("smart-city", 0.7);
    cell.name += std::string(" ") + mode;
    cell.power_mode = core::PowerModeName{mode};
    check(cell);
  }
  Cell hot = on_node("smart-city", 0.7);
  hot.name += " throttled";
  hot.throttle = core::Ppm{1'500'000};
  check(hot);
}

TEST(Prediction, InACloudWithTwoServers) {
  for (const double utilisation : {0.2, 0.6, 0.9}) {
    Cell cell = in_cloud("smart-city", utilisation);
    cell.seeds = 4;
    check(cell);
  }
}

/// Each at its pace. The node's wait factor is what its requests show on average, as the engine
/// learns it, without the margin that it adds.
TEST(Prediction, OfCamerasOnANodeOnceTheirWaitsAreKnown) {
  for (const double utilisation : {0.2, 0.5, 0.8, 0.9}) {
    Cell cell = on_node("smart-city", utilisation);
    cell.family = "cameras";
    cell.arrivals = Arrivals::cameras;
    cell.seeds = 60;  // phases are what makes the difference, and stay for a run
    cell.wait_factor = core::Ppm{static_cast<std::int64_t>(run(cell).wait_ratio * 1e6)};
    check(cell, {0.75, 1.45}, {0.70, 1.25});
  }
}

TEST(Prediction, OfEveryClassOnAnUplink) {
  for (const std::string& policy : kPolicies) {
    for (const double utilisation : {0.2, 0.5}) check(on_uplink(policy, utilisation), {0.85, 1.25});
    check(on_uplink(policy, 0.7), {0.8, 1.4});
  }
}

/// The middle one of three classes is the one that is overestimated there.
TEST(Prediction, OnAnUplinkNearSaturationItIsOnTheSafeSideOrNear) {
  for (const double utilisation : {0.8, 0.9}) {
    check(on_uplink("smart-city", utilisation), {0.8, 1.65}, {0.75, 1.6});
    check(on_uplink("image-recognition", utilisation), {0.8, 1.35});
  }
}

TEST(Prediction, WhereTheShaperStandsAboveTheUplink) {
  for (const std::int64_t percent : {105, 130, 300}) {
    for (const double utilisation : {0.4, 0.8}) {
      Cell cell = on_uplink("smart-city", utilisation);
      cell.family = "modem";
      cell.name += " shaper " + std::to_string(percent) + " %";
      cell.shaper = cell.model.site.links.front().uplink * percent / 100;
      check(cell, {0.7, 1.25});
    }
  }
}

TEST(Prediction, OfResponsesOnTheDownlink) {
  for (const double utilisation : {0.3, 0.8})
    check(on_downlink("smart-city", utilisation), {0.85, 1.2});
}

/// Forecasts know of no drops. On the shipped site, with the queues that the plan asks for and
/// cameras that keep their pace, there are none.
TEST(Prediction, QueuesAndPolicerOfThePlanLetCamerasPass) {
  Cell cell = on_uplink("smart-city", 0.6);
  cell.arrivals = Arrivals::cameras;
  cell.roomy = false;
  cell.seeds = 16;
  const Outcome outcome = run(cell);
  print(cell, outcome);
  EXPECT_EQ(outcome.drops, 0U);
  for (const Row& row : outcome.rows) {
    EXPECT_LE(row.simulated.p99.count, row.predicted.p99.count * 11 / 10) << row.workload;
  }
}

TEST(Prediction, WithAnyTransmitRingBehindTheShaper) {
  for (const std::uint32_t ring : {1U, 4U, 64U}) {
    Cell cell = on_uplink("smart-city", 0.5);
    cell.name += " on a wire, ring " + std::to_string(ring);
    cell.model.site.links.front().kind = core::LinkKind::wired;
    cell.tx_ring = ring;
    check(cell, {0.85, 1.2});
  }
}

}  // namespace
}  // namespace wanwise::prediction
