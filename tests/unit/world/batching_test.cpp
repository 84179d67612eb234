// Dynamic batching: hand cases, the bound on throughput, latency at low load; and what FIFO
// stations do when their servers change.
#include "sim/world/compute/batching_station.hpp"

#include <gtest/gtest.h>

#include "sim/world/compute/station.hpp"
#include "tests/unit/world/customers.hpp"

namespace wanwise::sim::testing {
namespace {

using core::Micros;
using core::Ppm;
using End = JobLog::End;

Customers::Build batching(std::int32_t servers, Batching rule) {
  return [=](EventQueue& events, StationOwner& owner) {
    return std::make_unique<BatchingStation>(events, owner, 0, servers, rule);
  };
}

struct Hand {
  EventQueue events;
  JobLog log;
  BatchingStation station;
  Hand(std::int32_t servers, Batching rule) : station(events, log, 0, servers, rule) {}
  void submit(Nanos at, JobId job) {
    events.run_until(at);
    station.submit(at, job);
  }
  void submit_all(Nanos at, std::initializer_list<JobId> jobs) {
    for (const JobId job : jobs) submit(at, job);
  }
};

TEST(BatchingStation, TakesWhatWaitsWhenAServerFallsFree) {
  Hand hand(1, {3, Micros{0}, Ppm{500'000}});
  hand.submit_all(0, {10'001, 10'002, 10'003, 10'004, 10'005});
  hand.events.run_until(100'000);
  // One alone; then three: 10 * (1 + 2 * 0.5) us; then the last.
  EXPECT_EQ(hand.log.ends, (std::vector<End>{{10'000, 10'001},
                                             {30'000, 10'002},
                                             {30'000, 10'003},
                                             {30'000, 10'004},
                                             {40'000, 10'005}}));
  EXPECT_EQ(hand.station.batches(), 3u);
  EXPECT_EQ(hand.station.busy_time(100'000), 40'000);
}

TEST(BatchingStation, ABatchLastsTheMeanOfItsJobsTimesTheCostOfTheOthers) {
  Hand hand(1, {8, Micros{0}, Ppm{300'000}});
  hand.submit(0, 1'001);
  hand.submit(0, 10'002);
  hand.submit(0, 30'003);
  hand.events.run_until(100'000);
  EXPECT_EQ(hand.log.ends.back().at, 1'000 + 26'000);  // 20 * 1.3
}

TEST(BatchingStation, WaitsForABatchToFillAsLongAsItsOldestJobMay) {
  Hand hand(2, {2, Micros{5}, Ppm{0}});
  hand.submit(0, 10'001);
  hand.submit(7'000, 10'002);  // the first one left alone at 5 us
  hand.submit(9'000, 10'003);  // full: at once, on the other server
  hand.events.run_until(100'000);
  EXPECT_EQ(hand.log.ends,
            (std::vector<End>{{15'000, 10'001}, {19'000, 10'002}, {19'000, 10'003}}));
}

TEST(BatchingStation, OnlyJobsOfOneModelShareABatchAndTheOldestGoesFirst) {
  Hand hand(1, {4, Micros{0}, Ppm{0}});
  hand.submit(0, 10'000);
  hand.submit_all(1'000, {10'201, 10'101, 10'202, 10'102});
  hand.events.run_until(100'000);
  EXPECT_EQ(hand.log.ends, (std::vector<End>{{10'000, 10'000},
                                             {20'000, 10'201},
                                             {20'000, 10'202},
                                             {30'000, 10'101},
                                             {30'000, 10'102}}));
}

TEST(BatchingStation, LeavesOutThoseWhoGaveUpAndFillsTheirPlaces) {
  Hand hand(1, {2, Micros{0}, Ppm{0}});
  hand.submit_all(0, {10'001, 10'099, 10'002, 10'003});
  hand.events.run_until(100'000);
  EXPECT_EQ(hand.log.ends,
            (std::vector<End>{{10'000, 10'001}, {20'000, 10'002}, {20'000, 10'003}}));
  EXPECT_EQ(hand.station.waiting(), 0u);
}

TEST(BatchingStation, LosesWhatItHoldsWhenItDiesAlsoWhileItWaitsForMore) {
  Hand hand(1, {2, Micros{5}, Ppm{0}});
  hand.submit_all(0, {10'001, 10'002, 10'003});
  hand.events.run_until(2'000);
  hand.station.set_alive(2'000, false);
  EXPECT_EQ(hand.log.lost_jobs, (std::vector<JobId>{10'001, 10'002, 10'003}));
  hand.station.set_alive(3'000, true);
  hand.submit(3'000, 10'004);
  hand.events.run_until(100'000);
  EXPECT_EQ(hand.log.ends, (std::vector<End>{{18'000, 10'004}}));  // after its own 5 us
}

TEST(BatchingStation, RefusesMoreThanItsQueueHoldsAndCountsThem) {
  Hand hand(1, {8, Micros{0}, Ppm{0}});
  for (std::size_t i = 0; i < BatchingStation::kMaxWaiting + 11; ++i) hand.submit(0, 10'001);
  EXPECT_EQ(hand.station.overflows(), 10u);
  EXPECT_EQ(hand.log.lost_jobs.size(), 10u);
}

TEST(BatchingStation, SaturatedThroughputIsThatOfFullBatches) {
  const Batching rule{8, Micros{0}, Ppm{300'000}};
  const double bound = 2 * 8 / (1 + 7 * .3);  // jobs a unit, two servers
  const Customers seen(batching(2, rule), bound * 1.02, exponential_unit);
  EXPECT_NEAR(seen.throughput() / bound, 1, .03);
  EXPECT_LT(seen.throughput(), bound * 1.01);
  EXPECT_GT(seen.utilisation(), .97);
  const Customers alone(batching(2, rule), 5 * .8, exponential_unit);  // five times one at a time
  EXPECT_EQ(alone.completed(), kCustomers);
}

TEST(BatchingStation, AtLowLoadARequestCostsItsOwnTimeAndAtMostTheWaitForOthers) {
  const Customers at_once(batching(1, {8, Micros{0}, Ppm{300'000}}), .001, constant_unit, 10'000);
  EXPECT_NEAR(at_once.sojourn(), 1, .005);
  const Customers patient(batching(1, {8, Micros{2'000}, Ppm{300'000}}), .001, constant_unit,
                          10'000);
  EXPECT_NEAR(patient.sojourn(), 3, .01);
}

// Without a gain it is a plain FIFO: the same M/M/1.
TEST(BatchingStation, BatchesOfOneAreAFifo) {
  const Customers seen(batching(1, {1, Micros{0}, Ppm{300'000}}), .8, exponential_unit);
  const Customers fifo(
      [](EventQueue& events, StationOwner& owner) {
        return std::make_unique<Station>(events, owner, 0, 1);
      },
      .8, exponential_unit);
  EXPECT_EQ(seen.sojourn(), fifo.sojourn());
  EXPECT_NEAR(seen.sojourn(), 5, .35);
}

TEST(Station, MoreServersStartWhatWaitsAndFewerLoseNothing) {
  EventQueue events;
  JobLog log;
  Station station(events, log, 0, 1);
  for (const JobId job : std::initializer_list<JobId>{10'001, 10'002, 10'003, 10'004, 10'005})
    station.submit(0, job);
  events.run_until(2'000);
  station.set_servers(2'000, 3);
  events.run_until(3'000);
  station.set_servers(3'000, 1);  // two of the three only end their job
  EXPECT_EQ(station.busy(), 3);
  events.run_until(100'000);
  EXPECT_EQ(log.ends, (std::vector<End>{{10'000, 10'001},
                                        {12'000, 10'002},
                                        {12'000, 10'003},
                                        {22'000, 10'004},
                                        {32'000, 10'005}}));
  EXPECT_EQ(station.busy_time(100'000), 50'000);
  // One server throughout, and two more: 1 us by right, 9 us to end their jobs.
  EXPECT_EQ(station.capacity_time(100'000), 100'000 + 1 * 2'000 + 7'000 * 2 + 2'000 * 1);
}

}  // namespace
}  // namespace wanwise::sim::testing
