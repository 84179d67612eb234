// A station's life: whom it loses, skips and refuses. Closed forms: tests/acceptance.
#include "sim/world/compute/station.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace wanwise::sim {
namespace {

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
