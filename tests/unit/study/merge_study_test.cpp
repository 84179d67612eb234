// Shards put together: equal to the whole, or refused with what is missing or does not fit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "sim/study/runs/record_codec.hpp"
#include "sim/study/runs/run_log.hpp"
#include "sim/study/runs/run_study.hpp"
#include "tests/unit/study/study_documents.hpp"

namespace wanwise::sim {
namespace {

using testing::HasSubstr;

std::string timeless(const std::vector<RunRecord>& records) {
  std::string all;
  for (RunRecord record : records) {
    record.took = {};
    all += encode({"", std::move(record)}) + '\n';
  }
  return all;
}

class MergeStudy : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { m_study = load_study(text()); }
  static std::string text() { return with(quick_study(), "warm-up: 10%", GetParam()); }

  StudyOutcome run(const std::string& dir, Shard shard = {},
                   const TrialFunction& trial = fake_trial) {
    const RunStudyOptions options{
        .dir = path(dir), .shard = shard, .jobs = 2, .stop = nullptr, .progress = {}};
    auto outcome = run_study(m_study, options, trial);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return std::move(*outcome);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return m_folder.path(name); }
  [[nodiscard]] std::string error(const std::vector<std::string>& dirs) const {
    const auto outcome = merge_study(dirs, path("out"));
    return outcome ? "none" : outcome.error().code + ": " + outcome.error().message;
  }

  StudyFolder m_folder;
  LoadedStudy m_study;
};

INSTANTIATE_TEST_SUITE_P(WarmUps, MergeStudy, testing::Values("warm-up: 10%", "warm-up: mser-5"));

TEST_P(MergeStudy, IsTheWhole) {
  const StudyOutcome whole = run("whole");
  for (std::size_t i = 1; i <= 3; ++i) run("s" + std::to_string(i), {i, 3});
  const auto merged = merge_study({path("s2"), path("s1"), path("s3")}, path("out"));
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(timeless(merged->records), timeless(whole.records));
  EXPECT_EQ(merged->study.warm_up, whole.study.warm_up);
  EXPECT_EQ(merged->study.hash, whole.study.hash);
  // What was merged is a study's folder like any other.
  const auto again = merge_study({path("out")}, path("out"));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(timeless(again->records), timeless(whole.records));
  EXPECT_EQ(timeless(run("out", {},
                         [](const TrialConfig& config) {
                           ADD_FAILURE() << "made again";
                           return fake_trial(config);
                         })
                         .records),
            timeless(whole.records));
}

TEST_P(MergeStudy, TwinsMustBeEqual) {
  run("a");
  run("b", {1, 2});
  EXPECT_EQ(error({path("a"), path("b")}), "none");
  run("c", {1, 2}, [](const TrialConfig& config) {
    TrialResult result = fake_trial(config);
    ++result.checksum;
    return result;
  });
  EXPECT_EQ(error({path("a"), path("c")}),
            "study-violated: load=0.5 rtt=20ms, wanwise, seed 5 is recorded twice with different "
            "results");
}

TEST_P(MergeStudy, TellsWhichRunsAreMissing) {
  run("s1", {1, 3});
  run("s3", {3, 3});
  EXPECT_THAT(error({path("s1"), path("s3")}),
              HasSubstr("study-incomplete: 8 of 24 runs are missing:\n"
                        "  c0-p0-s6: load=0.5 rtt=20ms, wanwise, seed 6\n"
                        "  c0-p1-s6: load=0.5 rtt=20ms, always-edge, seed 6\n"));
}

TEST_P(MergeStudy, RefusesShardsOfTwoStudies) {
  run("s1", {1, 2});
  const std::string before = m_study.study.hash;
  m_study = load_study(text() + "# changed\n");
  run("s2", {2, 2});
  EXPECT_EQ(error({path("s1"), path("s2")}), "other-study: " + path("s2") +
                                                 " holds results of study " + m_study.study.hash +
                                                 ", " + path("s1") + " those of " + before);
}

TEST_P(MergeStudy, RefusesAFolderThatIsNoStudy) {
  EXPECT_EQ(error({path("nowhere")}), "no-study: " + path("nowhere/study.json") +
                                          ": cannot be read; is " + path("nowhere") +
                                          " a study's folder?");
  m_folder.file("broken/study.json", "{}");
  EXPECT_EQ(error({path("broken")}),
            "study-invalid: " + path("broken/study.json") + ": schema is missing");
}

TEST_P(MergeStudy, RefusesARunTheStudyDoesNotHave) {
  run("a");
  std::ofstream{path("a/runs/shard-1-of-2.jsonl"), std::ios::app}
      << encode({m_study.study.hash, RunRecord{4, 0, 5, {}, {}}}) << '\n';
  EXPECT_EQ(error({path("a")}),
            "record-invalid: " + path("a/runs/shard-1-of-2.jsonl") + ":1: there is no cell 4");
}

TEST_P(MergeStudy, ComparesArrivalsAcrossShards) {
  run("s1", {1, 24});
  for (std::size_t i = 2; i <= 24; ++i)
    run("s" + std::to_string(i), {i, 24}, [](const TrialConfig& config) {
      TrialResult result = fake_trial(config);
      if (config.policy.name == "always-edge") ++result.arrival_hash;
      return result;
    });
  std::vector<std::string> dirs;
  for (std::size_t i = 1; i <= 24; ++i) dirs.push_back(path("s" + std::to_string(i)));
  EXPECT_THAT(error(dirs), HasSubstr("study-violated: the results are worth nothing:\n"
                                     "  load=0.5 rtt=20ms, always-edge, seed 5: its arrivals "
                                     "differ from those of wanwise"));
}

}  // namespace
}  // namespace wanwise::sim
