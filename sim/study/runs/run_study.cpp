#include "sim/study/runs/run_study.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "engine/core/check.hpp"
#include "sim/study/runs/make_trial.hpp"
#include "sim/study/runs/run_log.hpp"

namespace wanwise::sim {
namespace {

using Clock = std::chrono::steady_clock;

// Violations that are told one by one.
constexpr std::size_t kMaxTold = 10;

core::Unexpected<core::Error> violated(const std::vector<std::string>& lines) {
  std::string text = "the results are worth nothing:";
  for (std::size_t i = 0; i < std::min(lines.size(), kMaxTold); ++i) text += "\n  " + lines[i];
  if (lines.size() > kMaxTold)
    text += "\n  and " + std::to_string(lines.size() - kMaxTold) + " more";
  return core::fail("study-violated", text);
}

/// What one of the threads found wrong, and whether all shall stop.
class Halt {
 public:
  explicit Halt(const std::atomic<bool>* from_outside) : m_outside(from_outside) {}

  [[nodiscard]] bool wanted() const { return m_failed || asked(); }
  [[nodiscard]] bool asked() const { return m_outside != nullptr && *m_outside; }
  void fail(core::Error error) {
    const std::lock_guard lock(m_mutex);
    if (!m_error) m_error = std::move(error);
    m_failed = true;
  }
  [[nodiscard]] const std::optional<core::Error>& error() const { return m_error; }

