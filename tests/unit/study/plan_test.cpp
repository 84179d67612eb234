// The order of runs, shards, the warm-up's rule, and what makes results worthless.
#include "sim/study/runs/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace wanwise::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Study small() {
  Study study;
  study.policies = {{"wanwise", "wanwise", {}}, {"always-edge", "edge", {}}};
  study.factors = {{"load", "", {{"1", 1.0}, {"2", 2.0}}}};
  study.seeds = {7, 8, 9};
  study.horizon = core::seconds(1'000);
  return study;
}

TEST(Plan, CellsThenPoliciesThenSeeds) {
  const Study study = small();
  std::vector<std::string> ids;
  for (const RunKey& key : plan_runs(study)) ids.push_back(run_id(study, key));
  EXPECT_THAT(ids,
              ElementsAre("c0-p0-s7", "c0-p0-s8", "c0-p0-s9", "c0-p1-s7", "c0-p1-s8", "c0-p1-s9",
                          "c1-p0-s7", "c1-p0-s8", "c1-p0-s9", "c1-p1-s7", "c1-p1-s8", "c1-p1-s9"));
  EXPECT_EQ(run_text(study, {1, 1, 2}), "load=2, edge, seed 9");
}

TEST(Plan, ShardsAreTheWholeTogetherAndNothingTwice) {
  const Study study = small();
  for (std::size_t of = 1; of <= 14; ++of) {
    std::vector<RunKey> all;
    for (std::size_t index = 1; index <= of; ++index)
      for (const RunKey& key : plan_runs(study, {index, of})) all.push_back(key);
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, plan_runs(study)) << of;
  }
  EXPECT_THAT(plan_runs(study, {2, 5}),
              ElementsAre(RunKey{0, 0, 1}, RunKey{1, 0, 0}, RunKey{1, 1, 2}));
}

TEST(Plan, PilotsAreTheFirstSeedOfEachCellAndPolicy) {
  EXPECT_THAT(plan_pilots(small()),
              ElementsAre(RunKey{0, 0, 0}, RunKey{0, 1, 0}, RunKey{1, 0, 0}, RunKey{1, 1, 0}));
}

TEST(Plan, ReadsShards) {
  EXPECT_EQ(*parse_shard("2/4"), (Shard{2, 4}));
  EXPECT_EQ(*parse_shard("10000/10000"), (Shard{10'000, 10'000}));
  for (const char* wrong : {"", "1", "/", "0/4", "5/4", "1/0", "1/10001", "-1/4", "1/4 ", "a/b"})
    EXPECT_FALSE(parse_shard(wrong)) << wrong;
  EXPECT_EQ(parse_shard("5/4").error().message,
            "'5/4' is no shard (allowed: i/n with 1 <= i <= n <= 10000)");
}

TEST(Plan, WarmUpIsTheLargestProposalInWholePerCents) {
  const core::Micros horizon = core::seconds(1'800);
  EXPECT_EQ(warm_up_from({}, horizon), core::seconds(0));
  EXPECT_EQ(warm_up_from({core::seconds(1), core::milliseconds(18'001)}, horizon),
            core::seconds(36));
  EXPECT_EQ(warm_up_from({core::seconds(36)}, horizon), core::seconds(36));
  EXPECT_EQ(warm_up_from({core::seconds(1'700)}, horizon), core::seconds(900));
  EXPECT_EQ(warm_up_from({core::milliseconds(300)}, core::seconds(20)), core::seconds(1));
}

RunRecord good(std::size_t policy, std::uint64_t seed, std::uint64_t arrivals) {
  RunRecord record{0, policy, seed, {}, {}};
  record.result.conserved = true;
  record.result.arrival_hash = arrivals;
  return record;
}

TEST(Plan, AcceptsRunsThatConserveAndMeetTheSameArrivals) {
  EXPECT_THAT(violations(small(), {good(0, 7, 1), good(1, 7, 1), good(0, 8, 2)}), IsEmpty());
}

TEST(Plan, TellsEveryViolation) {
  RunRecord lost = good(0, 8, 2);
  lost.result.conserved = false;
  RunRecord little = good(0, 9, 3);
  little.result.little_error = core::Ppm{1'001};
  EXPECT_THAT(
      violations(small(), {good(0, 7, 1), good(1, 7, 16), lost, little}),
      ElementsAre("load=1, edge, seed 7: its arrivals differ from those of wanwise "
                  "(0000000000000010, 0000000000000001)",
                  "load=1, wanwise, seed 8: requests were made or lost by the simulator itself",
                  "load=1, wanwise, seed 9: Little's law is off by 1001 ppm (allowed: 1000)"));
}

TEST(Plan, SortsRecordsByTheirRun) {
  std::vector<RunRecord> records{good(1, 7, 1), good(0, 9, 1), good(0, 7, 1)};
  sort_records(small(), records);
  EXPECT_EQ(records[0].seed, 7U);
  EXPECT_EQ(records[1].seed, 9U);
  EXPECT_EQ(records[2].policy, 1U);
}

}  // namespace
}  // namespace wanwise::sim
