// Runs a study, or a shard of it, on several threads: what is recorded already is skipped, every
// run that ends is recorded at once. Results do not depend on the number of threads. Blocks its
// caller; progress is told from the threads, one call at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/expected.hpp"
#include "sim/study/language/read_study.hpp"
#include "sim/study/runs/plan.hpp"

namespace wanwise::sim {

inline constexpr std::size_t kMaxJobs = 1'024;

struct StudyProgress {
  bool pilots = false;      ///< of the warm-up; the runs come afterwards
  std::size_t done = 0;     ///< with those recorded before
  std::size_t skipped = 0;  ///< recorded before
  std::size_t total = 0;
};

struct RunStudyOptions {
  std::string dir;
  Shard shard;
  std::size_t jobs = 1;                                ///< threads
  const std::atomic<bool>* stop = nullptr;             ///< true: begin no more runs
  std::function<void(const StudyProgress&)> progress;  ///< may be empty
};

struct StudyOutcome {
  Study study;                     ///< with its warm-up settled
  std::vector<RunRecord> records;  ///< of the shard, in the plan's order; all, unless stopped
  std::size_t total = 0;           ///< runs of the shard
  bool stopped = false;            ///< before all were done
  std::vector<std::string> notes;  ///< for people
};

using TrialFunction = std::function<TrialResult(const TrialConfig&)>;

/// `trial` is called from several threads at once.
[[nodiscard]] core::Expected<StudyOutcome> run_study(const LoadedStudy& loaded,
                                                     const RunStudyOptions& options,
                                                     const TrialFunction& trial);

/// Puts shards together: the folders belong to one study, every run is there, what is there twice
/// is equal. Writes study and records to `out`.
[[nodiscard]] core::Expected<StudyOutcome> merge_study(const std::vector<std::string>& dirs,
                                                       const std::string& out);

}  // namespace wanwise::sim