 private:
  const std::atomic<bool>* m_outside;
  std::atomic<bool> m_failed = false;
  std::mutex m_mutex;
  std::optional<core::Error> m_error;  ///< read once the threads have ended
};

/// Calls `work` with every position, in order, from several threads, until a halt is wanted.
template <class Work>
void share_out(std::size_t count, std::size_t jobs, const Halt& halt, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto worker = [&] {
    while (!halt.wanted()) {
      const std::size_t i = next++;
      if (i >= count) return;
      work(i);
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < std::min(std::max<std::size_t>(jobs, 1), count); ++t)
    threads.emplace_back(worker);
}

class Runner {
 public:
  Runner(const LoadedStudy& loaded, const RunStudyOptions& options, const TrialFunction& trial,
         RunLog log)
      : m_loaded(loaded),
        m_options(options),
        m_trial(trial),
        m_log(std::move(log)),
        m_cells(loaded.study.cells()),
        m_halt(options.stop) {}

  /// MSER-5's proposals for all of `pilots`, those of `known` without running them.
  core::Expected<std::vector<core::Micros>> propose(const std::vector<RunKey>& pilots,
                                                    const std::vector<PilotRecord>& known) {
    std::vector<core::Micros> proposed;
    std::vector<RunKey> open;
    for (const RunKey& key : pilots) {
      const auto found = std::find_if(known.begin(), known.end(), [&](const PilotRecord& pilot) {
        return pilot.cell == key.cell && pilot.policy == key.policy;
      });
      if (found == known.end()) {
        open.push_back(key);
      } else {
        proposed.push_back(found->mser5);
      }
    }
    begin(true, pilots.size() - open.size(), pilots.size());
    share_out(open.size(), m_options.jobs, m_halt, [&](std::size_t i) {
      const auto result = run(open[i], false);
      if (!result) return;
      const std::lock_guard lock(m_mutex);
      proposed.push_back(result->mser5);
      take({study().hash, PilotRecord{open[i].cell, open[i].policy, result->mser5}});
    });
    if (m_halt.error()) return core::Unexpected{*m_halt.error()};
    return proposed;
  }

  void settle_warm_up(core::Micros warm_up) { m_loaded.study.warm_up = warm_up; }

  core::Expected<void> run_all(const std::vector<RunKey>& open, std::size_t done,
                               const std::vector<RunRecord>& known) {
    for (const RunRecord& record : known) note_arrivals(record);
    begin(false, done, done + open.size());
    share_out(open.size(), m_options.jobs, m_halt, [&](std::size_t i) { run_one(open[i]); });
    if (m_halt.error()) return core::Unexpected{*m_halt.error()};
    return {};
  }

  [[nodiscard]] bool stopped() const { return m_halt.asked(); }
  [[nodiscard]] const Study& study() const { return m_loaded.study; }

 private:
  std::optional<TrialResult> run(const RunKey& key, bool timeline) {
    try {
      TrialConfig config = make_trial(m_loaded, m_cells[key.cell], study().policies[key.policy],
                                      study().seeds[key.seed]);
      config.timeline = timeline;
      return m_trial(config);
    } catch (const std::exception& error) {
      m_halt.fail({"run-failed", run_text(study(), key) + ": " + error.what()});
      return std::nullopt;
    }
  }

  void run_one(const RunKey& key) {
    const Clock::time_point before = Clock::now();
    auto result = run(key, key.seed == 0);
    if (!result) return;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - before);
    RunRecord record{key.cell, key.policy, study().seeds[key.seed], std::move(*result),
                     core::Micros{took.count()}};
    const std::lock_guard lock(m_mutex);
    // A run that is wrong is not recorded: the next attempt makes it again.
    std::vector<std::string> wrong = violations(study(), {record});
    if (const RunRecord* other = note_arrivals(record)) {
      std::vector<RunRecord> both{*other, record};
      for (std::string& line : violations(study(), both)) wrong.push_back(std::move(line));
    }
    if (!wrong.empty()) return m_halt.fail(violated(wrong).error);
    take({study().hash, std::move(record)});
  }

  /// The record of the same cell and seed whose arrivals differ, if there is one. Keeps little of
  /// each: its positions and the hash.
  const RunRecord* note_arrivals(const RunRecord& record) {
    RunRecord brief{record.cell, record.policy, record.seed, {}, {}};
    brief.result.arrival_hash = record.result.arrival_hash;
    brief.result.conserved = true;
    const auto [first, is_new] =
        m_arrivals.try_emplace({record.cell, record.seed}, std::move(brief));
    const bool differs = !is_new && first->second.result.arrival_hash != record.result.arrival_hash;
    return differs ? &first->second : nullptr;
  }

  void begin(bool pilots, std::size_t done, std::size_t total) {
    m_progress = {pilots, done, done, total};
    if (m_options.progress && total > done) m_options.progress(m_progress);
  }

  /// With the lock held.
  void take(const RecordLine& line) {
    const auto written = m_log.append(line);
    if (!written) return m_halt.fail(written.error());
    ++m_progress.done;
    if (m_options.progress) m_options.progress(m_progress);
  }

  LoadedStudy m_loaded;
  const RunStudyOptions& m_options;
  const TrialFunction& m_trial;
  RunLog m_log;
  std::vector<Cell> m_cells;
  Halt m_halt;
  std::mutex m_mutex;
  std::map<std::pair<std::size_t, std::uint64_t>, RunRecord> m_arrivals;
  StudyProgress m_progress;
};

RunKey key_of(const Study& study, const RunRecord& record) {
  const auto seed = std::find(study.seeds.begin(), study.seeds.end(), record.seed);
  return {record.cell, record.policy, static_cast<std::size_t>(seed - study.seeds.begin())};
}

std::string encoded_without_time(const RunRecord& record) {
  RunRecord timeless = record;
  timeless.took = {};
  return encode({"", std::move(timeless)});
}

/// One record a run, in the plan's order. What is recorded twice must be equal.
core::Expected<std::vector<RunRecord>> without_twins(const Study& study,
                                                     std::vector<RunRecord> records) {
  sort_records(study, records);
  std::vector<RunRecord> unique;
  for (RunRecord& record : records) {
    if (unique.empty() || key_of(study, unique.back()) != key_of(study, record)) {
      unique.push_back(std::move(record));
    } else if (encoded_without_time(unique.back()) != encoded_without_time(record)) {
      return core::fail("study-violated", run_text(study, key_of(study, record)) +
                                              " is recorded twice with different results");
    }
  }
  return unique;
}

/// Needs every pilot.
core::Expected<core::Micros> settled_warm_up(const Study& study,
                                             const std::vector<PilotRecord>& pilots) {
  if (study.warm_up_rule == WarmUpRule::fixed) return study.warm_up;
  std::map<std::pair<std::size_t, std::size_t>, core::Micros> found;
  for (const PilotRecord& pilot : pilots) {
    const auto [first, is_new] = found.try_emplace({pilot.cell, pilot.policy}, pilot.mser5);
    if (!is_new && first->second != pilot.mser5)
      return core::fail("study-violated", "shards found different warm-ups for cell " +
                                              std::to_string(pilot.cell) + " and policy " +
                                              study.policies[pilot.policy].name);
  }
  const std::size_t wanted = plan_pilots(study).size();
  if (found.size() < wanted)
    return core::fail("study-incomplete", std::to_string(wanted - found.size()) + " of " +
                                              std::to_string(wanted) +
                                              " pilots of the warm-up are missing");
  std::vector<core::Micros> proposed;
  for (const auto& [key, mser5] : found) proposed.push_back(mser5);
  return warm_up_from(proposed, study.horizon);
}

core::Expected<void> complete(const Study& study, const std::vector<RunRecord>& records) {
  std::set<RunKey> there;
  for (const RunRecord& record : records) there.insert(key_of(study, record));
  std::string missing;
  std::size_t count = 0;
  for (const RunKey& key : plan_runs(study)) {
    if (there.contains(key)) continue;
    if (++count <= kMaxTold) missing += "\n  " + run_id(study, key) + ": " + run_text(study, key);
  }
  if (count == 0) return {};
  if (count > kMaxTold) missing += "\n  and " + std::to_string(count - kMaxTold) + " more";
  return core::fail("study-incomplete", std::to_string(count) + " of " +
                                            std::to_string(plan_runs(study).size()) +
                                            " runs are missing:" + missing);
}

/// The merged log of a folder that is none of those merged.
core::Expected<void> write_merged(const std::string& out, const Study& study,
                                  const std::vector<RunRecord>& records,
                                  const std::vector<PilotRecord>& pilots) {
  std::string text;
  std::set<std::pair<std::size_t, std::size_t>> told;
  for (const PilotRecord& pilot : pilots)
    if (told.insert({pilot.cell, pilot.policy}).second) text += encode({study.hash, pilot}) + '\n';
  for (const RunRecord& record : records) text += encode({study.hash, record}) + '\n';
  return write_file(log_path(out, {}), text);
}

}  // namespace

core::Expected<StudyOutcome> run_study(const LoadedStudy& loaded, const RunStudyOptions& options,
                                       const TrialFunction& trial) {
  WANWISE_CHECK(options.jobs >= 1 && options.jobs <= kMaxJobs);
  const Study& study = loaded.study;
  if (const auto good = prepare_folder(options.dir, study); !good)
    return core::Unexpected{good.error()};
  auto before = collect(options.dir, study);
  if (!before) return core::Unexpected{before.error()};
  auto log = RunLog::open(options.dir, options.shard);
  if (!log) return core::Unexpected{log.error()};

  Runner runner(loaded, options, trial, std::move(*log));
  StudyOutcome outcome{study, {}, 0, false, std::move(before->notes)};
  const std::vector<RunKey> plan = plan_runs(study, options.shard);
  outcome.total = plan.size();
  if (study.warm_up_rule == WarmUpRule::mser5) {
    const auto proposed = runner.propose(plan_pilots(study), before->pilots);
    if (!proposed) return core::Unexpected{proposed.error()};
    outcome.stopped = runner.stopped();
    if (outcome.stopped) return outcome;
    runner.settle_warm_up(warm_up_from(*proposed, study.horizon));
  }
  std::set<RunKey> done;
  for (const RunRecord& record : before->runs) done.insert(key_of(study, record));
  std::vector<RunKey> open;
  for (const RunKey& key : plan)
    if (!done.contains(key)) open.push_back(key);
  if (const auto ran = runner.run_all(open, plan.size() - open.size(), before->runs); !ran)
    return core::Unexpected{ran.error()};
  outcome.study = runner.study();
  outcome.stopped = runner.stopped();
  if (outcome.stopped) return outcome;
  if (const auto good = prepare_folder(options.dir, outcome.study); !good)
    return core::Unexpected{good.error()};

  auto after = collect(options.dir, study);
  if (!after) return core::Unexpected{after.error()};
  const std::set<RunKey> own(plan.begin(), plan.end());
  std::erase_if(after->runs,
                [&](const RunRecord& record) { return !own.contains(key_of(study, record)); });
  auto records = without_twins(study, std::move(after->runs));
  if (!records) return core::Unexpected{records.error()};
  if (const auto wrong = violations(study, *records); !wrong.empty()) return violated(wrong);
  outcome.records = std::move(*records);
  return outcome;
}

core::Expected<StudyOutcome> merge_study(const std::vector<std::string>& dirs,
                                         const std::string& out) {
  StudyOutcome outcome;
  std::vector<RunRecord> runs;
  std::vector<PilotRecord> pilots;
  for (const std::string& dir : dirs) {
    auto study = read_study_json(dir);
    if (!study) return core::Unexpected{study.error()};
    if (dir != dirs.front() && study->hash != outcome.study.hash)
      return core::fail("other-study", dir + " holds results of study " + study->hash + ", " +
                                           dirs.front() + " those of " + outcome.study.hash);
    auto part = collect(dir, *study);
    if (!part) return core::Unexpected{part.error()};
    outcome.study = std::move(*study);
    std::move(part->runs.begin(), part->runs.end(), std::back_inserter(runs));
    pilots.insert(pilots.end(), part->pilots.begin(), part->pilots.end());
    for (std::string& note : part->notes) outcome.notes.push_back(std::move(note));
  }
  Study& study = outcome.study;
  auto records = without_twins(study, std::move(runs));
  if (!records) return core::Unexpected{records.error()};
  if (const auto all = complete(study, *records); !all) return core::Unexpected{all.error()};
  const auto warm_up = settled_warm_up(study, pilots);
  if (!warm_up) return core::Unexpected{warm_up.error()};
  study.warm_up = *warm_up;
  if (const auto wrong = violations(study, *records); !wrong.empty()) return violated(wrong);
  if (const auto good = prepare_folder(out, study); !good) return core::Unexpected{good.error()};
  std::error_code ignored;
  const bool inside = std::any_of(dirs.begin(), dirs.end(), [&](const std::string& dir) {
    return std::filesystem::equivalent(dir, out, ignored);
  });
  if (!inside) {
    const auto written = write_merged(out, study, *records, pilots);
    if (!written) return core::Unexpected{written.error()};
  }
  outcome.total = records->size();
  outcome.records = std::move(*records);
  return outcome;
}

}  // namespace wanwise::sim
