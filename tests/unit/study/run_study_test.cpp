// Running a study: resuming, shards, the number of threads, what ends it, with a trial that needs
// no simulator.
#include "sim/study/runs/run_study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <mutex>
#include <sstream>

#include "sim/study/runs/record_codec.hpp"
#include "sim/study/runs/run_log.hpp"
#include "tests/unit/study/study_documents.hpp"

namespace wanwise::sim {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string text_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// All records, without the time they took.
std::string timeless(const std::vector<RunRecord>& records) {
  std::string all;
  for (RunRecord record : records) {
    record.took = {};
    all += encode({"", std::move(record)}) + '\n';
  }
  return all;
}

class RunStudy : public testing::Test {
 protected:
  RunStudyOptions options(const std::string& dir, std::size_t jobs = 1, Shard shard = {}) {
    return {
        .dir = m_folder.path(dir), .shard = shard, .jobs = jobs, .stop = nullptr, .progress = {}};
  }
  StudyOutcome run(const RunStudyOptions& options, const TrialFunction& trial = fake_trial) {
    auto outcome = run_study(m_study, options, trial);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? std::move(*outcome) : StudyOutcome{};
  }
  std::string error(const RunStudyOptions& options, const TrialFunction& trial = fake_trial) {
    const auto outcome = run_study(m_study, options, trial);
    return outcome ? "none" : outcome.error().code + ": " + outcome.error().message;
  }
  [[nodiscard]] std::string log(const std::string& dir) const {
    return m_folder.path(dir) + "/runs/shard-1-of-1.jsonl";
  }

