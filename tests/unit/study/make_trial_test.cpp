// What a run is made of: common random numbers over policies and cells, recordings that begin
// elsewhere for each seed, levels that meet the story.
#include "sim/study/runs/make_trial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/study/study_documents.hpp"

namespace wanwise::sim {
namespace {

using testing::ElementsAre;

std::vector<std::int64_t> counts(const std::vector<core::Micros>& times) {
  std::vector<std::int64_t> result;
  for (const core::Micros time : times) result.push_back(time.count);
  return result;
}

TrialConfig trial(const LoadedStudy& loaded, std::size_t cell, std::size_t policy,
                  std::uint64_t seed) {
  return make_trial(loaded, loaded.study.cells()[cell], loaded.study.policies[policy], seed);
}

TEST(MakeTrial, PoliciesOfACellAndSeedMeetTheSameWorld) {
  const LoadedStudy loaded = load_study(valid_study());
  TrialConfig one = trial(loaded, 2, 0, 6);
  TrialConfig other = trial(loaded, 2, 1, 6);
  EXPECT_NE(fingerprint(one), fingerprint(other));
  one.policy = other.policy = {};
  EXPECT_EQ(fingerprint(one), fingerprint(other));
}

TEST(MakeTrial, EachSeedIsAnotherDriveAndTheSameInEveryCell) {
  const LoadedStudy loaded = load_study(valid_study());
  const auto drive = [&](std::size_t cell, std::uint64_t seed) {
    return counts(trial(loaded, cell, 0, seed).world.links[0].uplink.opportunities);
  };
  EXPECT_EQ(drive(0, 5), drive(3, 5));
  EXPECT_NE(drive(0, 5), drive(0, 6));
}

TEST(MakeTrial, LevelsMeetTheStory) {
  const LoadedStudy loaded = load_study(valid_study());
  std::vector<std::string> story;
  for (const TimedDisturbance& step : trial(loaded, 3, 0, 5).story)
    story.push_back(std::to_string(step.at.count / 1'000'000) + " " + describe(step.what));
  EXPECT_THAT(
      story,
      ElementsAre("0 demand of collision-avoidance x 1.5", "0 demand of crowd-density x 1.5",
                  "0 demand of incident-archive x 1.5", "0 demand of licence-plates x 1.5",
                  "0 demand of traffic-counting x 1.5", "20 demand of traffic-counting x 2.7"));
  EXPECT_EQ(trial(loaded, 3, 0, 5).world.model.site.links[0].rtt, core::milliseconds(60));
  EXPECT_EQ(trial(loaded, 2, 0, 5).world.model.site.links[0].rtt, core::milliseconds(20));
}

TEST(MakeTrial, ALinkThatIsNotTheStudysHasTheSitesRates) {
  const LoadedStudy loaded = load_study(
      with(with(valid_study(), "links:\n", ""),
           "  - {link: lte, generate: lte-driving, uplink: 10Mbps, downlink: 30Mbps}\n", ""));
  const TrialConfig config = trial(loaded, 0, 0, 5);
  EXPECT_EQ(counts(config.world.links[0].uplink.opportunities),
            counts(constant_rate(config.world.model.site.links[0].uplink).opportunities));
  EXPECT_FALSE(config.world.links[0].radio);
}

TEST(MakeTrial, RecordingsBeginElsewhereForEachSeed) {
  const StudyFolder folder;
  ReadOptions options = read_options();
  options.traces_dir = folder.path("traces");
  folder.file("traces/up", "100\n200\n400\n1000\n");
  folder.file("traces/radio.csv",
              "t_s,class,band,cell,rssi,rsrp,rsrq10,sinr\n0,LTE,B3,1,,-90,,\n1,LTE,B3,1,,-95,,\n");
  const LoadedStudy loaded = load_study(
      with(valid_study(), "generate: lte-driving, uplink: 10Mbps, downlink: 30Mbps",
           "uplink-file: \"traces:up\", radio-file: \"traces:radio.csv\", downlink: 30Mbps"),
      options);
  const auto uplink = [&](std::uint64_t seed, std::size_t policy) {
    return counts(trial(loaded, 0, policy, seed).world.links[0].uplink.opportunities);
  };
  EXPECT_EQ(uplink(5, 0), uplink(5, 1));
  EXPECT_NE(uplink(5, 0), uplink(6, 0));
  EXPECT_EQ(uplink(5, 0).size(), 4U);
  EXPECT_TRUE(trial(loaded, 0, 0, 5).world.links[0].radio);
}

TEST(BeginAt, ARateGoesOnFromTheOffsetAndThenFromTheBeginning) {
  RateTrace trace;
  for (const std::int64_t ms : {0, 100, 250, 1000})
    trace.opportunities.push_back(core::milliseconds(ms));
  trace.period = core::milliseconds(1000);
  EXPECT_EQ(counts(begin_at(trace, core::Micros{0}).opportunities), counts(trace.opportunities));
  EXPECT_THAT(counts(begin_at(trace, core::milliseconds(100)).opportunities),
              ElementsAre(150'000, 900'000, 900'000, 1'000'000));
  EXPECT_EQ(counts(begin_at(trace, core::milliseconds(1000)).opportunities),
            counts(trace.opportunities));
}

TEST(BeginAt, ARadioValueStillHolds) {
  RadioTrace trace;
  trace.period = core::seconds(10);
  for (const std::int32_t s : {0, 4, 7}) {
    trace.points.push_back({core::seconds(s), {}});
    trace.points.back().reading.rsrp_dbm = -90 - s;
  }
  const auto points = [&](std::int64_t seconds) {
    std::vector<std::pair<std::int64_t, std::int32_t>> result;
    for (const RadioPoint& p : begin_at(trace, core::seconds(seconds)).points)
      result.emplace_back(p.offset.count / 1'000'000, *p.reading.rsrp_dbm);
    return result;
  };
  using P = std::pair<std::int64_t, std::int32_t>;
  EXPECT_THAT(points(5), ElementsAre(P{0, -94}, P{2, -97}, P{5, -90}, P{9, -94}));
  EXPECT_THAT(points(4), ElementsAre(P{0, -94}, P{3, -97}, P{6, -90}));
}

}  // namespace
}  // namespace wanwise::sim
