// Processor sharing: exact hand cases, and that a job's sojourn follows its own size. The mean and
// its insensitivity to the shape of service: tests/acceptance.
#include "sim/world/compute/sharing_station.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/world/customers.hpp"

namespace wanwise::sim::testing {
namespace {

Customers::Build sharing(std::int32_t servers) {
  return [servers](EventQueue& events, StationOwner& owner) {
    return std::make_unique<SharingStation>(events, owner, 0, servers);
  };
}

struct Hand {
  EventQueue events;
  JobLog log;
  SharingStation station;
  explicit Hand(std::int32_t servers = 1) : station(events, log, 0, servers) {}
  void submit(Nanos at, JobId job) {
    events.run_until(at);
    station.submit(at, job);
  }
  void submit_all(Nanos at, std::initializer_list<JobId> jobs) {
    for (const JobId job : jobs) submit(at, job);
  }
};

TEST(SharingStation, ServesEverybodyAtOnceEachAtItsShare) {
  Hand hand;
  hand.submit(0, 3'000);      // 3 us of work
  hand.submit(1'000, 1'001);  // 1 us: both at half rate until it is done
  hand.submit(6'000, 2'002);  // alone
  hand.events.run_until(20'000);
  EXPECT_EQ(hand.log.ends,
            (std::vector<JobLog::End>{{3'000, 1'001}, {4'000, 3'000}, {8'000, 2'002}}));
  EXPECT_EQ(hand.station.busy_time(20'000), 6'000);
}

TEST(SharingStation, JobsOfOneFinishLeaveInTheOrderTheyCame) {
  Hand hand;
  hand.submit_all(0, {2'005, 2'003, 2'004});
  hand.events.run_until(20'000);
  EXPECT_EQ(hand.log.ends,
            (std::vector<JobLog::End>{{6'000, 2'005}, {6'000, 2'003}, {6'000, 2'004}}));
}

TEST(SharingStation, SeveralServersAreSharedOnlyWhenThereAreMoreJobs) {
  Hand hand(2);
  hand.submit_all(0, {2'001, 4'002});
  hand.submit(1'000, 2'003);  // 3 jobs on 2 servers: 2/3 each
  hand.events.run_until(20'000);
  // Job 1 has 1 us left: 1.5 us. Then two jobs: 3 has 1 us left, 2 has 2.
  EXPECT_EQ(hand.log.ends,
            (std::vector<JobLog::End>{{2'500, 2'001}, {3'500, 2'003}, {4'500, 4'002}}));
  EXPECT_EQ(hand.station.busy_time(20'000), 8'000);
}

TEST(SharingStation, LosesWhatItHoldsWhenItDies) {
  Hand hand;
  hand.submit(0, 5'001);
  hand.submit(0, 3'002);
  hand.events.run_until(1'000);
  hand.station.set_alive(1'000, false);
  EXPECT_EQ(hand.log.lost_jobs, (std::vector<JobId>{5'001, 3'002}));
  hand.submit(2'000, 1'003);
  EXPECT_EQ(hand.log.lost_jobs.back(), 1'003u);
  hand.station.set_alive(3'000, true);
  hand.submit(3'000, 1'004);
  hand.events.run_until(20'000);
  EXPECT_EQ(hand.log.ends, (std::vector<JobLog::End>{{4'000, 1'004}}));
  EXPECT_EQ(hand.station.busy_time(20'000), 2'000);
}

TEST(SharingStation, RefusesMoreThanItHoldsAndCountsThem) {
  Hand hand;
  for (JobId job = 0; job < SharingStation::kMaxWaiting + 7; ++job)
    hand.submit(0, 5'000'000 + job % 90);
  EXPECT_EQ(hand.station.overflows(), 7u);
  EXPECT_EQ(hand.log.lost_jobs.size(), 7u);
  EXPECT_EQ(hand.station.waiting(), SharingStation::kMaxWaiting - 1);
}

TEST(SharingStation, KeepsFewEventsPendingHoweverOverloadedItIs) {
  Hand hand;
  Stream sizes(3, "sizes");
  std::size_t most = 0;
  for (Nanos at = 0; at < 50'000'000; at += 1'000) {
    hand.submit(at, static_cast<JobId>(sizes.exponential(20)) * 1'000 + 1'000);
    most = std::max(most, hand.events.pending());
  }
  EXPECT_GT(hand.station.overflows(), 10'000u);
  EXPECT_LT(most, 2 * SharingStation::kMaxWaiting);
}

// T(x) = x / (1 - rho): a job of ten times the size takes ten times as long. Under FIFO it does
// not.
TEST(SharingStation, SojournIsProportionalToTheJobsOwnSize) {
  const auto sizes = [](Stream& s) { return s.uniform() < .1 ? 10 * kUnit / 1.9 : kUnit / 1.9; };
  const Customers seen(sharing(1), .8, sizes);
  EXPECT_NEAR(seen.sojourn(), 5, .35);
  EXPECT_NEAR(seen.sojourn_of_big() * 1.9 / 50, 1, .07);
}

}  // namespace
}  // namespace wanwise::sim::testing