  StudyFolder m_folder;
  LoadedStudy m_study = load_study(quick_study());
};

TEST_F(RunStudy, RecordsEveryRunInThePlansOrder) {
  const StudyOutcome outcome = run(options("a"));
  ASSERT_EQ(outcome.records.size(), 24U);
  EXPECT_EQ(outcome.total, 24U);
  EXPECT_FALSE(outcome.stopped);
  EXPECT_EQ(outcome.records[0].seed, 5U);
  EXPECT_EQ(outcome.records[4].policy, 1U);
  EXPECT_EQ(outcome.records[23].cell, 3U);
  EXPECT_EQ(read_study_json(m_folder.path("a"))->hash, m_study.study.hash);
}

TEST_F(RunStudy, TheNumberOfThreadsDoesNotShowInTheResults) {
  const std::string one = timeless(run(options("one", 1)).records);
  EXPECT_EQ(timeless(run(options("two", 2)).records), one);
  EXPECT_EQ(timeless(run(options("eight", 8)).records), one);
}

TEST_F(RunStudy, TheFirstSeedHasATimeLine) {
  for (const RunRecord& record : run(options("a")).records)
    EXPECT_EQ(record.result.timeline.empty(), record.seed != 5U);
}

TEST_F(RunStudy, GoesOnWhereItWasStopped) {
  const std::string whole = timeless(run(options("whole")).records);
  std::atomic<bool> stop = false;
  std::atomic<int> made = 0;
  RunStudyOptions interrupted = options("cut");
  interrupted.stop = &stop;
  const StudyOutcome first = run(interrupted, [&](const TrialConfig& config) {
    if (++made == 10) stop = true;
    return fake_trial(config);
  });
  EXPECT_TRUE(first.stopped);
  EXPECT_THAT(first.records, IsEmpty());
  EXPECT_EQ(made, 10);
  StudyProgress told;
  RunStudyOptions again = options("cut");
  again.progress = [&](const StudyProgress& progress) { told = progress; };
  const StudyOutcome second = run(again, [&](const TrialConfig& config) {
    ++made;
    return fake_trial(config);
  });
  EXPECT_EQ(made, 24);
  EXPECT_EQ(told.skipped, 10U);
  EXPECT_EQ(told.done, 24U);
  EXPECT_EQ(timeless(second.records), whole);
}

TEST_F(RunStudy, ALineThatWasCutOffIsDoneAgain) {
  const std::string whole = timeless(run(options("a")).records);
  const std::string text = text_of(log("a"));
  // Killed in the middle of writing the twenty-fourth line.
  std::ofstream{log("a"), std::ios::binary | std::ios::trunc} << text.substr(0, text.size() - 9);
  int made = 0;
  const StudyOutcome outcome = run(options("a"), [&](const TrialConfig& config) {
    ++made;
    return fake_trial(config);
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(timeless(outcome.records), whole);
  ASSERT_EQ(outcome.notes.size(), 1U);
  EXPECT_EQ(outcome.notes[0], log("a") + ": the last line is cut off; its run is done again");
}

TEST_F(RunStudy, ALineThatIsGarbledIsAnErrorWithItsNumber) {
  run(options("a"));
  std::string text = text_of(log("a"));
  text[text.find('\n') + 5] = '#';
  std::ofstream{log("a"), std::ios::binary | std::ios::trunc} << text;
  EXPECT_THAT(error(options("a")), HasSubstr(log("a") + ":2: "));
}

TEST_F(RunStudy, RefusesAFolderOfAnotherStudy) {
  run(options("a"));
  const std::string before = m_study.study.hash;
  m_study = load_study(quick_study() + "# changed\n");
  EXPECT_EQ(error(options("a")), "other-study: " + m_folder.path("a") + " holds results of study " +
                                     before + ", this one is " + m_study.study.hash +
                                     ": an input differs; use another folder or remove it");
}

TEST_F(RunStudy, ShardsMakeTheirRunsOnly) {
  std::vector<RunRecord> all;
  for (std::size_t i = 1; i <= 5; ++i)
    for (RunRecord& record : run(options("shard" + std::to_string(i), 2, {i, 5})).records)
      all.push_back(std::move(record));
  sort_records(m_study.study, all);
  EXPECT_EQ(timeless(all), timeless(run(options("whole")).records));
}

TEST_F(RunStudy, ShardsMayShareAFolderAndTheWholeIsThenDone) {
  const std::string whole = timeless(run(options("whole")).records);
  run(options("a", 1, {1, 2}));
  run(options("a", 1, {2, 2}));
  const StudyOutcome outcome = run(options("a"), [](const TrialConfig& config) {
    ADD_FAILURE() << "made again";
    return fake_trial(config);
  });
  EXPECT_EQ(timeless(outcome.records), whole);
}

TEST_F(RunStudy, OneProcessALog) {
  ASSERT_TRUE(prepare_folder(m_folder.path("a"), m_study.study));
  const auto other = RunLog::open(m_folder.path("a"), {});
  ASSERT_TRUE(other);
  EXPECT_EQ(error(options("a")),
            "study-busy: " + log("a") + " is being written by another process");
}

TEST_F(RunStudy, TellsAFolderThatCannotBeWritten) {
  EXPECT_EQ(error(options(m_folder.file("file", "").substr(m_folder.path("").size()) + "/out")),
            "study-io: " + m_folder.path("file/out") + ": Not a directory");
}

/// Files of this process may not grow further, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &m_before);
    const rlimit limit{bytes, m_before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_handler);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit m_before{};
  void (*m_handler)(int);
};

TEST_F(RunStudy, TellsADiskThatIsFullAndGoesOnOnceThereIsRoom) {
  {
    const FullDisk full(20'000);
    EXPECT_EQ(error(options("a")), "study-io: " + log("a") + ": File too large");
  }
  EXPECT_EQ(text_of(log("a")).size(), 20'000U);
  EXPECT_EQ(timeless(run(options("a")).records), timeless(run(options("whole")).records));
}

TEST_F(RunStudy, WhatATrialThrowsEndsTheStudyWithTheRunsName) {
  EXPECT_EQ(error(options("a"),
                  [](const TrialConfig&) -> TrialResult { throw std::runtime_error("broken"); }),
            "run-failed: load=0.5 rtt=20ms, wanwise, seed 5: broken");
}

TEST_F(RunStudy, ArrivalsThatDifferEndTheStudy) {
  const auto trial = [](const TrialConfig& config) {
    TrialResult result = fake_trial(config);
    if (config.policy.name == "always-edge" && config.world.seed == 6) ++result.arrival_hash;
    return result;
  };
  EXPECT_THAT(error(options("a"), trial),
              HasSubstr("study-violated: the results are worth nothing:\n  load=0.5 rtt=20ms, "
                        "always-edge, seed 6: its arrivals differ from those of wanwise"));
}

TEST_F(RunStudy, ArrivalsAreComparedWithThoseRecordedBefore) {
  std::atomic<bool> stop = false;
  RunStudyOptions interrupted = options("a");
  interrupted.stop = &stop;
  int made = 0;
  run(interrupted, [&](const TrialConfig& config) {
    stop = ++made == 3;
    return fake_trial(config);
  });
  const auto trial = [](const TrialConfig& config) {
    TrialResult result = fake_trial(config);
    ++result.arrival_hash;
    return result;
  };
  EXPECT_THAT(error(options("a"), trial), HasSubstr("its arrivals differ"));
}

TEST_F(RunStudy, RequestsThatVanishEndTheStudyAndAreNotRecorded) {
  const auto trial = [](const TrialConfig& config) {
    TrialResult result = fake_trial(config);
    result.conserved = config.world.seed != 7;
    return result;
  };
  EXPECT_THAT(error(options("a"), trial),
              HasSubstr("seed 7: requests were made or lost by the simulator itself"));
  // Mended, the study goes on.
  EXPECT_EQ(run(options("a")).records.size(), 24U);
}

class RunStudyMser5 : public RunStudy {
 protected:
  RunStudyMser5() { m_study = load_study(with(quick_study(), "warm-up: 10%", "warm-up: mser-5")); }
};

TEST_F(RunStudyMser5, EveryShardFindsTheSameWarmUp) {
  const StudyOutcome whole = run(options("whole"));
  EXPECT_GT(whole.study.warm_up.count, 0);
  EXPECT_LE(whole.study.warm_up, core::seconds(12));
  for (std::size_t i = 1; i <= 3; ++i) {
    const StudyOutcome part = run(options("s" + std::to_string(i), 2, {i, 3}));
    EXPECT_EQ(part.study.warm_up, whole.study.warm_up);
    for (const RunRecord& record : part.records)
      EXPECT_EQ(record.result.measured, whole.study.horizon - whole.study.warm_up);
  }
}

TEST_F(RunStudyMser5, PilotsAreMadeOnce) {
  std::atomic<bool> stop = false;
  std::atomic<int> made = 0;
  RunStudyOptions interrupted = options("a");
  interrupted.stop = &stop;
  const auto trial = [&](const TrialConfig& config) {
    if (++made == 5) stop = true;
    return fake_trial(config);
  };
  EXPECT_TRUE(run(interrupted, trial).stopped);
  const StudyOutcome outcome = run(options("a"), trial);
  // Eight pilots, twenty-four runs.
  EXPECT_EQ(made, 32);
  EXPECT_EQ(timeless(outcome.records), timeless(run(options("whole")).records));
}

}  // namespace
}  // namespace wanwise::sim
